with

source as (
    select * from {{ source('levering', 'casus_complexiteit') }}
),

renamed as (
    select
        casus_id,
        vanaf,
        complexiteit
    from source
)

select * from renamed
