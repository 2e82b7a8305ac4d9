with

register as (
    select * from {{ ref('herindeling') }}
),

gebeurtenis as (
    select * from {{ ref('stg_herindeling__gebeurtenis') }}
),

reeks_onderdeel as (
    select * from {{ ref('int_reeks_onderdeel') }}
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

-- Inhabitants on 1 January of a year, on the division of that same year: the gemeente as it was then.
inwoners as (
    select
        reeks_onderdeel.jaar,
        reeks_onderdeel.gemeente_code,
        arg_min(reeks_onderdeel.waarde, voorkeur.voorrang) as inwoners
    from reeks_onderdeel
    inner join voorkeur
        on
            reeks_onderdeel.reeks_id = voorkeur.reeks_id
            and reeks_onderdeel.uitsplitsing = 'totaal'
            and reeks_onderdeel.rol = 'waarde'
            and reeks_onderdeel.jaar = reeks_onderdeel.indelingsjaar
    where reeks_onderdeel.waarde > 0
    group by reeks_onderdeel.jaar, reeks_onderdeel.gemeente_code
),

uit_register as (
    select
        indelingsjaar::integer as indelingsjaar,
        ingangsdatum::date as ingangsdatum,
        oude_code,
        nieuwe_code,
        soort,
        aandeel::double as aandeel,
        bool_or(soort <> 'grenswijziging') over (partition by indelingsjaar, ingangsdatum, oude_code) as vervalt
    from register
),

uit_tabel as (
    select
        gebeurtenis.bron_id,
        gebeurtenis.indelingsjaar,
        gebeurtenis.ingangsdatum,
        gebeurtenis.oude_code,
        gebeurtenis.nieuwe_code,
        gebeurtenis.soort,
        gebeurtenis.inwoners,
        uit_register.aandeel as aandeel_register,
        inwoners.inwoners as inwoners_gever,
        bool_or(gebeurtenis.soort <> 'grenswijziging') over gever as vervalt,
        sum(gebeurtenis.inwoners) over gever as inwoners_verplaatst,
        sum(uit_register.aandeel) over gever as aandelen_register,
        count(*) over gever as aantal_ontvangers
    from gebeurtenis
    left join uit_register
        on
            gebeurtenis.indelingsjaar = uit_register.indelingsjaar
            and gebeurtenis.oude_code = uit_register.oude_code
            and gebeurtenis.nieuwe_code = uit_register.nieuwe_code
            and (gebeurtenis.soort <> 'grenswijziging') = uit_register.vervalt
    left join inwoners
        on
            gebeurtenis.indelingsjaar - 1 = inwoners.jaar
            and gebeurtenis.oude_code = inwoners.gemeente_code
    window gever as (partition by gebeurtenis.ingangsdatum, gebeurtenis.oude_code)
),

-- Shares of a gemeente that ended are those of all who moved; of one that went on, of those who lived there.
tabel_aandeel as (
    select
        bron_id as herkomst,
        indelingsjaar,
        ingangsdatum,
        oude_code,
        nieuwe_code,
        soort,
        inwoners,
        vervalt,
        case
            when vervalt and inwoners_verplaatst > 0 then coalesce(inwoners, 0) / inwoners_verplaatst
            when vervalt and aandelen_register > 0 then coalesce(aandeel_register, 0) / aandelen_register
            when vervalt and aantal_ontvangers = 1 then 1
            when vervalt then null
            when aandeel_register is not null then aandeel_register
            -- A null of either makes the smallest of the two 1: it has to be kept out.
            when inwoners is not null and inwoners_gever is not null then least(inwoners / inwoners_gever, 1)
        end::double as aandeel,
        case
            when vervalt and inwoners_verplaatst > 0 then 'inwoners'
            when vervalt and aandelen_register > 0 then 'register'
            when vervalt and aantal_ontvangers = 1 then 'enige_ontvanger'
            when vervalt then 'onbekend'
            when aandeel_register is not null then 'register'
            when inwoners is not null and inwoners_gever is not null then 'inwoners'
            else 'onbekend'
        end as aandeel_grond
    from uit_tabel
),

register_aandeel as (
    select
        'register' as herkomst,
        indelingsjaar,
        ingangsdatum,
        oude_code,
        nieuwe_code,
        soort,
        null::bigint as inwoners,
        vervalt,
        aandeel,
        case when aandeel is null then 'onbekend' else 'register' end as aandeel_grond
    from uit_register
),

tabel_gever as (
    select
        indelingsjaar,
        oude_code,
        bool_or(vervalt) as vervalt,
        count(aandeel) filter (where vervalt) = count(*) filter (where vervalt) as is_verdeeld
    from tabel_aandeel
    group by indelingsjaar, oude_code
),

register_gever as (
    select
        indelingsjaar,
        oude_code,
        bool_or(vervalt) as vervalt
    from register_aandeel
    group by indelingsjaar, oude_code
),

-- The table goes before, unless only the register knows that a gemeente ended or what became of its parts.
gekozen as (
    select
        tabel_gever.indelingsjaar,
        tabel_gever.oude_code,
        tabel_gever.is_verdeeld and (tabel_gever.vervalt or not coalesce(register_gever.vervalt, false)) as is_tabel
    from tabel_gever
    left join register_gever
        on
            tabel_gever.indelingsjaar = register_gever.indelingsjaar
            and tabel_gever.oude_code = register_gever.oude_code
),

beide as (
    select
        *,
        true as is_tabel
    from tabel_aandeel
    union all
    select
        *,
        false as is_tabel
    from register_aandeel
)

select
    beide.herkomst,
    beide.indelingsjaar,
    beide.ingangsdatum,
    beide.oude_code,
    beide.nieuwe_code,
    beide.soort,
    beide.vervalt,
    beide.inwoners,
    beide.aandeel,
    beide.aandeel_grond,
    -- How much of the receiver the newcomers are; a gemeente that did not exist yet is measured as it began.
    coalesce(beide.inwoners, beide.aandeel * gever.inwoners)
    / coalesce(ontvanger.inwoners, begin_ontvanger.inwoners) as aandeel_ontvanger,
    beide.is_tabel = coalesce(gekozen.is_tabel, false) as is_gekozen
from beide
left join gekozen
    on
        beide.indelingsjaar = gekozen.indelingsjaar
        and beide.oude_code = gekozen.oude_code
left join inwoners as gever
    on
        beide.indelingsjaar - 1 = gever.jaar
        and beide.oude_code = gever.gemeente_code
left join inwoners as ontvanger
    on
        beide.indelingsjaar - 1 = ontvanger.jaar
        and beide.nieuwe_code = ontvanger.gemeente_code
left join inwoners as begin_ontvanger
    on
        beide.indelingsjaar = begin_ontvanger.jaar
        and beide.nieuwe_code = begin_ontvanger.gemeente_code
