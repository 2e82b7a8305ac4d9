with

source as (
    select * from {{ source('levering', 'interventie_deelname') }}
),

renamed as (
    select
        interventie_id,
        deelnemer_id,
        van,
        tot
    from source
)

select * from renamed
