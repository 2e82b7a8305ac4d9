with

source as (
    select * from {{ source('levering', 'medewerker_registratie') }}
),

renamed as (
    select
        medewerker_id,
        register,
        geldig_van,
        geldig_tot
    from source
)

select * from renamed
