with recursive

gemeente_register as (
    select * from {{ ref('gemeente_register') }}
),

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

herindeling as (
    select * from {{ ref('int_herindeling') }}
),

overgang as (
    select * from {{ ref('int_gemeente_overgang') }}
),

publicatie_indeling as (
    select max(indelingsjaar) as indelingsjaar from gemeente
),

codes as (
    select distinct gemeente_code as aangeleverde_code from gemeente_register
),

-- A gemeente that gave away a part and went on keeps its records: only what ended has successors.
opgeheven as (
    select
        herindeling.oude_code,
        herindeling.nieuwe_code,
        herindeling.indelingsjaar
    from herindeling
    inner join publicatie_indeling
        on herindeling.indelingsjaar <= publicatie_indeling.indelingsjaar
    where
        not exists (
            select 1
            from herindeling as behouden
            where
                behouden.indelingsjaar = herindeling.indelingsjaar
                and behouden.oude_code = herindeling.oude_code
                and behouden.nieuwe_code = herindeling.oude_code
        )
),

-- What a gemeente went into can have ended in turn.
keten as (
    select
        aangeleverde_code,
        aangeleverde_code as gemeente_code,
        0 as indelingsjaar
    from codes
    union
    select
        keten.aangeleverde_code,
        opgeheven.nieuwe_code as gemeente_code,
        opgeheven.indelingsjaar
    from keten
    inner join opgeheven
        on
            keten.gemeente_code = opgeheven.oude_code
            and keten.indelingsjaar < opgeheven.indelingsjaar
),

vooruit as (
    select distinct
        keten.aangeleverde_code,
        gemeente.gemeente_code
    from keten
    inner join gemeente
        on keten.gemeente_code = gemeente.gemeente_code
),

-- A code that is newer than the publication's division, of a gemeente that only changed its code since.
terug as (
    select distinct
        overgang.van_code as aangeleverde_code,
        overgang.naar_code as gemeente_code
    from overgang
    inner join publicatie_indeling
        on
            overgang.naar_jaar = publicatie_indeling.indelingsjaar
            and overgang.van_jaar > overgang.naar_jaar
    left join vooruit
        on overgang.van_code = vooruit.aangeleverde_code
    where
        vooruit.aangeleverde_code is null
        and overgang.van_code <> '{{ var("land_code") }}'
),

bestemmingen as (
    select * from vooruit
    union all
    select * from terug
)

select
    codes.aangeleverde_code,
    case
        when count(bestemmingen.gemeente_code) = 1 then any_value(bestemmingen.gemeente_code)
        else {{ onbekende_gemeente() }}
    end as gemeente_code
from codes
left join bestemmingen
    on codes.aangeleverde_code = bestemmingen.aangeleverde_code
group by codes.aangeleverde_code
