with

partnerbeoordeling as (
    select * from {{ ref('stg_levering__partnerbeoordeling') }}
),

partner as (
    select * from {{ ref('int_partner') }}
),

indeling as (
    select * from {{ ref('int_levering_gemeente') }}
)

select
    partnerbeoordeling.beoordeling_id,
    partnerbeoordeling.partner_id,
    partner.soort as partner_soort,
    {{ gemeente_van('partnerbeoordeling.gemeente_code') }} as gemeente_code,
    partnerbeoordeling.datum,
    partnerbeoordeling.kwaliteit,
    partnerbeoordeling.tijdigheid,
    partnerbeoordeling.volledigheid,
    partnerbeoordeling.score,
    partnerbeoordeling.beoordelaar_id
from partnerbeoordeling
left join indeling
    on partnerbeoordeling.gemeente_code = indeling.aangeleverde_code
-- Of a delivery without partners the kind of partner is not known.
left join partner
    on partnerbeoordeling.partner_id = partner.partner_id
