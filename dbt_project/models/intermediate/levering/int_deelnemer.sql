with

deelnemer as (
    select * from {{ ref('stg_levering__deelnemer') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    deelnemer.deelnemer_id,
    deelnemer.soort,
    deelnemer.aantal_personen,
    deelnemer.geboortejaar,
    deelnemer.huishoudtype,
    {{ gemeente_van('deelnemer.gemeente_code') }} as gemeente_code
from deelnemer
left join indeling
    on deelnemer.gemeente_code = indeling.aangeleverde_code
