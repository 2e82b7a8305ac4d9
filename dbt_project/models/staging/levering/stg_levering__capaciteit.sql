with

source as (
    select * from {{ source('levering', 'capaciteit') }}
),

renamed as (
    select
        gemeente_code,
        maand,
        gevraagde_uren,
        beschikbare_uren,
        gemeente_herkomst
    from source
)

select * from renamed
