with

source_table as (
    select * from {{ ref('source_table') }}
),

series as (
    select * from {{ ref('series') }}
),

kpi_formula as (
    select * from {{ ref('kpi_formula') }}
),

edition as (
    select * from {{ ref('stg_lake__edition') }}
),

voedt as (
    select distinct
        series.bron_id,
        kpi_formula.kpi_id
    from series
    inner join kpi_formula
        on
            series.series_id = kpi_formula.variant
            and series.uitsplitsing = kpi_formula.uitsplitsing
    union
    select distinct
        source_table.bron_id,
        kpi_formula.kpi_id
    from source_table
    inner join kpi_formula
        on source_table.bron_id = kpi_formula.variant
),

kpi_lijst as (
    select
        bron_id,
        string_agg(kpi_id, ', ' order by kpi_id) as kpis
    from voedt
    group by bron_id
)

select
    source_table.bron_id,
    source_table.bron,
    source_table.table_id as tabel,
    coalesce(edition.titel, source_table.titel) as titel,
    edition.editie,
    edition.modified,
    edition.loaded_at,
    edition.rijen,
    coalesce(edition.staat, 'niet_opgehaald') as staat,
    edition.melding,
    edition.verouderd_sinds,
    edition.indelingsjaar,
    source_table.ritme,
    coalesce(edition.licentie, source_table.licentie) as licentie,
    coalesce(edition.bronvermelding, source_table.bronvermelding) as bronvermelding,
    kpi_lijst.kpis
from source_table
left join edition
    on source_table.bron_id = edition.bron_id
left join kpi_lijst
    on source_table.bron_id = kpi_lijst.bron_id
order by source_table.bron_id
