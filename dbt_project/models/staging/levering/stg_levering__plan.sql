with

source as (
    select * from {{ source('levering', 'plan') }}
),

renamed as (
    select
        plan_id,
        casus_id,
        datum_vastgesteld,
        begroot_bedrag
    from source
)

select * from renamed
