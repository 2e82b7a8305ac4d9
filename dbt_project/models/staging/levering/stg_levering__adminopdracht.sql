with

source as (
    select * from {{ source('levering', 'adminopdracht') }}
),

renamed as (
    select
        opdracht_id,
        gemeente_code,
        soort,
        ingediend_op,
        deadline,
        verwerkt_op,
        aantal_retouren,
        juist_en_volledig,
        gemeente_herkomst
    from source
)

select * from renamed
