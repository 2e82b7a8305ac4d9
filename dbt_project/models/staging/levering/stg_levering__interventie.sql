with

source as (
    select * from {{ source('levering', 'interventie') }}
),

renamed as (
    select
        interventie_id,
        casus_id,
        signaal_id,
        gemeente_code,
        methodiek,
        startdatum,
        geplande_einddatum,
        einddatum,
        reden_einde,
        succesvol,
        in_een_keer_goed,
        doel_bereikt,
        gepland_aantal_deelnemers,
        kosten,
        geschatte_besparing,
        vervolg_op_interventie_id,
        doelgroep,
        werksoort,
        programma,
        locatie,
        besparing_methode,
        prijspeil,
        gemeente_herkomst
    from source
)

select * from renamed
