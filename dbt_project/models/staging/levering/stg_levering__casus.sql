with

source as (
    select * from {{ source('levering', 'casus') }}
),

renamed as (
    select
        casus_id,
        signaal_id,
        deelnemer_id,
        gemeente_code,
        leefgebied,
        vraagstuk,
        startdatum,
        einddatum,
        terugval_van_casus_id,
        vraagstukgroep,
        gemeente_herkomst
    from source
)

select * from renamed
