with

source as (
    select * from {{ source('levering', 'bijvangst') }}
),

renamed as (
    select
        bijvangst_id,
        interventie_id,
        datum,
        soort,
        aantal
    from source
)

select * from renamed
