with

source as (
    select * from {{ source('levering', 'partnerbeoordeling') }}
),

renamed as (
    select
        beoordeling_id,
        partner_id,
        gemeente_code,
        datum,
        kwaliteit,
        tijdigheid,
        volledigheid,
        score,
        beoordelaar_id,
        gemeente_herkomst
    from source
)

select * from renamed
