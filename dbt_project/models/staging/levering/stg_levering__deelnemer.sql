with

source as (
    select * from {{ source('levering', 'deelnemer') }}
),

renamed as (
    select
        deelnemer_id,
        soort,
        aantal_personen,
        geboortejaar,
        huishoudtype,
        gemeente_code,
        gemeente_herkomst
    from source
)

select * from renamed
