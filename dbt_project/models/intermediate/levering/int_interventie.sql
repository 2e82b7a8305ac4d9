with

interventie as (
    select * from {{ ref('stg_levering__interventie') }}
),

casus as (
    select * from {{ ref('int_casus') }}
),

signaal as (
    select * from {{ ref('stg_levering__signaal') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    interventie.interventie_id,
    casus.casus_id,
    signaal.signaal_id,
    {{ gemeente_van('interventie.gemeente_code', ['casus.gemeente_code']) }} as gemeente_code,
    interventie.methodiek,
    interventie.startdatum,
    interventie.geplande_einddatum,
    interventie.einddatum,
    interventie.reden_einde,
    interventie.succesvol,
    interventie.in_een_keer_goed,
    interventie.doel_bereikt,
    interventie.gepland_aantal_deelnemers,
    interventie.kosten,
    interventie.geschatte_besparing,
    voorganger.interventie_id as vervolg_op_interventie_id,
    interventie.doelgroep,
    interventie.werksoort,
    interventie.programma,
    interventie.locatie,
    interventie.besparing_methode,
    interventie.prijspeil,
    {{ heeft_gemeente('interventie.gemeente_code') }} or coalesce(casus.heeft_gemeente, false) as heeft_gemeente
from interventie
left join indeling
    on interventie.gemeente_code = indeling.aangeleverde_code
left join casus
    on interventie.casus_id = casus.casus_id
left join signaal
    on interventie.signaal_id = signaal.signaal_id
left join interventie as voorganger
    on interventie.vervolg_op_interventie_id = voorganger.interventie_id
