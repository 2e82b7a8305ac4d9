with

source as (
    select * from {{ source('levering', 'doorverwijzing') }}
),

renamed as (
    select
        doorverwijzing_id,
        casus_id,
        datum,
        van_lijn,
        naar_lijn,
        aangekomen_op,
        juiste_plek
    from source
)

select * from renamed
