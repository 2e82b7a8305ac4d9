{{ config(materialized='view') }}

with

nazorgmeting as (
    select * from {{ ref('stg_levering__nazorgmeting') }}
),

interventie as (
    select * from {{ ref('int_interventie') }}
)

select
    nazorgmeting.nazorgmeting_id,
    nazorgmeting.interventie_id,
    nazorgmeting.deelnemer_id,
    nazorgmeting.datum,
    nazorgmeting.zonder_ondersteuning,
    nazorgmeting.niveau_behouden,
    nazorgmeting.inzet_omgeving_pct,
    interventie.gemeente_code
from nazorgmeting
inner join interventie
    on nazorgmeting.interventie_id = interventie.interventie_id
