with

int_kpi_waarde as (
    select * from {{ ref('int_kpi_waarde') }}
),

kpi_hoofdreeks as (
    select * from {{ ref('int_kpi_hoofdreeks') }}
),

eigen_cijfer as (
    select * from {{ ref('int_eigen_cijfer') }}
),

open_cijfer as (
    select
        int_kpi_waarde.*,
        kpi_hoofdreeks.kpi_id is not null as hoofdreeks
    from int_kpi_waarde
    left join kpi_hoofdreeks
        on
            int_kpi_waarde.kpi_id = kpi_hoofdreeks.kpi_id
            and int_kpi_waarde.model_versie = kpi_hoofdreeks.model_versie
            and int_kpi_waarde.uitsplitsing = kpi_hoofdreeks.uitsplitsing
            and int_kpi_waarde.variant = kpi_hoofdreeks.variant
),

-- What the organisation registered comes in as it was protected, never as it was counted.
samengebracht as (
    select * from open_cijfer
    union all by name
    select
        * exclude (batch_id, batch_datum),
        'eigen' as herkomst,
        'direct' as soort,
        false as is_modelmatig,
        false as is_herleid,
        false as breuk
    from eigen_cijfer
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
    breuk,
    verouderd_sinds,
    bron_id,
    editie,
    noemer_bron_id,
    noemer_editie,
    opgegeven_bron,
    indelingsjaar
from samengebracht
order by kpi_id, model_versie, variant, uitsplitsing, gemeente_code, periode
