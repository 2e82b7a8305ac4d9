with

adminopdracht as (
    select * from {{ ref('stg_levering__adminopdracht') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    adminopdracht.opdracht_id,
    {{ gemeente_van('adminopdracht.gemeente_code') }} as gemeente_code,
    adminopdracht.soort,
    adminopdracht.ingediend_op,
    adminopdracht.deadline,
    adminopdracht.verwerkt_op,
    adminopdracht.aantal_retouren,
    adminopdracht.juist_en_volledig
from adminopdracht
left join indeling
    on adminopdracht.gemeente_code = indeling.aangeleverde_code
