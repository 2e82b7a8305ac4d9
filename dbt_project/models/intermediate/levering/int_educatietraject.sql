{{ config(materialized='view') }}

with

educatietraject as (
    select * from {{ ref('stg_levering__educatietraject') }}
)

select
    educatietraject_id,
    medewerker_id,
    startdatum,
    einddatum
from educatietraject
