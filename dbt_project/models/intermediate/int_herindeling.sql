with recursive

herindeling_bron as (
    select * from {{ ref('int_herindeling_bron') }}
),

rooster as (
    select * from {{ ref('stg_gebieden__gemeente') }}
),

-- What is planned, or announced by the table, has not happened when a served division of that year or later still shows
-- the gemeente.
uitgebleven as (
    select distinct
        herindeling_bron.indelingsjaar,
        herindeling_bron.oude_code
    from herindeling_bron
    inner join rooster
        on
            herindeling_bron.oude_code = rooster.gemeente_code
            and herindeling_bron.indelingsjaar <= rooster.indelingsjaar
    where
        herindeling_bron.vervalt
        and (herindeling_bron.soort = 'voorgenomen' or herindeling_bron.herkomst <> 'register')
),

geldige_rijen as (
    select
        herindeling_bron.herkomst,
        herindeling_bron.indelingsjaar,
        herindeling_bron.ingangsdatum,
        herindeling_bron.oude_code,
        herindeling_bron.nieuwe_code,
        herindeling_bron.soort,
        herindeling_bron.vervalt,
        herindeling_bron.aandeel
    from herindeling_bron
    left join uitgebleven
        on
            herindeling_bron.indelingsjaar = uitgebleven.indelingsjaar
            and herindeling_bron.oude_code = uitgebleven.oude_code
    where
        herindeling_bron.is_gekozen
        and uitgebleven.oude_code is null
        -- Nobody knows how many moved: nobody did.
        and herindeling_bron.aandeel > 0
        -- A move is no change when it is small beside the giver and beside the receiver.
        and greatest(herindeling_bron.aandeel, herindeling_bron.aandeel_ontvanger) >= {{ var('overgang_drempel') }}
),

-- Shares of a dissolved gemeente are six decimals in the registry: brought to exactly one.
opgeheven as (
    select
        herkomst,
        indelingsjaar,
        ingangsdatum,
        oude_code,
        nieuwe_code,
        vervalt,
        aandeel / sum(aandeel) over gever as aandeel,
        soort = 'splitsing' or count(*) over gever > 1 as is_deel
    from geldige_rijen
    where vervalt
    window gever as (partition by indelingsjaar, ingangsdatum, oude_code)
),

afgestaan as (
    select
        herkomst,
        indelingsjaar,
        ingangsdatum,
        oude_code,
        nieuwe_code,
        vervalt,
        aandeel,
        true as is_deel
    from geldige_rijen
    where not vervalt
),

behouden as (
    select
        min(herkomst) as herkomst,
        indelingsjaar,
        ingangsdatum,
        oude_code,
        oude_code as nieuwe_code,
        vervalt,
        1 - sum(aandeel) as aandeel,
        false as is_deel
    from afgestaan
    group by indelingsjaar, ingangsdatum, oude_code, vervalt
),

alle_stappen as (
    select * from opgeheven
    union all
    select * from afgestaan
    union all
    select * from behouden
),

-- Between two lists in order of the calendar; on one day borders move before gemeenten end.
stappen as (
    select
        herkomst,
        indelingsjaar,
        oude_code,
        nieuwe_code,
        aandeel,
        is_deel,
        dense_rank() over (partition by indelingsjaar order by ingangsdatum asc, vervalt asc) as volgnummer
    from alle_stappen
),

laatste_stap as (
    select
        indelingsjaar,
        max(volgnummer) as volgnummer
    from stappen
    group by indelingsjaar
),

gevers as (
    select
        indelingsjaar,
        oude_code,
        min(herkomst) as herkomst
    from stappen
    group by indelingsjaar, oude_code
),

-- What went to a gemeente that ended itself before the next list goes on to its successor.
keten as (
    select
        gevers.herkomst,
        gevers.indelingsjaar,
        gevers.oude_code,
        gevers.oude_code as nieuwe_code,
        1::double as aandeel,
        false as is_deel,
        0::bigint as volgnummer
    from gevers
    union all
    select
        keten.herkomst,
        keten.indelingsjaar,
        keten.oude_code,
        coalesce(stappen.nieuwe_code, keten.nieuwe_code) as nieuwe_code,
        keten.aandeel * coalesce(stappen.aandeel, 1) as aandeel,
        keten.is_deel or coalesce(stappen.is_deel, false) as is_deel,
        keten.volgnummer + 1 as volgnummer
    from keten
    inner join laatste_stap
        on
            keten.indelingsjaar = laatste_stap.indelingsjaar
            and keten.volgnummer < laatste_stap.volgnummer
    left join stappen
        on
            keten.indelingsjaar = stappen.indelingsjaar
            and keten.volgnummer + 1 = stappen.volgnummer
            and keten.nieuwe_code = stappen.oude_code
)

select
    keten.indelingsjaar,
    keten.oude_code,
    keten.nieuwe_code,
    sum(keten.aandeel) as aandeel,
    bool_and(keten.is_deel) as is_deel,
    min(keten.herkomst) as herkomst
from keten
inner join laatste_stap
    on
        keten.indelingsjaar = laatste_stap.indelingsjaar
        and keten.volgnummer = laatste_stap.volgnummer
group by keten.indelingsjaar, keten.oude_code, keten.nieuwe_code
