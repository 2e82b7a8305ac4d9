with

urenregistratie as (
    select * from {{ ref('stg_levering__urenregistratie') }}
),

interventie as (
    select * from {{ ref('int_interventie') }}
),

casus as (
    select * from {{ ref('int_casus') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    urenregistratie.uren_id,
    urenregistratie.medewerker_id,
    urenregistratie.datum,
    urenregistratie.uren,
    urenregistratie.soort,
    interventie.interventie_id,
    casus.casus_id,
    urenregistratie.vindplaats,
    -- An intervention that lies nowhere does not keep the hours from the gemeente of the case.
    {{ gemeente_van(
        'urenregistratie.gemeente_code',
        ['case when interventie.heeft_gemeente then interventie.gemeente_code end', 'casus.gemeente_code']
    ) }} as gemeente_code,
    urenregistratie.declarabel
from urenregistratie
left join indeling
    on urenregistratie.gemeente_code = indeling.aangeleverde_code
left join interventie
    on urenregistratie.interventie_id = interventie.interventie_id
left join casus
    on urenregistratie.casus_id = casus.casus_id
