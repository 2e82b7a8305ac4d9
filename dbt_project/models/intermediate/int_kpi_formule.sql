with

kpi as (
    select * from {{ ref('kpi_register') }}
),

kpi_formula as (
    select * from {{ ref('kpi_formula') }}
),

series as (
    select * from {{ ref('series') }}
),

uitsplitsing as (
    select * from {{ ref('uitsplitsing') }}
),

series_selection as (
    select * from {{ ref('stg_lake__series_selection') }}
),

handmatig as (
    select * from {{ ref('stg_handmatig__observation') }}
),

aangeleverd as (
    select distinct kpi_id from handmatig
),

geladen as (
    select distinct
        reeks_id,
        uitsplitsing,
        rol
    from series_selection
),

-- A series that is a plain figure in the registry is read as such; one with only a teller is a count.
reeks_met_waarde as (
    select distinct
        series_id as reeks_id,
        uitsplitsing
    from series
    where rol = 'waarde'
),

geregistreerd as (
    select
        kpi_formula.kpi_id,
        kpi_formula.model_versie,
        kpi_formula.uitsplitsing,
        kpi_formula.variant,
        kpi_formula.formule,
        kpi_formula.factor::integer as factor,
        kpi_formula.noemer_verschuiving::integer as noemer_verschuiving,
        kpi_formula.eenheid,
        kpi_formula.soort,
        kpi_formula.is_modelmatig::boolean as is_modelmatig,
        kpi_formula.meetwijze,
        kpi_formula.hoofdreeks::boolean as is_hoofdreeks,
        kpi_formula.hoofduitsplitsing::boolean as is_hoofduitsplitsing,
        kpi_formula.gebieden,
        kpi_formula.nl_waarde::double as nl_waarde,
        kpi_formula.soort_waarde,
        kpi_formula.richting,
        kpi_formula.toelichting
    from kpi_formula
),

-- A figure that was supplied for a KPI without a formula of its own is not thrown away.
toegevoegd as (
    select
        kpi.kpi_id,
        kpi.model_versie,
        'totaal' as uitsplitsing,
        'handmatig' as variant,
        'waarde' as formule,
        1 as factor,
        0 as noemer_verschuiving,
        kpi.eenheid,
        'handmatig' as soort,
        false as is_modelmatig,
        'handmatig' as meetwijze,
        false as is_hoofdreeks,
        false as is_hoofduitsplitsing,
        'gemeente' as gebieden,
        null::double as nl_waarde,
        case when kpi.eenheid = 'aantal' then 'aantal' else 'gemiddelde' end as soort_waarde,
        null::varchar as richting,
        null::varchar as toelichting
    from kpi
    inner join aangeleverd
        on kpi.kpi_id = aangeleverd.kpi_id
    left join geregistreerd
        on
            kpi.kpi_id = geregistreerd.kpi_id
            and geregistreerd.variant = 'handmatig'
    where kpi.geldend::boolean and geregistreerd.kpi_id is null
),

formules as (
    select * from geregistreerd
    union all
    select * from toegevoegd
),

-- A supplied figure names a KPI and no uitsplitsing: it belongs to the one the registry puts first.
handmatig_volgorde as (
    select
        formules.kpi_id,
        formules.model_versie,
        formules.uitsplitsing,
        formules.variant,
        row_number() over (
            partition by formules.kpi_id
            order by
                formules.is_hoofduitsplitsing desc,
                formules.is_hoofdreeks desc,
                uitsplitsing.volgorde::integer asc,
                formules.uitsplitsing asc
        ) as volgorde
    from formules
    left join uitsplitsing
        on formules.uitsplitsing = uitsplitsing.uitsplitsing
    where formules.variant = 'handmatig'
),

uitgewerkt as (
    select
        formules.*,
        case
            when formules.variant = 'handmatig' then 'handmatig ' || formules.kpi_id
            else formules.variant
        end as reeks_id,
        case
            when formules.formule = 'ratio' then 'teller'
            when formules.variant = 'handmatig' or reeks_met_waarde.reeks_id is not null then 'waarde'
            else 'teller'
        end as teller_rol,
        coalesce(handmatig_volgorde.volgorde = 1, false) as is_handmatig_doel
    from formules
    left join reeks_met_waarde
        on
            formules.variant = reeks_met_waarde.reeks_id
            and formules.uitsplitsing = reeks_met_waarde.uitsplitsing
    left join handmatig_volgorde
        on
            formules.kpi_id = handmatig_volgorde.kpi_id
            and formules.model_versie = handmatig_volgorde.model_versie
            and formules.uitsplitsing = handmatig_volgorde.uitsplitsing
            and formules.variant = handmatig_volgorde.variant
)

select
    uitgewerkt.kpi_id,
    uitgewerkt.model_versie,
    uitgewerkt.uitsplitsing,
    uitgewerkt.variant,
    uitgewerkt.reeks_id,
    uitgewerkt.teller_rol,
    uitgewerkt.formule,
    uitgewerkt.factor,
    uitgewerkt.noemer_verschuiving,
    uitgewerkt.eenheid,
    case when uitgewerkt.variant = 'handmatig' then 'handmatig' else 'open' end as herkomst,
    uitgewerkt.soort,
    uitgewerkt.is_modelmatig,
    uitgewerkt.meetwijze,
    uitgewerkt.is_hoofdreeks,
    uitgewerkt.is_hoofduitsplitsing,
    uitgewerkt.gebieden,
    uitgewerkt.nl_waarde,
    uitgewerkt.soort_waarde,
    uitgewerkt.formule = 'ratio' or uitgewerkt.soort_waarde = 'aantal' as is_optelbaar,
    uitgewerkt.richting,
    uitgewerkt.toelichting,
    uitgewerkt.is_handmatig_doel,
    geladen.reeks_id is not null or (uitgewerkt.is_handmatig_doel and aangeleverd.kpi_id is not null) as is_geladen
from uitgewerkt
left join geladen
    on
        uitgewerkt.reeks_id = geladen.reeks_id
        and uitgewerkt.uitsplitsing = geladen.uitsplitsing
        and uitgewerkt.teller_rol = geladen.rol
left join aangeleverd
    on uitgewerkt.kpi_id = aangeleverd.kpi_id
