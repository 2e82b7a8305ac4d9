with

source as (
    select * from {{ source('lake', 'handmatig') }}
),

renamed as (
    select
        ---------- ids
        source_id as bron_id,
        table_id,
        edition as editie,
        {{ gemeente_code('ref_area') }} as gemeente_code,
        {{ periode_code('time_period') }} as periode_code,
        trim(measure) as kpi_id,
        measure,
        dimensions,

        ---------- periods
        {{ periode_label('time_period') }} as periode,
        {{ periode_jaar('time_period') }} as jaar,
        {{ periode_soort('time_period') }} as periode_soort,

        ---------- figures
        obs_value,
        obs_status,
        unit_measure,

        ---------- provenance
        json_extract_string(dimensions, '$.bron') as opgegeven_bron
    from source
    where {{ is_land_of_gemeente('ref_area') }}
)

select * from renamed
