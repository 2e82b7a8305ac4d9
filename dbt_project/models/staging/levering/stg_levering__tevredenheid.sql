with

source as (
    select * from {{ source('levering', 'tevredenheid') }}
),

renamed as (
    select
        meting_id,
        groep,
        datum,
        gemeente_code,
        interventie_id,
        score,
        respondent_id,
        toestemming_publicatie,
        gemeente_herkomst
    from source
)

select * from renamed
