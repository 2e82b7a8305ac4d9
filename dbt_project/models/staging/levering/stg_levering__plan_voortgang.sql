with

source as (
    select * from {{ source('levering', 'plan_voortgang') }}
),

renamed as (
    select
        plan_id,
        datum,
        conform_plan
    from source
)

select * from renamed
