with

source as (
    select * from {{ source('levering', 'signaal') }}
),

renamed as (
    select
        signaal_id,
        deelnemer_id,
        gemeente_code,
        datum_ontvangen,
        herkomst,
        leefgebied,
        vroegsignaal,
        geescaleerd,
        te_laat,
        datum_afgehandeld,
        wachtreden,
        gemeente_herkomst
    from source
)

select * from renamed
