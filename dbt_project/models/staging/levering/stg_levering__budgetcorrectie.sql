with

source as (
    select * from {{ source('levering', 'budgetcorrectie') }}
),

renamed as (
    select
        correctie_id,
        budget_id,
        datum,
        bedrag,
        reden
    from source
)

select * from renamed
