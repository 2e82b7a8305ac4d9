with

source as (
    select * from {{ source('lake', 'profiel_werksoort') }}
),

renamed as (
    select werksoort
    from source
)

select * from renamed
