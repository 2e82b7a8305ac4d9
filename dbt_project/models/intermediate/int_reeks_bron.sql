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

-- The table in use comes before a newer one that is not there.
voorkeur as (
    select
        tabellen.*,
        met_editie.bron_id is not null as heeft_editie,
        row_number() over (
            partition by tabellen.reeks_id, tabellen.uitsplitsing, tabellen.rol
            order by met_editie.bron_id is null, tabellen.edition_order, tabellen.bron_id
        ) as voorkeur
    from tabellen
    left join met_editie
        on tabellen.bron_id = met_editie.bron_id
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
    voorkeur.reeks_id,
    voorkeur.uitsplitsing,
    voorkeur.rol,
    string_agg(source_table.table_id, ', ' order by voorkeur.edition_order, source_table.table_id) as tabellen,
    bool_or(voorkeur.heeft_editie) as heeft_editie,
    any_value(problemen.meldingen) as meldingen,
    arg_min(source_table.bron_id, voorkeur.voorkeur) as bron_id,
    arg_min(source_table.titel || ' (' || source_table.table_id || ')', voorkeur.voorkeur) as tabel,
    arg_min(source_table.ritme, voorkeur.voorkeur) as ritme,
    arg_min(source_table.bronvermelding, voorkeur.voorkeur) as bronvermelding,
    arg_min(source_table.licentie, voorkeur.voorkeur) as licentie
from voorkeur
inner join source_table
    on voorkeur.bron_id = source_table.bron_id
left join problemen
    on
        voorkeur.reeks_id = problemen.reeks_id
        and voorkeur.uitsplitsing = problemen.uitsplitsing
group by
    voorkeur.reeks_id,
    voorkeur.uitsplitsing,
    voorkeur.rol
