with

casus as (
    select * from {{ ref('stg_levering__casus') }}
),

signaal as (
    select * from {{ ref('stg_levering__signaal') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    casus.casus_id,
    signaal.signaal_id,
    casus.deelnemer_id,
    {{ gemeente_van('casus.gemeente_code') }} as gemeente_code,
    casus.leefgebied,
    casus.vraagstuk,
    casus.startdatum,
    casus.einddatum,
    eerdere_casus.casus_id as terugval_van_casus_id,
    casus.vraagstukgroep,
    {{ heeft_gemeente('casus.gemeente_code') }} as heeft_gemeente
from casus
left join indeling
    on casus.gemeente_code = indeling.aangeleverde_code
left join signaal
    on casus.signaal_id = signaal.signaal_id
left join casus as eerdere_casus
    on casus.terugval_van_casus_id = eerdere_casus.casus_id
