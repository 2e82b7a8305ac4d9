with

source as (
    select * from {{ source('levering', 'partner') }}
),

renamed as (
    select
        partner_id,
        soort
    from source
)

select * from renamed
