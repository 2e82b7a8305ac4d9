with

kpi_gemeente as (
    select * from {{ ref('kpi_gemeente') }}
    where hoofduitsplitsing and familie in ('impact', 'effect', 'professional', 'bereik')
),

kpi_waarde as (
    select * from {{ ref('kpi_waarde') }}
    where waarde is not null
),

-- The figure before it of the same line: two methods never make one development, nor does a territory that changed.
vorige as (
    select
        kpi_gemeente.kpi_id,
        kpi_gemeente.model_versie,
        kpi_gemeente.gemeente_code,
        arg_max(kpi_waarde.waarde, kpi_waarde.jaar) as vorige_waarde,
        arg_max(kpi_waarde.periode, kpi_waarde.jaar) as vorige_periode
    from kpi_gemeente
    inner join kpi_waarde
        on
            kpi_gemeente.kpi_id = kpi_waarde.kpi_id
            and kpi_gemeente.model_versie = kpi_waarde.model_versie
            and kpi_gemeente.variant = kpi_waarde.variant
            and kpi_gemeente.uitsplitsing = kpi_waarde.uitsplitsing
            and kpi_gemeente.gemeente_code = kpi_waarde.gemeente_code
            and kpi_gemeente.periode_soort = kpi_waarde.periode_soort
            and kpi_gemeente.jaar > kpi_waarde.jaar
            and not kpi_waarde.breuk
    where kpi_gemeente.waarde is not null
    group by
        kpi_gemeente.kpi_id,
        kpi_gemeente.model_versie,
        kpi_gemeente.gemeente_code
)

select
    kpi_gemeente.kpi_id,
    kpi_gemeente.model_versie,
    kpi_gemeente.familie,
    kpi_gemeente.kpi_naam,
    kpi_gemeente.leefgebied,
    kpi_gemeente.gemeente_code,
    kpi_gemeente.waarde,
    kpi_gemeente.eenheid,
    kpi_gemeente.richting,
    kpi_gemeente.periode,
    kpi_gemeente.oi_laag,
    kpi_gemeente.oi_hoog,
    kpi_gemeente.nl_waarde,
    kpi_gemeente.oordeel,
    kpi_gemeente.trend,
    kpi_gemeente.trend_signaal,
    kpi_gemeente.status,
    kpi_gemeente.ontbreekt_reden,
    vorige.vorige_waarde,
    vorige.vorige_periode,
    case
        when vorige.vorige_waarde is null then 'niet_te_bepalen'
        when kpi_gemeente.waarde = vorige.vorige_waarde then 'gelijk'
        when kpi_gemeente.richting = 'neutraal' and kpi_gemeente.waarde > vorige.vorige_waarde then 'hoger'
        when kpi_gemeente.richting = 'neutraal' then 'lager'
        when (kpi_gemeente.waarde > vorige.vorige_waarde) = (kpi_gemeente.richting = 'hoger') then 'gunstiger'
        else 'ongunstiger'
    end as ontwikkeling
from kpi_gemeente
left join vorige
    on
        kpi_gemeente.kpi_id = vorige.kpi_id
        and kpi_gemeente.model_versie = vorige.model_versie
        and kpi_gemeente.gemeente_code = vorige.gemeente_code
