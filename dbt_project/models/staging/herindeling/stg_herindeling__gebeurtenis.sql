with

source as (
    select * from {{ source('lake', 'herindeling') }}
),

renamed as (
    select
        ---------- ids
        source_id as bron_id,
        oude_code,
        nieuwe_code,

        ---------- event
        soort,
        ingangsdatum,
        -- The first list of 1 January that shows it.
        year(ingangsdatum - interval 1 day)::integer + 1 as indelingsjaar,

        ---------- figures
        inwoners
    from source
)

select * from renamed
