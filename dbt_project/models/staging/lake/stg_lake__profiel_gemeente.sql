with

source as (
    select * from {{ source('lake', 'profiel_gemeente') }}
),

renamed as (
    select gemeente_code
    from source
)

select * from renamed
