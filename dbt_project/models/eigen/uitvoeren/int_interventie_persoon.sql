with

interventie as (
    select * from {{ ref('int_interventie') }}
),

interventie_deelname as (
    select * from {{ ref('int_interventie_deelname') }}
),

casus as (
    select * from {{ ref('int_casus') }}
),

bekend as (
    select
        interventie_id,
        deelnemer_id
    from interventie_deelname
    union
    select
        interventie.interventie_id,
        casus.deelnemer_id
    from interventie
    inner join casus
        on interventie.casus_id = casus.casus_id
)

select
    interventie.interventie_id,
    coalesce(bekend.deelnemer_id, 'interventie ' || interventie.interventie_id) as persoon
from interventie
left join bekend
    on interventie.interventie_id = bekend.interventie_id
