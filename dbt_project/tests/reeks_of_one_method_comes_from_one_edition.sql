-- A chain that is recast gives all its years anew in each edition, by the method of that edition: years of an older
-- edition beside it would join two methods into one line. Year tables give one year each and are no such chain.
{{ config(meta={'dagster': {'ref': {'name': 'int_reeks_selectie'}}}) }}

with

reeks_selectie as (
    select * from {{ ref('int_reeks_selectie') }}
),

series as (
    select * from {{ ref('series') }}
),

herrekende_keten as (
    select distinct
        series_id as reeks_id,
        uitsplitsing,
        rol
    from series
    where chain = 'recast'
)

select
    reeks_selectie.reeks_id,
    reeks_selectie.uitsplitsing,
    reeks_selectie.rol,
    string_agg(distinct reeks_selectie.bron_id, ', ' order by reeks_selectie.bron_id) as bronnen
from reeks_selectie
inner join herrekende_keten
    on
        reeks_selectie.reeks_id = herrekende_keten.reeks_id
        and reeks_selectie.uitsplitsing = herrekende_keten.uitsplitsing
        and reeks_selectie.rol = herrekende_keten.rol
group by reeks_selectie.reeks_id, reeks_selectie.uitsplitsing, reeks_selectie.rol
having count(distinct reeks_selectie.bron_id || ' ' || reeks_selectie.editie) > 1
