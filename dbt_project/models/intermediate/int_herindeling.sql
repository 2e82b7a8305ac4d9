with

herindeling as (
    select * from {{ ref('herindeling') }}
),

rooster as (
    select * from {{ ref('stg_gebieden__gemeente') }}
),

-- A planned merger that a served division of that year or later does not show has not happened.
uitgebleven as (
    select distinct
        herindeling.indelingsjaar,
        herindeling.oude_code
    from herindeling
    inner join rooster
        on
            herindeling.oude_code = rooster.gemeente_code
            and herindeling.indelingsjaar <= rooster.indelingsjaar
    where herindeling.soort = 'voorgenomen'
),

geldige_rijen as (
    select
        herindeling.indelingsjaar::integer as indelingsjaar,
        herindeling.oude_code,
        herindeling.nieuwe_code,
        coalesce(herindeling.aandeel, 0)::double as aandeel,
        herindeling.soort,
        bool_or(herindeling.soort <> 'grenswijziging') over (
            partition by herindeling.indelingsjaar, herindeling.oude_code
        ) as vervalt
    from herindeling
    left join uitgebleven
        on
            herindeling.indelingsjaar = uitgebleven.indelingsjaar
            and herindeling.oude_code = uitgebleven.oude_code
    where uitgebleven.oude_code is null
),

-- Shares of a dissolved gemeente are six decimals in the source: brought to exactly one.
opgeheven as (
    select
        indelingsjaar,
        oude_code,
        nieuwe_code,
        aandeel / sum(aandeel) over (partition by indelingsjaar, oude_code) as aandeel,
        soort = 'splitsing' as is_deel
    from geldige_rijen
    where vervalt
),

afgestaan as (
    select
        indelingsjaar,
        oude_code,
        nieuwe_code,
        aandeel,
        true as is_deel
    from geldige_rijen
    where not vervalt and aandeel >= {{ var('overgang_drempel') }}
),

behouden as (
    select
        indelingsjaar,
        oude_code,
        oude_code as nieuwe_code,
        1 - sum(aandeel) as aandeel,
        false as is_deel
    from afgestaan
    group by indelingsjaar, oude_code
),

stappen as (
    select * from opgeheven
    union all
    select * from afgestaan
    union all
    select * from behouden
)

select
    indelingsjaar,
    oude_code,
    nieuwe_code,
    aandeel,
    is_deel
from stappen
