{{ config(materialized='view') }}

with

doorverwijzing as (
    select * from {{ ref('stg_levering__doorverwijzing') }}
),

casus as (
    select * from {{ ref('int_casus') }}
)

select
    doorverwijzing.doorverwijzing_id,
    doorverwijzing.casus_id,
    doorverwijzing.datum,
    doorverwijzing.van_lijn,
    doorverwijzing.naar_lijn,
    doorverwijzing.aangekomen_op,
    doorverwijzing.juiste_plek,
    casus.gemeente_code
from doorverwijzing
inner join casus
    on doorverwijzing.casus_id = casus.casus_id
