with

kpi_formule as (
    select * from {{ ref('int_kpi_formule') }}
),

reeks_periode as (
    select * from {{ ref('int_reeks_periode') }}
),

reeks_deel as (
    select * from {{ ref('int_reeks_deel') }}
),

reeks_deel_indeling as (
    select * from {{ ref('int_reeks_deel_indeling') }}
),

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

gemeente_wijziging as (
    select * from {{ ref('int_gemeente_wijziging') }}
),

gebieden as (
    select
        gemeente_code,
        indelingsjaar
    from gemeente
    union all
    select
        '{{ var("land_code") }}' as gemeente_code,
        max(indelingsjaar) as indelingsjaar
    from gemeente
),

noemer_periodes as (
    select * from reeks_periode
    where rol = 'noemer'
),

-- Every series and period it occurs in, with every area: no figure disappears without a row that says why.
rooster as (
    select
        kpi_formule.kpi_id,
        kpi_formule.model_versie,
        kpi_formule.uitsplitsing,
        kpi_formule.variant,
        kpi_formule.reeks_id,
        kpi_formule.teller_rol,
        kpi_formule.formule,
        kpi_formule.factor,
        kpi_formule.soort_waarde,
        kpi_formule.is_optelbaar,
        kpi_formule.eenheid,
        kpi_formule.soort,
        kpi_formule.herkomst,
        kpi_formule.is_modelmatig,
        kpi_formule.nl_waarde,
        teller_periodes.periode,
        teller_periodes.jaar,
        teller_periodes.periode_soort,
        teller_periodes.indelingsjaar as bron_indelingsjaar,
        teller_periodes.bron_id,
        teller_periodes.editie,
        noemer_periodes.periode as noemer_periode,
        noemer_periodes.bron_id as noemer_bron_id,
        noemer_periodes.editie as noemer_editie,
        least(teller_periodes.verouderd_sinds, noemer_periodes.verouderd_sinds) as verouderd_sinds,
        gebieden.gemeente_code,
        gebieden.indelingsjaar
    from kpi_formule
    inner join reeks_periode as teller_periodes
        on
            kpi_formule.reeks_id = teller_periodes.reeks_id
            and kpi_formule.uitsplitsing = teller_periodes.uitsplitsing
            and kpi_formule.teller_rol = teller_periodes.rol
    left join noemer_periodes
        on
            kpi_formule.formule = 'ratio'
            and kpi_formule.reeks_id = noemer_periodes.reeks_id
            and kpi_formule.uitsplitsing = noemer_periodes.uitsplitsing
            and teller_periodes.jaar + kpi_formule.noemer_verschuiving = noemer_periodes.jaar
            and teller_periodes.periode_soort = noemer_periodes.periode_soort
    inner join gebieden
        on kpi_formule.gebieden <> 'nl' or gebieden.gemeente_code = '{{ var("land_code") }}'
),

-- Counts and the parts of ratios were brought to the publication's division by share.
optelbaar as (
    select
        rooster.*,
        tellers.waarde as teller,
        case when tellers.gemeente_code is null then 'herindeling' else tellers.ontbreekt_reden end as teller_reden,
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

-- Percentages, means and scores stay with the gemeente they were published for.
niet_optelbaar as (
    select
        rooster.*,
        case when gemeente_wijziging.wijziging <> 'samengesteld' then reeks_deel.waarde end as teller,
        case
            when coalesce(gemeente_wijziging.wijziging, 'samengesteld') = 'samengesteld' then 'herindeling'
            when reeks_deel.gemeente_code is null then 'niet_gepubliceerd'
            else reeks_deel.ontbreekt_reden
        end as teller_reden,
        reeks_deel.eenheid as eigen_eenheid,
        reeks_deel.opgegeven_bron,
        null::double as noemer,
        true as heeft_noemergebied,
        reeks_deel.status_rang,
        reeks_deel.is_gepubliceerd,
        null::boolean as is_noemer_gepubliceerd,
        false as is_herleid,
        coalesce(gemeente_wijziging.wijziging = 'grens', false) as heeft_breuk
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
            and gemeente_wijziging.van_code = reeks_deel.gemeente_code
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
        end as ontbreekt_reden
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
