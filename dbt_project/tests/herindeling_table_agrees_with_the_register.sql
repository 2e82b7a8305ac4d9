-- A warning: the table of CBS and herindeling.csv differ about who went where by more than half a percent.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_herindeling_bron'}}}) }}

with

herindeling_bron as (
    select * from {{ ref('int_herindeling_bron') }}
    where soort <> 'voorgenomen'
),

-- Years that the table tells of and the registry knows: the one may run ahead of the other.
jaren as (
    select indelingsjaar
    from herindeling_bron
    group by indelingsjaar
    having bool_or(herkomst = 'register') and bool_or(herkomst <> 'register')
),

aandelen as (
    select
        indelingsjaar,
        oude_code,
        nieuwe_code,
        coalesce(sum(aandeel) filter (where herkomst <> 'register'), 0) as aandeel_tabel,
        coalesce(sum(aandeel) filter (where herkomst = 'register'), 0) as aandeel_register,
        bool_or(vervalt and aandeel is null) as is_onverdeeld
    from herindeling_bron
    group by indelingsjaar, oude_code, nieuwe_code
)

select
    aandelen.indelingsjaar,
    aandelen.oude_code,
    aandelen.nieuwe_code,
    aandelen.aandeel_tabel,
    aandelen.aandeel_register
from aandelen
inner join jaren
    on aandelen.indelingsjaar = jaren.indelingsjaar
where
    aandelen.is_onverdeeld
    or abs(aandelen.aandeel_tabel - aandelen.aandeel_register) > {{ var('overgang_drempel') }}
