with

capaciteit as (
    select * from {{ ref('stg_levering__capaciteit') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    {{ gemeente_van('capaciteit.gemeente_code') }} as gemeente_code,
    capaciteit.maand,
    capaciteit.gevraagde_uren,
    capaciteit.beschikbare_uren
from capaciteit
left join indeling
    on capaciteit.gemeente_code = indeling.aangeleverde_code
