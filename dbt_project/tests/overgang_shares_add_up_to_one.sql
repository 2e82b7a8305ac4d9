-- Inhabitants would appear or vanish when figures move to another division.
{{ config(meta={'dagster': {'ref': {'name': 'int_gemeente_overgang'}}}) }}

select
    van_jaar,
    van_code,
    naar_jaar,
    sum(aandeel) as aandeel
from {{ ref('int_gemeente_overgang') }}
where van_jaar <= naar_jaar
group by van_jaar, van_code, naar_jaar
having abs(sum(aandeel) - 1) > 1e-9
