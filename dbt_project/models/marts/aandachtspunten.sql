with

kpi_gemeente as (
    select * from {{ ref('kpi_gemeente') }}
),

-- The country stands for every gemeente, whatever benchmark an organisation prefers to see.
kpi_vergelijking as (
    select * from {{ ref('kpi_vergelijking') }}
    where benchmark_type = 'nl'
),

kpi_trend as (
    select * from {{ ref('kpi_trend') }}
),

kpi as (
    select * from {{ ref('kpi') }}
    where geldend
),

gemeente as (
    select * from {{ ref('gemeente') }}
    where soort_gebied = 'gemeente'
),

impact_effect as (
    select * from {{ ref('impact_effect') }}
),

bereik as (
    select
        kpi_id,
        leefgebied
    from kpi
    where familie = 'bereik'
),

-- What the organisation itself does and sees in the same leefgebied, and with the same effect in mind.
verwant as (
    select
        kpi.kpi_id,
        bereik.kpi_id as verwante_kpi,
        1 as volgorde
    from kpi
    inner join bereik
        on kpi.leefgebied = bereik.leefgebied
    where kpi.familie = 'impact'
    union
    select
        kpi.kpi_id,
        unnest([impact_effect.effect_kpi_id, impact_effect.professional_kpi_id]) as verwante_kpi,
        unnest([2, 3]) as volgorde
    from kpi
    inner join kpi as zelfde_effect
        on kpi.beoogd_effect = zelfde_effect.beoogd_effect
    inner join impact_effect
        on zelfde_effect.kpi_id = impact_effect.impact_kpi_id
    where kpi.familie = 'impact'
),

verwanten as (
    select
        kpi_id,
        string_agg(verwante_kpi, ', ' order by volgorde, verwante_kpi) as verwante_kpis
    from verwant
    where verwante_kpi is not null
    group by kpi_id
),

-- The newest figure of each gemeente. What has no favourable side, is a draft or stands on broken ground is no point.
cijfers as (
    select
        kpi_gemeente.kpi_id,
        kpi_gemeente.model_versie,
        kpi_gemeente.uitsplitsing,
        kpi_gemeente.gemeente_code,
        kpi_gemeente.gemeente_naam,
        kpi_gemeente.familie,
        kpi_gemeente.leefgebied,
        kpi_gemeente.leefgebied_naam,
        kpi_gemeente.kpi_naam,
        kpi_gemeente.uitsplitsing_naam,
        kpi_gemeente.waarde,
        kpi_gemeente.eenheid,
        kpi_gemeente.richting,
        kpi_gemeente.periode,
        kpi_gemeente.status,
        kpi_gemeente.is_modelmatig,
        kpi_gemeente.definitie,
        kpi_gemeente.bronvermelding,
        kpi_vergelijking.vergelijkingswaarde,
        kpi_vergelijking.vergelijkingseenheid,
        kpi_vergelijking.oi_laag,
        kpi_vergelijking.oi_hoog,
        kpi_vergelijking.benchmark_type,
        kpi_vergelijking.benchmark_waarde,
        kpi_vergelijking.verschil,
        kpi_vergelijking.oordeel,
        kpi_vergelijking.positie,
        -- Which fifth of the gemeenten a register figure is in, when it is one of the outer two.
        case
            when kpi_vergelijking.reden = 'register' and kpi_vergelijking.positie >= 80 then 'hoger'
            when kpi_vergelijking.reden = 'register' and kpi_vergelijking.positie < 20 then 'lager'
        end as uiterste_vijfde,
        coalesce(kpi_trend.trend, 'niet_te_bepalen') as trend,
        kpi_trend.signaal as trend_signaal,
        case when kpi_trend.trend in ('stijgend', 'dalend') then kpi_trend.van_periode end as trend_sinds,
        coalesce(kpi_trend.n, 0) as n,
        kpi_trend.reden as trend_reden,
        verwanten.verwante_kpis
    from kpi_gemeente
    inner join kpi
        on
            kpi_gemeente.kpi_id = kpi.kpi_id
            and kpi_gemeente.model_versie = kpi.model_versie
    inner join gemeente
        on kpi_gemeente.gemeente_code = gemeente.gemeente_code
    inner join kpi_vergelijking
        on
            kpi_gemeente.kpi_id = kpi_vergelijking.kpi_id
            and kpi_gemeente.model_versie = kpi_vergelijking.model_versie
            and kpi_gemeente.uitsplitsing = kpi_vergelijking.uitsplitsing
            and kpi_gemeente.gemeente_code = kpi_vergelijking.gemeente_code
            and kpi_gemeente.periode = kpi_vergelijking.periode
    left join kpi_trend
        on
            kpi_gemeente.kpi_id = kpi_trend.kpi_id
            and kpi_gemeente.model_versie = kpi_trend.model_versie
            and kpi_gemeente.uitsplitsing = kpi_trend.uitsplitsing
            and kpi_gemeente.gemeente_code = kpi_trend.gemeente_code
    left join verwanten
        on kpi_gemeente.kpi_id = verwanten.kpi_id
    where
        kpi_gemeente.waarde is not null
        and kpi_gemeente.richting <> 'neutraal'
        and kpi_gemeente.status <> 'concept'
        and not kpi_gemeente.breuk
        and kpi_trend.reden is distinct from 'breuk'
),

-- A register figure has no verdict: the least and the most favourable fifth of the gemeenten stand in for it, apart.
punten as (
    select
        *,
        case
            when oordeel = 'ongunstiger' and trend_signaal = 'ongunstig' then 'getoetst'
            when oordeel = 'gunstiger' and trend_signaal = 'gunstig' then 'getoetst'
            when oordeel in ('ongunstiger', 'gunstiger') and trend = 'niet_te_bepalen' then 'trend_niet_te_bepalen'
            when uiterste_vijfde is not null then 'positie'
        end as grond,
        case
            when oordeel = 'gunstiger' or uiterste_vijfde = richting then 'gunstig'
            else 'aandachtspunt'
        end as soort_punt
    from cijfers
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    gemeente_code,
    gemeente_naam,
    soort_punt,
    grond,
    familie,
    leefgebied,
    leefgebied_naam,
    kpi_naam,
    uitsplitsing_naam,
    waarde,
    eenheid,
    richting,
    periode,
    vergelijkingswaarde,
    vergelijkingseenheid,
    oi_laag,
    oi_hoog,
    benchmark_type,
    benchmark_waarde,
    verschil,
    oordeel,
    positie,
    trend,
    trend_sinds,
    trend_reden,
    n,
    status,
    is_modelmatig,
    verwante_kpis,
    definitie,
    bronvermelding
from punten
where grond is not null
order by gemeente_code, leefgebied, kpi_id, uitsplitsing
