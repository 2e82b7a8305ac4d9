with

source as (
    select * from {{ source('lake', 'editie') }}
),

renamed as (
    select
        ---------- ids
        bron_id,
        edition_id as editie,
        bron,
        table_id,

        ---------- provenance
        host,
        titel,
        sha256,
        licentie,
        bronvermelding,
        indelingsjaar,
        rows as rijen,

        ---------- state
        state as staat,
        melding,
        modified,

        ---------- timestamps (UTC)
        try_cast(left(replace(loaded_at, 'T', ' '), 19) as timestamp) as loaded_at,
        try_cast(left(verouderd_sinds, 10) as date) as verouderd_sinds
    from source
)

select * from renamed
