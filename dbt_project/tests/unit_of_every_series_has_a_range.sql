-- A series of a unit without a range would come in unchecked.
{{ config(meta={'dagster': {'ref': {'name': 'unit_range'}}}) }}

with

series as (
    select
        bron_id,
        series_id,
        eenheid
    from {{ ref('series') }}
),

unit_range as (
    select eenheid
    from {{ ref('unit_range') }}
)

select
    series.bron_id,
    series.series_id,
    series.eenheid,
    'Voeg de eenheid toe aan unit_range.csv' as remedie
from series
left join unit_range on series.eenheid = unit_range.eenheid
where unit_range.eenheid is null
order by series.bron_id, series.series_id
