{{ config(materialized='view') }}

with

partner as (
    select * from {{ ref('stg_levering__partner') }}
)

select
    partner_id,
    soort
from partner
