with recursive

gemeente_jaar as (
    select * from {{ ref('int_gemeente_jaar') }}
),

herindeling as (
    select * from {{ ref('int_herindeling') }}
),

laatste as (
    select max(jaar) as jaar from gemeente_jaar
),

-- Every gemeente of every year, followed year by year to the newest one.
keten as (
    select
        jaar as van_jaar,
        gemeente_code as van_code,
        jaar as naar_jaar,
        gemeente_code as naar_code,
        1::double as aandeel,
        false as is_deel
    from gemeente_jaar
    union all
    select
        keten.van_jaar,
        keten.van_code,
        keten.naar_jaar + 1 as naar_jaar,
        coalesce(herindeling.nieuwe_code, keten.naar_code) as naar_code,
        keten.aandeel * coalesce(herindeling.aandeel, 1) as aandeel,
        keten.is_deel or coalesce(herindeling.is_deel, false) as is_deel
    from keten
    left join herindeling
        on
            keten.naar_jaar + 1 = herindeling.indelingsjaar
            and keten.naar_code = herindeling.oude_code
    where keten.naar_jaar < (select laatste.jaar from laatste)
),

vooruit as (
    select
        van_jaar,
        van_code,
        naar_jaar,
        naar_code,
        sum(aandeel) as aandeel,
        bool_and(is_deel) as is_deel
    from keten
    group by van_jaar, van_code, naar_jaar, naar_code
),

-- A figure on a later division can be read on an earlier one only for a gemeente that stayed the same.
terug as (
    select
        naar_jaar as van_jaar,
        naar_code as van_code,
        van_jaar as naar_jaar,
        any_value(van_code) as naar_code,
        1::double as aandeel,
        false as is_deel
    from vooruit
    where naar_jaar > van_jaar
    group by naar_jaar, naar_code, van_jaar
    having count(*) = 1 and min(aandeel) = 1 and not bool_or(is_deel)
),

jaren as (
    select distinct jaar from gemeente_jaar
),

land as (
    select
        van.jaar as van_jaar,
        '{{ var("land_code") }}' as van_code,
        naar.jaar as naar_jaar,
        '{{ var("land_code") }}' as naar_code,
        1::double as aandeel,
        false as is_deel
    from jaren as van
    cross join jaren as naar
),

overgang as (
    select * from vooruit
    union all
    select * from terug
    union all
    select * from land
)

select
    van_jaar,
    van_code,
    naar_jaar,
    naar_code,
    aandeel,
    is_deel
from overgang
