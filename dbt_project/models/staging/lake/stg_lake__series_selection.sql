with

source as (
    select * from {{ source('lake', 'reeks_selectie') }}
),

renamed as (
    select
        ---------- ids
        source_id as bron_id,
        edition as editie,
        series_id as reeks_id,
        uitsplitsing,
        rol,
        onderdeel,
        edition_order,
        measure,
        dimensions,

        ---------- which bound; an edition of before the bounds has figures only
        coalesce(grens, 'waarde') as grens,

        ---------- how the cells count
        multiplier,
        periode_soort,
        coalesce(trim(jaren), '') as jaren,
        absent,
        n_codes,
        indelingsjaar
    from source
)

select * from renamed
