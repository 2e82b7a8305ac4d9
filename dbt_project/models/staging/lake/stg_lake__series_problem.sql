with

source as (
    select * from {{ source('lake', 'reeks_probleem') }}
),

renamed as (
    select
        ---------- ids
        series_id as reeks_id,
        uitsplitsing,
        bron_id,
        table_id,

        ---------- what went wrong
        reden,
        melding
    from source
)

select * from renamed
