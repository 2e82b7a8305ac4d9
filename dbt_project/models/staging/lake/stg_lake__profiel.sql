with

source as (
    select * from {{ source('lake', 'profiel') }}
),

renamed as (
    select
        naam,
        benchmark,
        kiest_kpis,
        kiest_gemeenten,
        kiest_werksoorten
    from source
)

select * from renamed
