with

source as (
    select * from {{ source('levering', 'medewerker_inzet') }}
),

renamed as (
    select
        medewerker_id,
        gemeente_code,
        van,
        tot,
        fte,
        gemeente_herkomst
    from source
)

select * from renamed
