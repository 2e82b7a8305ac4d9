with

source as (
    select * from {{ source('levering', 'vragenlijst_antwoord') }}
),

renamed as (
    select
        afname_id,
        vraagcode,
        antwoord
    from source
)

select * from renamed
