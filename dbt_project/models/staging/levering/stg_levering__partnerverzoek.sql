with

source as (
    select * from {{ source('levering', 'partnerverzoek') }}
),

renamed as (
    select
        verzoek_id,
        casus_id,
        partner_id,
        verzocht_op,
        gereageerd_op,
        gewenste_startdatum,
        geleverde_startdatum,
        verzocht_op_is_datum,
        gereageerd_op_is_datum
    from source
)

select * from renamed
