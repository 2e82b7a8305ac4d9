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

-- Readers see the delivery that the published figures were made from, not the newest one that came in since.
gepubliceerde_levering as (
    select
        'levering' as bron_id,
        max(levering_editie) as editie,
        max(batch_datum)::timestamp as loaded_at,
        max(batch_id) as batch_id
    from {{ ref('int_eigen_beschermd') }}
    having count(*) > 0
),

eigen_kpi as (
    select
        'levering' as bron_id,
        string_agg(distinct kpi_id, ', ' order by kpi_id) as kpis
    from {{ ref('own_kpi') }}
),

kpi_lijst as (
    select
        bron_id,
        string_agg(kpi_id, ', ' order by kpi_id) as kpis
    from voedt
    group by bron_id
    union all
    select * from eigen_kpi
)

select
    source_table.bron_id,
    source_table.bron,
    source_table.table_id as tabel,
    coalesce(edition.titel, source_table.titel) as titel,
    case when source_table.bron = 'levering' then gepubliceerde_levering.editie else edition.editie end as editie,
    case when source_table.bron <> 'levering' then edition.modified end as modified,
    coalesce(gepubliceerde_levering.loaded_at, edition.loaded_at) as loaded_at,
    -- How many rows a delivery has is a count of people's affairs.
    case when source_table.bron <> 'levering' then edition.rijen end as rijen,
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
left join gepubliceerde_levering
    on source_table.bron_id = gepubliceerde_levering.bron_id
left join kpi_lijst
    on source_table.bron_id = kpi_lijst.bron_id
-- The batches of protected figures are how the delivery is published, not a source of their own.
where source_table.bron <> 'beschermd'
order by source_table.bron_id
