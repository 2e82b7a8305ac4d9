with

plan as (
    select * from {{ ref('stg_levering__plan') }}
),

casus as (
    select * from {{ ref('int_casus') }}
)

select
    plan.plan_id,
    plan.casus_id,
    plan.datum_vastgesteld,
    plan.begroot_bedrag,
    casus.gemeente_code
from plan
inner join casus
    on plan.casus_id = casus.casus_id
