with

source as (
    select * from {{ source('levering', 'situatiebeoordeling') }}
),

renamed as (
    select
        beoordeling_id,
        casus_id,
        datum,
        beoordelaar,
        in_een_keer_goed
    from source
)

select * from renamed
