{{ config(materialized='view') }}

with

plan_wijziging as (
    select * from {{ ref('stg_levering__plan_wijziging') }}
),

plan as (
    select * from {{ ref('int_plan') }}
)

select
    plan_wijziging.plan_wijziging_id,
    plan_wijziging.plan_id,
    plan_wijziging.datum,
    plan_wijziging.reden,
    plan.casus_id,
    plan.gemeente_code
from plan_wijziging
inner join plan
    on plan_wijziging.plan_id = plan.plan_id
