with

source as (
    select * from {{ source('levering', 'educatietraject') }}
),

renamed as (
    select
        educatietraject_id,
        medewerker_id,
        startdatum,
        einddatum
    from source
)

select * from renamed
