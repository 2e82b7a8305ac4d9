with

series_selection as (
    select * from {{ ref('stg_lake__series_selection') }}
),

series as (
    select * from {{ ref('series') }}
),

bron_periode as (
    select * from {{ ref('int_bron_periode') }}
),

edition as (
    select * from {{ ref('stg_lake__edition') }}
),

-- '2011-', '2011-2023', '2014;2018' or empty for all years.
jaren_delen as (
    select distinct
        jaren,
        unnest(string_split(jaren, ';')) as deel
    from series_selection
),

jaren_bereik as (
    select
        jaren,
        try_cast(split_part(deel, '-', 1) as integer) as jaar_van,
        case
            when contains(deel, '-') then try_cast(split_part(deel, '-', 2) as integer)
            else try_cast(deel as integer)
        end as jaar_tot
    from jaren_delen
),

-- A part that could not be resolved must not quietly make a smaller sum.
verwacht as (
    select
        series_id as reeks_id,
        uitsplitsing,
        rol,
        edition_order::integer as edition_order,
        count(distinct onderdeel) as n_onderdelen
    from series
    group by series_id, uitsplitsing, rol, edition_order
),

per_periode as (
    select
        series_selection.reeks_id,
        series_selection.uitsplitsing,
        series_selection.rol,
        series_selection.onderdeel,
        series_selection.bron_id,
        series_selection.editie,
        series_selection.measure,
        series_selection.dimensions,
        series_selection.grens,
        series_selection.multiplier,
        series_selection.absent,
        series_selection.n_codes,
        series_selection.indelingsjaar,
        series_selection.edition_order,
        bron_periode.periode_code,
        bron_periode.status_rang,
        series_selection.periode_soort as gevraagd,
        bron_periode.periode,
        -- A table without periods is one year, and the registry says which.
        case
            when series_selection.periode_soort = 'tabel' then jaren_bereik.jaar_van
            else bron_periode.jaar
        end as jaar
    from series_selection
    inner join bron_periode
        on
            series_selection.bron_id = bron_periode.bron_id
            and series_selection.editie = bron_periode.editie
            and case series_selection.periode_soort
                when 'tabel' then true
                when 'december' then bron_periode.periode_code like '%MM12'
                else series_selection.periode_soort = bron_periode.periode_soort
            end
    inner join jaren_bereik
        on
            series_selection.jaren = jaren_bereik.jaren
            and (
                series_selection.periode_soort = 'tabel'
                or (
                    coalesce(bron_periode.jaar >= jaren_bereik.jaar_van, true)
                    and coalesce(bron_periode.jaar <= jaren_bereik.jaar_tot, true)
                )
            )
)

select
    per_periode.reeks_id,
    per_periode.uitsplitsing,
    per_periode.rol,
    per_periode.onderdeel,
    -- One number for one part of one series in one period: joins on it are cheaper than on its five columns.
    dense_rank() over (
        order by
            per_periode.reeks_id,
            per_periode.uitsplitsing,
            per_periode.rol,
            per_periode.onderdeel,
            per_periode.jaar,
            per_periode.gevraagd
    ) as cijfer_id,
    per_periode.bron_id,
    per_periode.editie,
    per_periode.measure,
    per_periode.dimensions,
    per_periode.grens,
    per_periode.periode_code,
    case
        when per_periode.gevraagd = 'schooljaar' then per_periode.periode
        else per_periode.jaar::varchar
    end as periode,
    per_periode.jaar,
    case when per_periode.gevraagd = 'schooljaar' then 'schooljaar' else 'jaar' end as periode_soort,
    per_periode.multiplier,
    per_periode.absent,
    per_periode.n_codes,
    coalesce(verwacht.n_onderdelen, 1) as n_onderdelen,
    per_periode.status_rang,
    coalesce(per_periode.indelingsjaar, per_periode.jaar) as indelingsjaar,
    edition.verouderd_sinds
from per_periode
left join verwacht
    on
        per_periode.reeks_id = verwacht.reeks_id
        and per_periode.uitsplitsing = verwacht.uitsplitsing
        and per_periode.rol = verwacht.rol
        and per_periode.edition_order = verwacht.edition_order
left join edition
    on
        per_periode.bron_id = edition.bron_id
        and per_periode.editie = edition.editie
