{{ config(materialized='view') }}

with

kpi_waarde as (
    select * from {{ ref('int_kpi_waarde') }}
),

kpi_hoofdreeks as (
    select * from {{ ref('int_kpi_hoofdreeks') }}
),

-- A figure that was supplied by hand goes before a stand-in, never before the figure that the KPI asks for.
aangeleverd as (
    select kpi_waarde.*
    from kpi_waarde
    inner join kpi_hoofdreeks
        on
            kpi_waarde.kpi_id = kpi_hoofdreeks.kpi_id
            and kpi_waarde.model_versie = kpi_hoofdreeks.model_versie
            and kpi_waarde.uitsplitsing = kpi_hoofdreeks.uitsplitsing
    where
        kpi_waarde.soort = 'handmatig'
        and kpi_waarde.waarde is not null
        and kpi_hoofdreeks.soort = 'proxy'
),

van_hoofdreeks as (
    select kpi_waarde.*
    from kpi_waarde
    inner join kpi_hoofdreeks
        on
            kpi_waarde.kpi_id = kpi_hoofdreeks.kpi_id
            and kpi_waarde.model_versie = kpi_hoofdreeks.model_versie
            and kpi_waarde.uitsplitsing = kpi_hoofdreeks.uitsplitsing
            and kpi_waarde.variant = kpi_hoofdreeks.variant
    left join aangeleverd
        on
            kpi_waarde.kpi_id = aangeleverd.kpi_id
            and kpi_waarde.model_versie = aangeleverd.model_versie
            and kpi_waarde.uitsplitsing = aangeleverd.uitsplitsing
            and kpi_waarde.gemeente_code = aangeleverd.gemeente_code
            and kpi_waarde.periode = aangeleverd.periode
    where aangeleverd.kpi_id is null
),

gekozen as (
    select * from van_hoofdreeks
    union all
    select * from aangeleverd
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    gemeente_code,
    periode,
    jaar,
    periode_soort,
    variant,
    waarde,
    eenheid,
    status,
    ontbreekt_reden,
    soort,
    is_modelmatig,
    is_herleid,
    breuk,
    verouderd_sinds,
    bron_id,
    editie,
    opgegeven_bron
from gekozen
