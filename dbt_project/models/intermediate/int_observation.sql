{{ config(materialized='view') }}

with

cbs as (
    select * from {{ ref('stg_cbs__observation') }}
),

rivm as (
    select * from {{ ref('stg_rivm__observation') }}
),

politie as (
    select * from {{ ref('stg_politie__observation') }}
),

leefbaarometer as (
    select * from {{ ref('stg_leefbaarometer__observation') }}
),

families as (
    select * from cbs
    union all by name
    select * from rivm
    union all by name
    select * from politie
    union all by name
    select * from leefbaarometer
)

select
    bron_id,
    editie,
    gemeente_code,
    periode_code,
    periode,
    jaar,
    periode_soort,
    measure,
    dimensions,
    obs_value,
    obs_status
from families
