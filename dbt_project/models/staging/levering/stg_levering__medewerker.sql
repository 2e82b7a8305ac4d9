with

source as (
    select * from {{ source('levering', 'medewerker') }}
),

renamed as (
    select
        medewerker_id,
        soort,
        in_dienst_van,
        in_dienst_tot
    from source
)

select * from renamed
