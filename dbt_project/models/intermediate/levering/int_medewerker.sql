{{ config(materialized='view') }}

with

medewerker as (
    select * from {{ ref('stg_levering__medewerker') }}
)

select
    medewerker_id,
    soort,
    in_dienst_van,
    in_dienst_tot
from medewerker
