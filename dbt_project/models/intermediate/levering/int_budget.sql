with

budget as (
    select * from {{ ref('stg_levering__budget') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    budget.budget_id,
    {{ gemeente_van('budget.gemeente_code') }} as gemeente_code,
    budget.soort,
    budget.datum_aanvraag,
    budget.bedrag_aangevraagd,
    budget.datum_besluit,
    budget.bedrag_toegekend
from budget
left join indeling
    on budget.gemeente_code = indeling.aangeleverde_code
