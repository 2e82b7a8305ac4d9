with

source as (
    select * from {{ source('levering', 'levering') }}
),

renamed as (
    select
        levering_id,
        organisatie_id,
        bronsysteem,
        periode_van,
        peildatum,
        aangemaakt_op,
        sleutel_id,
        mapping_versie,
        contract_versie,
        is_afgeleid_uren
    from source
)

select * from renamed
