with

interventie_deelname as (
    select * from {{ ref('stg_levering__interventie_deelname') }}
),

interventie as (
    select * from {{ ref('int_interventie') }}
)

select
    interventie_deelname.interventie_id,
    interventie_deelname.deelnemer_id,
    interventie_deelname.van,
    interventie_deelname.tot,
    interventie.gemeente_code
from interventie_deelname
inner join interventie
    on interventie_deelname.interventie_id = interventie.interventie_id
