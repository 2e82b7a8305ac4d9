with

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

reeks_deel as (
    select * from {{ ref('int_reeks_deel') }}
),

gemeente_wijziging as (
    select * from {{ ref('int_gemeente_wijziging') }}
),

klassen as (
    select * from reeks_deel
    where reeks_id = '{{ var("stedelijkheid_reeks") }}'
),

nieuwste_jaar as (
    select
        jaar,
        indelingsjaar
    from klassen
    where waarde is not null and gemeente_code <> '{{ var("land_code") }}'
    order by jaar desc
    limit 1
)

-- A class belongs to one territory: it is not carried over a change of borders.
select
    gemeente.gemeente_code,
    nieuwste_jaar.jaar as stedelijkheid_jaar,
    case when gemeente_wijziging.wijziging = 'ongewijzigd' then klassen.waarde::integer end as stedelijkheid,
    case
        when gemeente_wijziging.wijziging is null or gemeente_wijziging.wijziging <> 'ongewijzigd' then 'herindeling'
        when klassen.gemeente_code is null then 'niet_gepubliceerd'
        else klassen.ontbreekt_reden
    end as ontbreekt_reden
from gemeente
cross join nieuwste_jaar
left join gemeente_wijziging
    on
        nieuwste_jaar.indelingsjaar = gemeente_wijziging.van_jaar
        and gemeente.indelingsjaar = gemeente_wijziging.naar_jaar
        and gemeente.gemeente_code = gemeente_wijziging.gemeente_code
left join klassen
    on
        nieuwste_jaar.jaar = klassen.jaar
        and gemeente_wijziging.van_code = klassen.gemeente_code
