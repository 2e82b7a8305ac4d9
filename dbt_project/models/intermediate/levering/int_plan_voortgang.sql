{{ config(materialized='view') }}

with

plan_voortgang as (
    select * from {{ ref('stg_levering__plan_voortgang') }}
),

plan as (
    select * from {{ ref('int_plan') }}
)

select
    plan_voortgang.plan_id,
    plan_voortgang.datum,
    plan_voortgang.conform_plan,
    plan.casus_id,
    plan.gemeente_code
from plan_voortgang
inner join plan
    on plan_voortgang.plan_id = plan.plan_id
