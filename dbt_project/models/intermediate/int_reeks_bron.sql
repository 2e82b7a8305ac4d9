with

series as (
    select * from {{ ref('series') }}
),

source_table as (
    select * from {{ ref('source_table') }}
),

edition as (
    select * from {{ ref('stg_lake__edition') }}
),

series_problem as (
    select * from {{ ref('stg_lake__series_problem') }}
),

tabellen as (
    select
        series.series_id as reeks_id,
        series.uitsplitsing,
        series.rol,
        series.bron_id,
        min(series.edition_order::integer) as edition_order
    from series
    group by series.series_id, series.uitsplitsing, series.rol, series.bron_id
),

met_editie as (
    select distinct bron_id from edition
    where editie is not null
),

-- That a table is not there is said by naming the tables.
problemen as (
    select
        reeks_id,
        uitsplitsing,
        string_agg(distinct melding, ' · ' order by melding) as meldingen
    from series_problem
    where reden <> 'tabel_ontbreekt'
    group by reeks_id, uitsplitsing
)

select
    tabellen.reeks_id,
    tabellen.uitsplitsing,
    tabellen.rol,
    string_agg(source_table.table_id, ', ' order by tabellen.edition_order, source_table.table_id) as tabellen,
    count(met_editie.bron_id) > 0 as heeft_editie,
    any_value(problemen.meldingen) as meldingen,
    arg_min(source_table.titel || ' (' || source_table.table_id || ')', tabellen.edition_order) as nieuwste_tabel,
    arg_min(source_table.ritme, tabellen.edition_order) as ritme,
    arg_min(source_table.bronvermelding, tabellen.edition_order) as bronvermelding,
    arg_min(source_table.licentie, tabellen.edition_order) as licentie
from tabellen
inner join source_table
    on tabellen.bron_id = source_table.bron_id
left join met_editie
    on tabellen.bron_id = met_editie.bron_id
left join problemen
    on
        tabellen.reeks_id = problemen.reeks_id
        and tabellen.uitsplitsing = problemen.uitsplitsing
group by
    tabellen.reeks_id,
    tabellen.uitsplitsing,
    tabellen.rol
