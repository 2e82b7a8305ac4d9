with

source as (
    select * from {{ source('levering', 'levering_tabel') }}
),

renamed as (
    select
        tabel,
        geleverd,
        gelezen,
        geaccepteerd,
        quarantaine,
        dubbel_samengevoegd,
        totaalregels,
        mojibake_hersteld,
        gewist,
        bestand,
        sha256
    from source
)

select * from renamed
