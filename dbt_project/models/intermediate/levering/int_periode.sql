with

levering as (
    select * from {{ ref('int_levering') }}
),

jaren as (
    select
        periode_van,
        peildatum,
        unnest(generate_series(year(periode_van), year(peildatum)))::integer as jaar
    from levering
),

kwartalen as (
    select unnest(generate_series(1, 4))::integer as kwartaal
),

perioden as (
    select
        jaar::varchar as periode,
        'jaar' as periode_soort,
        jaar,
        make_date(jaar, 1, 1) as van,
        make_date(jaar, 12, 31) as tot,
        periode_van,
        peildatum
    from jaren
    union all
    select
        jaren.jaar || '-Q' || kwartalen.kwartaal as periode,
        'kwartaal' as periode_soort,
        jaren.jaar,
        make_date(jaren.jaar, 3 * kwartalen.kwartaal - 2, 1) as van,
        last_day(make_date(jaren.jaar, 3 * kwartalen.kwartaal, 1)) as tot,
        jaren.periode_van,
        jaren.peildatum
    from jaren
    cross join kwartalen
)

select
    periode,
    periode_soort,
    jaar,
    van,
    tot,
    -- The last day that the delivery says anything about.
    least(tot, peildatum) as d,
    peildatum < tot or van < periode_van as is_onvolledig
from perioden
where van <= peildatum and tot >= periode_van
