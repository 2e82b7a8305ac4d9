with

reeks_deel_indeling as (
    select * from {{ ref('int_reeks_deel_indeling') }}
),

reeks_periode as (
    select * from {{ ref('int_reeks_periode') }}
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
        reeks_deel_indeling.naar_jaar as indelingsjaar,
        reeks_deel_indeling.gemeente_code,
        reeks_deel_indeling.waarde as inwoners,
        reeks_deel_indeling.ontbreekt_reden,
        reeks_deel_indeling.is_herleid,
        reeks_periode.bron_id
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
),

-- One series a year for the whole country, so that sizes and weights can be set beside each other.
gekozen as (
    select
        jaar,
        min(voorrang) as voorrang
    from uit_reeksen
    where gemeente_code <> '{{ var("land_code") }}' and inwoners is not null
    group by jaar
)

select
    uit_reeksen.jaar,
    uit_reeksen.indelingsjaar,
    uit_reeksen.gemeente_code,
    uit_reeksen.inwoners,
    uit_reeksen.ontbreekt_reden,
    uit_reeksen.is_herleid,
    uit_reeksen.bron_id,
    uit_reeksen.voorrang
from uit_reeksen
inner join gekozen
    on
        uit_reeksen.jaar = gekozen.jaar
        and uit_reeksen.voorrang = gekozen.voorrang
