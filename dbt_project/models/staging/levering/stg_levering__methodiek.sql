with

source as (
    select * from {{ source('levering', 'methodiek') }}
),

renamed as (
    select
        methodiek,
        erkenning,
        erkend_van,
        erkend_tot
    from source
)

select * from renamed
