with

situatiebeoordeling as (
    select * from {{ ref('stg_levering__situatiebeoordeling') }}
),

casus as (
    select * from {{ ref('int_casus') }}
)

select
    situatiebeoordeling.beoordeling_id,
    situatiebeoordeling.casus_id,
    situatiebeoordeling.datum,
    situatiebeoordeling.beoordelaar,
    situatiebeoordeling.in_een_keer_goed,
    casus.gemeente_code
from situatiebeoordeling
inner join casus
    on situatiebeoordeling.casus_id = casus.casus_id
