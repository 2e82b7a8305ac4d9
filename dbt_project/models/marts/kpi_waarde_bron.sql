with

reeks_waarde as (
    select * from {{ ref('int_reeks_waarde') }}
),

kpi_hoofdreeks as (
    select * from {{ ref('int_kpi_hoofdreeks') }}
),

gemarkeerd as (
    select
        reeks_waarde.*,
        kpi_hoofdreeks.kpi_id is not null as hoofdreeks
    from reeks_waarde
    left join kpi_hoofdreeks
        on
            reeks_waarde.kpi_id = kpi_hoofdreeks.kpi_id
            and reeks_waarde.model_versie = kpi_hoofdreeks.model_versie
            and reeks_waarde.uitsplitsing = kpi_hoofdreeks.uitsplitsing
            and reeks_waarde.variant = kpi_hoofdreeks.variant
)

select
    kpi_id,
    model_versie,
    variant,
    uitsplitsing,
    gemeente_code,
    periode,
    periode_soort,
    jaar,
    waarde,
    eenheid,
    teller,
    noemer,
    oi_laag,
    oi_hoog,
    oi_methode,
    status,
    ontbreekt_reden,
    herkomst,
    soort,
    hoofdreeks,
    is_modelmatig,
    is_herleid,
    false as breuk,
    verouderd_sinds,
    bron_id,
    editie,
    noemer_bron_id,
    noemer_editie,
    opgegeven_bron,
    indelingsjaar
from gemarkeerd
order by kpi_id, model_versie, variant, uitsplitsing, gemeente_code, periode
