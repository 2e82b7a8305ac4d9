with

buurgroep as (
    select * from {{ ref('int_buurgroep') }}
)

select
    gemeente_code,
    buur_code,
    rang,
    afstand,
    kenmerken,
    jaar
from buurgroep
order by gemeente_code, rang
