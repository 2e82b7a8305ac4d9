with

source as (
    select * from {{ source('levering', 'plan_wijziging') }}
),

renamed as (
    select
        plan_wijziging_id,
        plan_id,
        datum,
        reden
    from source
)

select * from renamed
