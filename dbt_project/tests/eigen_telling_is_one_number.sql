-- A count that stands in several figures is the same number in all of them; every code of an open list has its own.
{{ config(meta={'dagster': {'ref': {'name': 'int_eigen_waarde'}}}) }}

with

waarde as (
    select
        *,
        case when contains(uitsplitsing, ': ') then uitsplitsing end as code
    from {{ ref('int_eigen_waarde') }}
),

tellingen as (
    select
        teller_telling as telling,
        kpi_id,
        variant,
        uitsplitsing,
        code,
        gemeente_code,
        periode,
        teller as aantal
    from waarde
    where teller_telling is not null and teller is not null
    union all
    select
        noemer_telling as telling,
        kpi_id,
        variant,
        uitsplitsing,
        code,
        gemeente_code,
        periode,
        noemer as aantal
    from waarde
    where noemer_telling is not null and noemer is not null
)

select
    telling,
    code,
    gemeente_code,
    periode,
    min(aantal) as kleinste,
    max(aantal) as grootste,
    arg_min(kpi_id || ' ' || variant || ' ' || uitsplitsing, aantal) as kleinste_bij,
    arg_max(kpi_id || ' ' || variant || ' ' || uitsplitsing, aantal) as grootste_bij
from tellingen
group by telling, code, gemeente_code, periode
having min(aantal) <> max(aantal)
