with

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

gemeente_register as (
    select * from {{ ref('gemeente_register') }}
),

herindeling as (
    select * from {{ ref('int_herindeling') }}
),

bron_periode as (
    select * from {{ ref('int_bron_periode') }}
),

series_selection as (
    select * from {{ ref('stg_lake__series_selection') }}
),

grenzen as (
    select
        (select min(herindeling.indelingsjaar) from herindeling) - 1 as eerste_jaar,
        greatest(
            (select max(herindeling.indelingsjaar) from herindeling),
            (select max(gemeente.indelingsjaar) from gemeente),
            (select max(bron_periode.jaar) from bron_periode),
            (select max(series_selection.indelingsjaar) from series_selection)
        ) as laatste_jaar
),

jaren as (
    select unnest(generate_series(eerste_jaar, laatste_jaar))::integer as jaar
    from grenzen
),

-- What is planned ends a gemeente here, and not in the register.
vervallen as (
    select distinct
        oude_code,
        indelingsjaar
    from herindeling
    where not is_deel and oude_code <> nieuwe_code
)

select
    jaren.jaar,
    gemeente_register.gemeente_code
from jaren
inner join gemeente_register
    on
        gemeente_register.geldig_van::date <= make_date(jaren.jaar, 1, 1)
        and coalesce(gemeente_register.geldig_tot::date > make_date(jaren.jaar, 1, 1), true)
left join vervallen
    on
        gemeente_register.gemeente_code = vervallen.oude_code
        and jaren.jaar >= vervallen.indelingsjaar
where vervallen.oude_code is null
