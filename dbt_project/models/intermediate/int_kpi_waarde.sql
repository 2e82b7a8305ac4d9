with

rooster as (
    select * from {{ ref('int_kpi_rooster') }}
),

reeks_deel as (
    select * from {{ ref('int_reeks_deel') }}
),

reeks_deel_indeling as (
    select * from {{ ref('int_reeks_deel_indeling') }}
),

figuur_gewogen as (
    select * from {{ ref('int_figuur_gewogen') }}
),

gemeente_wijziging as (
    select * from {{ ref('int_gemeente_wijziging') }}
),

-- Counts and the parts of ratios were brought to the publication's division by share.
optelbaar as (
    select
        rooster.*,
        tellers.waarde as teller,
        case when tellers.gemeente_code is null then 'herindeling' else tellers.ontbreekt_reden end as teller_reden,
        -- The bounds of a teller are not those of a ratio made of it.
        case when rooster.formule = 'waarde' then tellers.oi_laag end as oi_laag,
        case when rooster.formule = 'waarde' then tellers.oi_hoog end as oi_hoog,
        tellers.eenheid as eigen_eenheid,
        tellers.opgegeven_bron,
        noemers.waarde as noemer,
        noemers.gemeente_code is not null or rooster.noemer_periode is null as heeft_noemergebied,
        greatest(tellers.status_rang, noemers.status_rang) as status_rang,
        tellers.is_gepubliceerd,
        noemers.is_gepubliceerd as is_noemer_gepubliceerd,
        coalesce(tellers.is_herleid, false) or coalesce(noemers.is_herleid, false) as is_herleid,
        false as heeft_breuk
    from rooster
    left join reeks_deel_indeling as tellers
        on
            rooster.reeks_id = tellers.reeks_id
            and rooster.uitsplitsing = tellers.uitsplitsing
            and rooster.teller_rol = tellers.rol
            and rooster.periode = tellers.periode
            and rooster.indelingsjaar = tellers.naar_jaar
            and rooster.gemeente_code = tellers.gemeente_code
    left join reeks_deel_indeling as noemers
        on
            noemers.rol = 'noemer'
            and rooster.reeks_id = noemers.reeks_id
            and rooster.uitsplitsing = noemers.uitsplitsing
            and rooster.noemer_periode = noemers.periode
            and rooster.indelingsjaar = noemers.naar_jaar
            and rooster.gemeente_code = noemers.gemeente_code
    where rooster.is_optelbaar
),

-- Percentages, means and scores stay with the gemeente they were published for; of several whole gemeenten only
-- percentages are weighted together.
niet_optelbaar as (
    select
        rooster.*,
        coalesce(reeks_deel.waarde, figuur_gewogen.waarde) as teller,
        case
            when figuur_gewogen.gemeente_code is not null then figuur_gewogen.ontbreekt_reden
            when coalesce(gemeente_wijziging.wijziging, 'samengesteld') = 'samengesteld' then 'herindeling'
            when reeks_deel.gemeente_code is null then 'niet_gepubliceerd'
            else reeks_deel.ontbreekt_reden
        end as teller_reden,
        reeks_deel.oi_laag,
        reeks_deel.oi_hoog,
        coalesce(reeks_deel.eenheid, figuur_gewogen.eenheid) as eigen_eenheid,
        coalesce(reeks_deel.opgegeven_bron, figuur_gewogen.opgegeven_bron) as opgegeven_bron,
        null::double as noemer,
        true as heeft_noemergebied,
        coalesce(reeks_deel.status_rang, figuur_gewogen.status_rang) as status_rang,
        reeks_deel.is_gepubliceerd and figuur_gewogen.gemeente_code is null as is_gepubliceerd,
        null::boolean as is_noemer_gepubliceerd,
        figuur_gewogen.gemeente_code is not null as is_herleid,
        coalesce(figuur_gewogen.heeft_breuk, gemeente_wijziging.wijziging = 'grens', false) as heeft_breuk
    from rooster
    left join gemeente_wijziging
        on
            rooster.bron_indelingsjaar = gemeente_wijziging.van_jaar
            and rooster.indelingsjaar = gemeente_wijziging.naar_jaar
            and rooster.gemeente_code = gemeente_wijziging.gemeente_code
    left join reeks_deel
        on
            rooster.reeks_id = reeks_deel.reeks_id
            and rooster.uitsplitsing = reeks_deel.uitsplitsing
            and rooster.teller_rol = reeks_deel.rol
            and rooster.periode = reeks_deel.periode
            and gemeente_wijziging.wijziging <> 'samengesteld'
            and gemeente_wijziging.van_code = reeks_deel.gemeente_code
    left join figuur_gewogen
        on
            gemeente_wijziging.wijziging = 'samengesteld'
            and rooster.reeks_id = figuur_gewogen.reeks_id
            and rooster.uitsplitsing = figuur_gewogen.uitsplitsing
            and rooster.teller_rol = figuur_gewogen.rol
            and rooster.periode = figuur_gewogen.periode
            and rooster.gemeente_code = figuur_gewogen.gemeente_code
    where not rooster.is_optelbaar
),

samengebracht as (
    select * from optelbaar
    union all by name
    select * from niet_optelbaar
),

berekend as (
    select
        *,
        case
            when nl_waarde is not null and gemeente_code = '{{ var("land_code") }}' then nl_waarde
            when formule = 'ratio' then {{ ratio('teller', 'noemer', 'factor') }}
            else teller
        end as ruwe_waarde,
        case
            when nl_waarde is not null and gemeente_code = '{{ var("land_code") }}' then null
            when teller is null and soort = 'handmatig' and teller_reden = 'niet_gepubliceerd' then 'niet_geleverd'
            when formule = 'ratio' and teller is not null and not heeft_noemergebied then 'herindeling'
            when formule = 'ratio' then {{ ratio_reden('teller', 'teller_reden', 'noemer') }}
            when teller is null then teller_reden
        end as ontbreekt_reden,
        {{ oi_methode('teller', 'oi_laag', 'oi_hoog') }} as oi_methode
    from samengebracht
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    variant,
    gemeente_code,
    periode,
    jaar,
    periode_soort,
    -- What a source published passes untouched; what was computed here is rounded.
    case
        when formule = 'waarde' and coalesce(is_gepubliceerd, true) then ruwe_waarde
        else {{ round_significant('ruwe_waarde') }}
    end as waarde,
    coalesce(eigen_eenheid, eenheid) as eenheid,
    case
        when formule = 'waarde' and soort_waarde <> 'aantal' then null
        when is_gepubliceerd then teller
        else {{ round_significant('teller') }}
    end as teller,
    case
        when is_noemer_gepubliceerd then noemer
        else {{ round_significant('noemer') }}
    end as noemer,
    case when oi_methode <> 'geen' then oi_laag end as oi_laag,
    case when oi_methode <> 'geen' then oi_hoog end as oi_hoog,
    oi_methode,
    case
        when ruwe_waarde is null then null
        -- The constant of the country comes with the scale and is never provisional.
        else {{ status_naam('coalesce(status_rang, 1)') }}
    end as status,
    ontbreekt_reden,
    herkomst,
    soort,
    is_modelmatig,
    ruwe_waarde is not null and is_herleid as is_herleid,
    ruwe_waarde is not null and heeft_breuk as breuk,
    verouderd_sinds,
    bron_id,
    editie,
    noemer_bron_id,
    noemer_editie,
    opgegeven_bron,
    indelingsjaar
from berekend
