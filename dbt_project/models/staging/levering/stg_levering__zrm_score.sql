with

source as (
    select * from {{ source('levering', 'zrm_score') }}
),

renamed as (
    select
        casus_id,
        meetdatum,
        domein,
        score,
        versie
    from source
)

select * from renamed
