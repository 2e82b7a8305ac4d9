{{ config(materialized='view') }}

with

zrm_score as (
    select * from {{ ref('stg_levering__zrm_score') }}
)

select
    casus_id,
    meetdatum,
    domein,
    score,
    versie
from zrm_score
