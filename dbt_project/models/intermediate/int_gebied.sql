{{ config(materialized='view') }}

with

gemeente_register as (
    select * from {{ ref('gemeente_register') }}
),

pseudo_gebied as (
    select * from {{ ref('pseudo_gebied') }}
),

bijzonder_gebied as (
    select * from {{ ref('bijzonder_gebied') }}
),

gebieden as (
    select
        gemeente_code as gebied_code,
        'gemeente' as soort_gebied
    from gemeente_register
    union all
    select
        code as gebied_code,
        'geen gemeente' as soort_gebied
    from pseudo_gebied
    union all
    select
        gemeente_code as gebied_code,
        soort_gebied
    from bijzonder_gebied
)

select
    gebied_code,
    soort_gebied
from gebieden
