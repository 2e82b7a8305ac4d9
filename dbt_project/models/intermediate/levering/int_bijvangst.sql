{{ config(materialized='view') }}

with

bijvangst as (
    select * from {{ ref('stg_levering__bijvangst') }}
),

interventie as (
    select * from {{ ref('int_interventie') }}
)

select
    bijvangst.bijvangst_id,
    bijvangst.interventie_id,
    bijvangst.datum,
    bijvangst.soort,
    bijvangst.aantal,
    interventie.gemeente_code
from bijvangst
inner join interventie
    on bijvangst.interventie_id = interventie.interventie_id
