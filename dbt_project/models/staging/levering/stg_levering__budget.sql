with

source as (
    select * from {{ source('levering', 'budget') }}
),

renamed as (
    select
        budget_id,
        gemeente_code,
        soort,
        datum_aanvraag,
        bedrag_aangevraagd,
        datum_besluit,
        bedrag_toegekend,
        gemeente_herkomst
    from source
)

select * from renamed
