-- A merger that the register knows and herindeling.csv does not (or the other way round) would lose a gemeente.
{{ config(meta={'dagster': {'ref': {'name': 'herindeling'}}}) }}

with

jaren as (
    select distinct indelingsjaar as jaar
    from {{ ref('herindeling') }}
    where soort <> 'voorgenomen'
),

lijsten as (
    select
        jaren.jaar,
        register.gemeente_code,
        register.geldig_van <= make_date(jaren.jaar - 1, 1, 1)
        and coalesce(register.geldig_tot > make_date(jaren.jaar - 1, 1, 1), true) as stond_er,
        register.geldig_van <= make_date(jaren.jaar, 1, 1)
        and coalesce(register.geldig_tot > make_date(jaren.jaar, 1, 1), true) as staat_er
    from jaren
    cross join {{ ref('gemeente_register') }} as register
),

volgens_register as (
    select
        jaar,
        gemeente_code,
        case when stond_er then 'opgeheven' else 'nieuw' end as gebeurtenis
    from lijsten
    where stond_er <> staat_er
),

volgens_herindeling as (
    select
        herindeling.indelingsjaar as jaar,
        herindeling.oude_code as gemeente_code,
        'opgeheven' as gebeurtenis
    from {{ ref('herindeling') }} as herindeling
    where herindeling.soort not in ('grenswijziging', 'voorgenomen')
    union
    select
        herindeling.indelingsjaar as jaar,
        herindeling.nieuwe_code as gemeente_code,
        'nieuw' as gebeurtenis
    from {{ ref('herindeling') }} as herindeling
    inner join lijsten
        on
            herindeling.indelingsjaar = lijsten.jaar
            and herindeling.nieuwe_code = lijsten.gemeente_code
    where herindeling.soort <> 'voorgenomen' and not lijsten.stond_er
),

beide as (
    select
        jaar,
        gemeente_code,
        gebeurtenis
    from volgens_register
    union all
    select
        jaar,
        gemeente_code,
        gebeurtenis
    from volgens_herindeling
)

select
    jaar,
    gemeente_code,
    gebeurtenis
from beide
group by jaar, gemeente_code, gebeurtenis
having count(*) <> 2
