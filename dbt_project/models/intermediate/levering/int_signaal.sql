with

signaal as (
    select * from {{ ref('stg_levering__signaal') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    signaal.signaal_id,
    signaal.deelnemer_id,
    {{ gemeente_van('signaal.gemeente_code') }} as gemeente_code,
    signaal.datum_ontvangen,
    signaal.herkomst,
    signaal.leefgebied,
    signaal.vroegsignaal,
    signaal.geescaleerd,
    signaal.te_laat,
    signaal.datum_afgehandeld,
    signaal.wachtreden
from signaal
left join indeling
    on signaal.gemeente_code = indeling.aangeleverde_code
