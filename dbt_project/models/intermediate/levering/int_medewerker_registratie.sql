{{ config(materialized='view') }}

with

medewerker_registratie as (
    select * from {{ ref('stg_levering__medewerker_registratie') }}
)

select
    medewerker_id,
    register,
    geldig_van,
    geldig_tot
from medewerker_registratie
