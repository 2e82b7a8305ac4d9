with

hoofdcijfer as (
    select * from {{ ref('int_hoofdcijfer') }}
),

benchmark_waarde as (
    select * from {{ ref('int_benchmark_waarde') }}
),

benchmark_typen as (
    select unnest(['{{ var("benchmark_typen") | join("', '") }}']) as benchmark_type
),

-- Every figure with every benchmark, also where there is nothing to compare: then the reason stands there.
naast_elkaar as (
    select
        hoofdcijfer.*,
        benchmark_typen.benchmark_type,
        benchmark_waarde.benchmark_naam,
        benchmark_waarde.benchmark_waarde,
        benchmark_waarde.benchmark_methode,
        benchmark_waarde.benchmark_reden,
        benchmark_waarde.rang,
        benchmark_waarde.aantal,
        benchmark_waarde.positie,
        hoofdcijfer.gemeente_code = '{{ var("land_code") }}'
        and benchmark_typen.benchmark_type = 'nl' as is_zelfde_gebied
    from hoofdcijfer
    cross join benchmark_typen
    left join benchmark_waarde
        on
            hoofdcijfer.kpi_id = benchmark_waarde.kpi_id
            and hoofdcijfer.model_versie = benchmark_waarde.model_versie
            and hoofdcijfer.uitsplitsing = benchmark_waarde.uitsplitsing
            and hoofdcijfer.gemeente_code = benchmark_waarde.gemeente_code
            and hoofdcijfer.periode = benchmark_waarde.periode
            and benchmark_typen.benchmark_type = benchmark_waarde.benchmark_type
),

gegrond as (
    select
        *,
        {{ reden_niet_vergeleken() }} as reden
    from naast_elkaar
),

-- A figure that does not belong beside the benchmark gets no difference and no place either.
beoordeeld as (
    select
        *,
        coalesce(reden not in ('concept', 'breuk'), true) as is_naast_te_zetten,
        case
            when reden is not null then 'niet_vergeleken'
            else {{ oordeel('vergelijking_laag', 'vergelijking_hoog', 'benchmark_waarde', 'richting') }}
        end as oordeel,
        round(vergelijkingswaarde - benchmark_waarde, 9) as ruw_verschil
    from gegrond
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    gemeente_code,
    periode,
    benchmark_type,
    variant,
    periode_soort,
    jaar,
    benchmark_naam,
    vergelijkingswaarde,
    vergelijkingseenheid,
    vergelijking_laag as oi_laag,
    vergelijking_hoog as oi_hoog,
    benchmark_waarde,
    benchmark_methode,
    case when is_naast_te_zetten then {{ round_significant('ruw_verschil') }} end as verschil,
    richting,
    oordeel,
    reden,
    case when is_naast_te_zetten then rang end as rang,
    case when is_naast_te_zetten then aantal end as aantal,
    case when is_naast_te_zetten then positie end as positie,
    is_modelmatig
from beoordeeld
order by kpi_id, model_versie, uitsplitsing, gemeente_code, periode, benchmark_type
