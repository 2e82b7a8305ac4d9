with

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

inwoners_indeling as (
    select * from {{ ref('int_inwoners_indeling') }}
),

publicatie_indeling as (
    select max(indelingsjaar) as indelingsjaar from gemeente
),

uit_reeksen as (
    select
        inwoners_indeling.gemeente_code,
        inwoners_indeling.jaar,
        inwoners_indeling.inwoners,
        inwoners_indeling.ontbreekt_reden,
        inwoners_indeling.is_herleid,
        inwoners_indeling.bron_id,
        inwoners_indeling.voorrang
    from inwoners_indeling
    inner join publicatie_indeling
        on inwoners_indeling.indelingsjaar = publicatie_indeling.indelingsjaar
),

-- The list of gemeenten has inhabitants of its own year, for when no series has that year.
uit_rooster as (
    select
        gemeente.gemeente_code,
        gemeente.indelingsjaar as jaar,
        gemeente.inwoners::double as inwoners,
        null::varchar as ontbreekt_reden,
        false as is_herleid,
        gemeente.indeling_bron as bron_id,
        {{ var('inwoners_reeksen') | length + 1 }} as voorrang
    from gemeente
    left join uit_reeksen
        on gemeente.indelingsjaar = uit_reeksen.jaar
    where gemeente.inwoners is not null and uit_reeksen.jaar is null
),

cijfers as (
    select * from uit_reeksen
    union all
    select * from uit_rooster
)

select
    gemeente_code,
    jaar,
    inwoners,
    ontbreekt_reden,
    is_herleid,
    bron_id,
    voorrang
from cijfers
