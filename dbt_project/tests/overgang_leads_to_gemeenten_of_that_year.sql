-- A figure would be moved to a gemeente that is not on the division it is moved to.
{{ config(meta={'dagster': {'ref': {'name': 'int_gemeente_overgang'}}}) }}

select
    overgang.naar_jaar,
    overgang.naar_code
from {{ ref('int_gemeente_overgang') }} as overgang
left join {{ ref('int_gemeente_jaar') }} as gemeente_jaar
    on
        overgang.naar_jaar = gemeente_jaar.jaar
        and overgang.naar_code = gemeente_jaar.gemeente_code
where
    gemeente_jaar.gemeente_code is null
    and overgang.naar_code <> '{{ var("land_code") }}'
