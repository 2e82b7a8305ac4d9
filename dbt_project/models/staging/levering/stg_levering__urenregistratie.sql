with

source as (
    select * from {{ source('levering', 'urenregistratie') }}
),

renamed as (
    select
        uren_id,
        medewerker_id,
        datum,
        uren,
        soort,
        interventie_id,
        casus_id,
        vindplaats,
        gemeente_code,
        declarabel,
        gemeente_herkomst
    from source
)

select * from renamed
