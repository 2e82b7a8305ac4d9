with

tevredenheid as (
    select * from {{ ref('stg_levering__tevredenheid') }}
),

interventie as (
    select * from {{ ref('int_interventie') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    tevredenheid.meting_id,
    tevredenheid.groep,
    tevredenheid.datum,
    {{ gemeente_van('tevredenheid.gemeente_code', ['interventie.gemeente_code']) }} as gemeente_code,
    interventie.interventie_id,
    tevredenheid.score,
    tevredenheid.respondent_id,
    tevredenheid.toestemming_publicatie
from tevredenheid
left join indeling
    on tevredenheid.gemeente_code = indeling.aangeleverde_code
left join interventie
    on tevredenheid.interventie_id = interventie.interventie_id
