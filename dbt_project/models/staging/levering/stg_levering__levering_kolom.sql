with

source as (
    select * from {{ source('levering', 'levering_kolom') }}
),

renamed as (
    select
        tabel,
        kolom,
        geleverd
    from source
)

select * from renamed
