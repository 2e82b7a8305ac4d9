with

source as (
    select * from {{ source('levering', 'casus_betrokkene') }}
),

renamed as (
    select
        casus_id,
        betrokkene_id,
        instantie,
        van,
        tot,
        eigen_medewerker
    from source
)

select * from renamed
