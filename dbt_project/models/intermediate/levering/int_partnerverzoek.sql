with

partnerverzoek as (
    select * from {{ ref('stg_levering__partnerverzoek') }}
),

casus as (
    select * from {{ ref('int_casus') }}
),

casus_complexiteit as (
    select * from {{ ref('int_casus_complexiteit') }}
)

select
    partnerverzoek.verzoek_id,
    partnerverzoek.casus_id,
    partnerverzoek.partner_id,
    partnerverzoek.verzocht_op,
    partnerverzoek.gereageerd_op,
    partnerverzoek.gewenste_startdatum,
    partnerverzoek.geleverde_startdatum,
    partnerverzoek.verzocht_op_is_datum,
    partnerverzoek.gereageerd_op_is_datum,
    casus.gemeente_code,
    casus_complexiteit.complexiteit
from partnerverzoek
inner join casus
    on partnerverzoek.casus_id = casus.casus_id
-- The complexity of the case on the day of the request.
left join casus_complexiteit
    on
        partnerverzoek.casus_id = casus_complexiteit.casus_id
        and partnerverzoek.verzocht_op::date >= casus_complexiteit.vanaf
        and (casus_complexiteit.tot is null or partnerverzoek.verzocht_op::date < casus_complexiteit.tot)
