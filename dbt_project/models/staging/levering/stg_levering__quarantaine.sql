with

source as (
    select * from {{ source('levering', 'quarantaine') }}
),

renamed as (
    select
        tabel,
        bestand,
        regel,
        kolom,
        reden,
        rij_hash
    from source
)

select * from renamed
