-- A warning: two figures that name the same count give different numbers. Both are held back until one is mended.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_eigen_waarde'}}}) }}

with

waarde as (
    select * from {{ ref('int_eigen_waarde') }}
    where coalesce(ontbreekt_reden, '') not in ('niet_geleverd', 'noemer_ontbreekt')
),

telling as (
    select
        teller_telling as telling,
        uitsplitsing,
        gemeente_code,
        periode,
        teller as aantal,
        kpi_id,
        variant
    from waarde
    where teller_telling is not null
    union all
    select
        noemer_telling as telling,
        uitsplitsing,
        gemeente_code,
        periode,
        noemer as aantal,
        kpi_id,
        variant
    from waarde
    where noemer_telling is not null
)

select
    telling,
    periode,
    -- Members of an open list are counts of their own.
    case when contains(uitsplitsing, ': ') then uitsplitsing end as lid,
    string_agg(distinct kpi_id || ' ' || variant, ', ' order by kpi_id || ' ' || variant) as cijfers
from telling
group by telling, gemeente_code, periode, lid
having count(distinct aantal) > 1
