with

series as (
    select * from {{ ref('series') }}
),

-- The margins of a survey table choose the figure itself, so they say nothing about what it is.
dimensies as (
    select distinct
        dimension_filters,
        unnest(json_keys(dimension_filters)) as dimensie
    from series
    where dimension_filters is not null
),

afbakening as (
    select
        dimension_filters,
        string_agg(
            replace(dimensie, 'title:', '') || ' '
            || regexp_replace(
                replace(
                    coalesce(
                        json_extract(dimension_filters, '$."' || dimensie || '".title'),
                        json_extract(dimension_filters, '$."' || dimensie || '".key')
                    )::varchar,
                    '","',
                    '; '
                ),
                '[\[\]"]',
                '',
                'g'
            ),
            ', ' order by dimensie
        ) as afbakening
    from dimensies
    where dimensie <> 'Marges'
    group by dimension_filters
),

-- A column of a table by its title, or by its key with spaces between the words.
omschreven as (
    select
        series.series_id as reeks_id,
        series.uitsplitsing,
        series.rol,
        series.onderdeel,
        series.edition_order,
        series.periode_soort,
        coalesce(series.measure_title, regexp_replace(series.measure_stem, '([a-z0-9])([A-Z])', '\1 \2', 'g'))
        || coalesce(' (' || afbakening.afbakening || ')', '') as omschrijving
    from series
    left join afbakening
        on series.dimension_filters = afbakening.dimension_filters
),

-- The newest table speaks for the older ones of the same series.
onderdelen as (
    select
        reeks_id,
        uitsplitsing,
        rol,
        onderdeel,
        arg_min(omschrijving, edition_order::integer) as omschrijving,
        arg_min(periode_soort, edition_order::integer) as periode_soort
    from omschreven
    group by
        reeks_id,
        uitsplitsing,
        rol,
        onderdeel
)

select
    reeks_id,
    uitsplitsing,
    rol,
    string_agg(omschrijving, ' + ' order by onderdeel::integer) as omschrijving,
    case any_value(periode_soort)
        when 'schooljaar' then 'schooljaar'
        when 'december' then 'stand van december'
        when 'tabel' then 'jaar van de meting'
        else 'kalenderjaar'
    end as jaar_soort
from onderdelen
group by
    reeks_id,
    uitsplitsing,
    rol
