with

vragenlijst_afname as (
    select * from {{ ref('stg_levering__vragenlijst_afname') }}
),

interventie as (
    select * from {{ ref('int_interventie') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

-- A questionnaire is placed by its own gemeente only, never by its intervention.
select
    vragenlijst_afname.afname_id,
    vragenlijst_afname.vragenlijst,
    vragenlijst_afname.versie,
    vragenlijst_afname.datum,
    {{ gemeente_van('vragenlijst_afname.gemeente_code') }} as gemeente_code,
    vragenlijst_afname.deelnemer_id,
    interventie.interventie_id,
    vragenlijst_afname.professional_id
from vragenlijst_afname
left join indeling
    on vragenlijst_afname.gemeente_code = indeling.aangeleverde_code
left join interventie
    on vragenlijst_afname.interventie_id = interventie.interventie_id
