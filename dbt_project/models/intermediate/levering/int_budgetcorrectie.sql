{{ config(materialized='view') }}

with

budgetcorrectie as (
    select * from {{ ref('stg_levering__budgetcorrectie') }}
),

budget as (
    select * from {{ ref('int_budget') }}
)

select
    budgetcorrectie.correctie_id,
    budgetcorrectie.budget_id,
    budgetcorrectie.datum,
    budgetcorrectie.bedrag,
    budgetcorrectie.reden,
    budget.gemeente_code
from budgetcorrectie
inner join budget
    on budgetcorrectie.budget_id = budget.budget_id
