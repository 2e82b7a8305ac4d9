with

source as (
    select * from {{ source('lake', 'profiel_kpi') }}
),

renamed as (
    select
        kpi_id,
        gekozen,
        label,
        richting
    from source
)

select * from renamed
