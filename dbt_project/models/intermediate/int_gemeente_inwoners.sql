with

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

reeks_deel_indeling as (
    select * from {{ ref('int_reeks_deel_indeling') }}
),

reeks_periode as (
    select * from {{ ref('int_reeks_periode') }}
),

publicatie_indeling as (
    select max(indelingsjaar) as indelingsjaar from gemeente
),

-- The series in the order in which they are preferred.
voorkeur as (
    {% for reeks in var('inwoners_reeksen') -%}
        select
            '{{ reeks }}' as reeks_id,
            {{ loop.index }} as voorrang
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

uit_reeksen as (
    select
        voorkeur.voorrang,
        reeks_periode.jaar,
        reeks_periode.bron_id,
        reeks_deel_indeling.gemeente_code,
        reeks_deel_indeling.waarde,
        reeks_deel_indeling.ontbreekt_reden,
        reeks_deel_indeling.is_herleid
    from reeks_deel_indeling
    inner join voorkeur
        on
            reeks_deel_indeling.reeks_id = voorkeur.reeks_id
            and reeks_deel_indeling.uitsplitsing = 'totaal'
    inner join reeks_periode
        on
            reeks_deel_indeling.reeks_id = reeks_periode.reeks_id
            and reeks_deel_indeling.uitsplitsing = reeks_periode.uitsplitsing
            and reeks_deel_indeling.rol = reeks_periode.rol
            and reeks_deel_indeling.periode = reeks_periode.periode
    inner join publicatie_indeling
        on reeks_deel_indeling.naar_jaar = publicatie_indeling.indelingsjaar
),

uit_rooster as (
    select
        {{ var('inwoners_reeksen') | length + 1 }} as voorrang,
        indelingsjaar as jaar,
        indeling_bron as bron_id,
        gemeente_code,
        inwoners::double as waarde,
        null::varchar as ontbreekt_reden,
        false as is_herleid
    from gemeente
    where inwoners is not null
),

cijfers as (
    select * from uit_reeksen
    union all
    select * from uit_rooster
),

-- One series and one year for the whole country, so that sizes can be compared.
gekozen as (
    select
        voorrang,
        jaar
    from cijfers
    where gemeente_code <> '{{ var("land_code") }}'
    group by voorrang, jaar
    having count(waarde) > 0
    order by voorrang asc, jaar desc
    limit 1
)

select
    cijfers.gemeente_code,
    round(cijfers.waarde)::bigint as inwoners,
    cijfers.jaar as inwoners_jaar,
    cijfers.bron_id as inwoners_bron_id,
    cijfers.is_herleid,
    cijfers.ontbreekt_reden
from cijfers
inner join gekozen
    on
        cijfers.voorrang = gekozen.voorrang
        and cijfers.jaar = gekozen.jaar
