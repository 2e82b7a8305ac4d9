with

source as (
    select * from {{ source('levering', 'nazorgmeting') }}
),

renamed as (
    select
        nazorgmeting_id,
        interventie_id,
        deelnemer_id,
        datum,
        zonder_ondersteuning,
        niveau_behouden,
        inzet_omgeving_pct
    from source
)

select * from renamed
