with

rooster as (
    select * from {{ ref('stg_gebieden__gemeente') }}
),

gemeente_register as (
    select * from {{ ref('gemeente_register') }}
),

herindeling as (
    select * from {{ ref('int_herindeling') }}
),

source_table as (
    select * from {{ ref('source_table') }}
),

bekende_indelingen as (
    select try_cast(indeling as integer) as indelingsjaar
    from source_table
    where bron = 'gebieden'
),

-- The year asked for, else the newest division that is served, else the newest one the registry knows a table of.
gekozen as (
    select
        coalesce(
            {{ gewenst_indelingsjaar() }},
            (select max(rooster.indelingsjaar) from rooster),
            (select max(bekende_indelingen.indelingsjaar) from bekende_indelingen)
        ) as indelingsjaar
),

uit_rooster as (
    select
        rooster.gemeente_code,
        rooster.gemeente_naam,
        rooster.provincie_code,
        rooster.provincie,
        rooster.inwoners,
        rooster.indelingsjaar,
        rooster.bron_id as indeling_bron
    from rooster
    inner join gekozen
        on rooster.indelingsjaar = gekozen.indelingsjaar
),

uit_register as (
    select
        gemeente_register.gemeente_code,
        gemeente_register.gemeente_naam,
        gemeente_register.provincie_code,
        gemeente_register.provincie,
        null::bigint as inwoners,
        gekozen.indelingsjaar,
        'gemeente_register' as indeling_bron
    from gemeente_register
    inner join gekozen
        on
            gemeente_register.geldig_van::date <= make_date(gekozen.indelingsjaar, 1, 1)
            and coalesce(gemeente_register.geldig_tot::date > make_date(gekozen.indelingsjaar, 1, 1), true)
    -- What is planned stands in herindeling only: the register does not end a gemeente before it has happened.
    left join herindeling
        on
            gemeente_register.gemeente_code = herindeling.oude_code
            and herindeling.oude_code <> herindeling.nieuwe_code
            and not herindeling.is_deel
            and gekozen.indelingsjaar >= herindeling.indelingsjaar
    where
        herindeling.oude_code is null
        and not exists (select 1 from uit_rooster)
),

indeling as (
    select * from uit_rooster
    union all
    select * from uit_register
)

select
    gemeente_code,
    gemeente_naam,
    provincie_code,
    provincie,
    inwoners,
    indelingsjaar,
    indeling_bron
from indeling
