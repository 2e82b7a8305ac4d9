with

source as (
    select * from {{ source('lake', 'beschermd') }}
),

renamed as (
    select
        ---------- ids
        kpi_id,
        model_versie,
        variant,
        uitsplitsing,
        gemeente_code,
        periode,
        periode_soort,
        jaar,

        ---------- figure
        waarde,
        teller,
        noemer,
        status,
        ontbreekt_reden,
        onderdrukking,

        ---------- batch
        levering_editie,
        batch_id,
        batch_datum,
        indelingsjaar
    from source
)

select * from renamed
