with

own_kpi as (
    select * from {{ ref('own_kpi') }}
),

kpi_register as (
    select * from {{ ref('kpi_register') }}
),

uitsplitsing as (
    select * from {{ ref('uitsplitsing') }}
)

select
    own_kpi.kpi_id,
    kpi_register.model_versie,
    own_kpi.uitsplitsing,
    own_kpi.variant,
    own_kpi.lijst as is_lijst,
    own_kpi.eenheid,
    own_kpi.soort_waarde,
    coalesce(own_kpi.richting, kpi_register.richting) as richting,
    own_kpi.teller || coalesce(', gedeeld door: ' || own_kpi.noemer, '') as berekening,
    uitsplitsing.volgorde,
    row_number() over (
        partition by own_kpi.kpi_id
        order by own_kpi.uitsplitsing = 'totaal' desc, uitsplitsing.volgorde asc
    ) = 1 as is_hoofduitsplitsing
from own_kpi
inner join kpi_register
    on own_kpi.kpi_id = kpi_register.kpi_id and kpi_register.geldend
inner join uitsplitsing
    on own_kpi.uitsplitsing = uitsplitsing.uitsplitsing
where own_kpi.hoofd
