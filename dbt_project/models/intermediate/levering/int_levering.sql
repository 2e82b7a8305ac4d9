{{ config(materialized='view') }}

with

levering as (
    select * from {{ ref('stg_levering__levering') }}
)

select
    levering_id,
    organisatie_id,
    bronsysteem,
    periode_van,
    peildatum,
    aangemaakt_op,
    sleutel_id,
    mapping_versie,
    contract_versie,
    is_afgeleid_uren
from levering
