with

medewerker_inzet as (
    select * from {{ ref('stg_levering__medewerker_inzet') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    medewerker_inzet.medewerker_id,
    {{ gemeente_van('medewerker_inzet.gemeente_code') }} as gemeente_code,
    medewerker_inzet.van,
    medewerker_inzet.tot,
    medewerker_inzet.fte
from medewerker_inzet
left join indeling
    on medewerker_inzet.gemeente_code = indeling.aangeleverde_code
