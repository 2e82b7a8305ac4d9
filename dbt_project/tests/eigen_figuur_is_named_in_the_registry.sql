-- Every figure of a KPI model has its row in own_kpi; the parts of an open code list stand there once.
{{ config(meta={'dagster': {'ref': {'name': 'int_eigen_figuur'}}}) }}

with

figuur as (
    select distinct
        kpi_id,
        variant,
        uitsplitsing,
        split_part(uitsplitsing, ': ', 1) as registratie,
        contains(uitsplitsing, ': ') as is_lijst
    from {{ ref('int_eigen_figuur') }}
),

own_kpi as (
    select * from {{ ref('own_kpi') }}
)

select
    figuur.kpi_id,
    figuur.variant,
    figuur.uitsplitsing
from figuur
left join own_kpi
    on
        figuur.kpi_id = own_kpi.kpi_id
        and figuur.variant = own_kpi.variant
        and figuur.registratie = own_kpi.uitsplitsing
        and figuur.is_lijst = own_kpi.lijst
where own_kpi.kpi_id is null
