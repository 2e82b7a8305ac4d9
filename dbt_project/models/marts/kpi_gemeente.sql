with

impact as (
    select * from {{ ref('int_impact_gemeente') }}
),

eigen as (
    select * from {{ ref('int_eigen_gemeente') }}
),

hoofdcijfer as (
    select * from {{ ref('int_hoofdcijfer') }}
),

kpi_vergelijking as (
    select * from {{ ref('kpi_vergelijking') }}
),

kpi_trend as (
    select * from {{ ref('kpi_trend') }}
),

benchmark_groep as (
    select * from {{ ref('int_benchmark_groep') }}
),

kpi as (
    select * from {{ ref('kpi') }}
),

gemeente as (
    select * from {{ ref('gemeente') }}
),

-- What the organisation chose to compare with; the country when it chose nothing.
keuze as (
    select coalesce(max(benchmark), 'nl') as benchmark_type
    from {{ ref('stg_lake__profiel') }}
),

samengebracht as (
    select * from impact
    union all by name
    select * from eigen
),

-- The outcomes are taken over, never worked out again.
vergeleken as (
    select
        samengebracht.* exclude (richting), -- noqa: RF02
        case when kpi.richting_herkomst = 'profiel' then kpi.richting else samengebracht.richting end as richting,
        kpi.label, -- noqa: RF04
        kpi.gekozen and gemeente.gekozen as gekozen,
        hoofdcijfer.oi_laag,
        hoofdcijfer.oi_hoog,
        coalesce(hoofdcijfer.oi_methode, 'geen') as oi_methode,
        keuze.benchmark_type,
        benchmark_groep.benchmark_naam,
        kpi_vergelijking.vergelijkingswaarde,
        kpi_vergelijking.vergelijkingseenheid,
        kpi_vergelijking.benchmark_waarde,
        coalesce(kpi_vergelijking.oordeel, 'niet_vergeleken') as oordeel,
        case
            when kpi_vergelijking.kpi_id is null then 'geen_waarde'
            else kpi_vergelijking.reden
        end as oordeel_reden,
        kpi_vergelijking.positie,
        coalesce(kpi_trend.trend, 'niet_te_bepalen') as trend,
        kpi_trend.signaal as trend_signaal,
        case
            when kpi_trend.kpi_id is null then 'geen_waarde'
            else kpi_trend.reden
        end as trend_reden
    from samengebracht
    cross join keuze
    left join kpi
        on
            samengebracht.kpi_id = kpi.kpi_id
            and samengebracht.model_versie = kpi.model_versie
    left join gemeente
        on samengebracht.gemeente_code = gemeente.gemeente_code
    left join hoofdcijfer
        on
            samengebracht.kpi_id = hoofdcijfer.kpi_id
            and samengebracht.model_versie = hoofdcijfer.model_versie
            and samengebracht.uitsplitsing = hoofdcijfer.uitsplitsing
            and samengebracht.gemeente_code = hoofdcijfer.gemeente_code
            and samengebracht.periode = hoofdcijfer.periode
    left join kpi_vergelijking
        on
            samengebracht.kpi_id = kpi_vergelijking.kpi_id
            and samengebracht.model_versie = kpi_vergelijking.model_versie
            and samengebracht.uitsplitsing = kpi_vergelijking.uitsplitsing
            and samengebracht.gemeente_code = kpi_vergelijking.gemeente_code
            and samengebracht.periode = kpi_vergelijking.periode
            and keuze.benchmark_type = kpi_vergelijking.benchmark_type
    left join benchmark_groep
        on
            samengebracht.gemeente_code = benchmark_groep.gemeente_code
            and keuze.benchmark_type = benchmark_groep.benchmark_type
    left join kpi_trend
        on
            samengebracht.kpi_id = kpi_trend.kpi_id
            and samengebracht.model_versie = kpi_trend.model_versie
            and samengebracht.uitsplitsing = kpi_trend.uitsplitsing
            and samengebracht.gemeente_code = kpi_trend.gemeente_code
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    gemeente_code,
    familie,
    kpi_naam,
    label,
    gekozen,
    leefgebied,
    leefgebied_naam,
    uitsplitsing_naam,
    hoofduitsplitsing,
    gemeente_naam,
    waarde,
    eenheid,
    richting,
    periode,
    periode_soort,
    jaar,
    oi_laag,
    oi_hoog,
    oi_methode,
    nl_waarde,
    benchmark_type,
    benchmark_naam,
    benchmark_waarde,
    vergelijkingswaarde,
    vergelijkingseenheid,
    oordeel,
    oordeel_reden,
    positie,
    trend,
    trend_signaal,
    trend_reden,
    status,
    ontbreekt_reden,
    soort,
    is_modelmatig,
    is_herleid,
    breuk,
    verouderd_sinds,
    variant,
    bron_id,
    editie,
    bronvermelding,
    definitie,
    toelichting
from vergeleken
order by gemeente_code, kpi_id, model_versie, uitsplitsing
