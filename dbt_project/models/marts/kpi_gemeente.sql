with

impact as (
    select * from {{ ref('int_impact_gemeente') }}
),

eigen as (
    select * from {{ ref('int_eigen_gemeente') }}
),

samengebracht as (
    select * from impact
    union all by name
    select * from eigen
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    gemeente_code,
    familie,
    kpi_naam,
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
    nl_waarde,
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
from samengebracht
order by kpi_id, model_versie, uitsplitsing, gemeente_code
