with

source as (
    select * from {{ source('levering', 'vragenlijst_afname') }}
),

renamed as (
    select
        afname_id,
        vragenlijst,
        versie,
        datum,
        gemeente_code,
        deelnemer_id,
        interventie_id,
        professional_id,
        gemeente_herkomst
    from source
)

select * from renamed
