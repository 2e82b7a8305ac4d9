{{ config(materialized='view') }}

with

methodiek as (
    select * from {{ ref('stg_levering__methodiek') }}
)

select
    methodiek,
    erkenning,
    erkend_van,
    erkend_tot
from methodiek
