{%- set kortste = 0 if var('a37_aansluitend_is_terugval', false) else 1 -%}
with

casus as (
    select * from {{ ref('int_casus') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

levering as (
    select * from {{ ref('int_levering') }}
),

gebied as (
    select * from {{ ref('int_eigen_gebied') }}
),

-- Without a year of registration before the period nobody could have come back: that is no zero.
perioden as (
    select
        periode.periode,
        periode.van,
        periode.d,
        periode.van - 365 >= levering.periode_van as heeft_historie
    from periode
    cross join levering
),

-- Every case that began within a year after another one of the same deelnemer had ended.
terugkeer as (
    select
        nieuw.casus_id,
        nieuw.gemeente_code,
        nieuw.deelnemer_id,
        nieuw.startdatum,
        bool_or(
            coalesce(nieuw.vraagstuk = eerder.vraagstuk, false)
            or coalesce(nieuw.vraagstukgroep = eerder.vraagstukgroep, false)
            or coalesce(nieuw.terugval_van_casus_id = eerder.casus_id, false)
        ) as is_terugval,
        bool_or(nieuw.vraagstuk is null or eerder.vraagstuk is null) as is_onbekend
    from casus as nieuw
    inner join casus as eerder
        on
            nieuw.deelnemer_id = eerder.deelnemer_id
            and nieuw.casus_id <> eerder.casus_id
            and nieuw.startdatum - eerder.einddatum between {{ kortste }} and 365
    group by nieuw.casus_id, nieuw.gemeente_code, nieuw.deelnemer_id, nieuw.startdatum
),

teruggekeerd as (
    select
        terugkeer.gemeente_code,
        perioden.periode,
        terugkeer.deelnemer_id,
        terugkeer.is_terugval,
        terugkeer.is_onbekend and not terugkeer.is_terugval as is_onbekend
    from terugkeer
    inner join perioden
        on {{ in_periode('terugkeer.startdatum', 'perioden') }}
    where perioden.heeft_historie
),

-- A person counts once per area; one relapse outweighs a return for something else.
teruggekeerd_per_deelnemer as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        deelnemer_id,
        bool_or(is_terugval) as is_terugval,
        bool_or(is_onbekend) and not bool_or(is_terugval) as is_onbekend
    from teruggekeerd
    group by {{ per_gebied(['deelnemer_id']) }}
),

tellers as (
    select
        gemeente_code,
        periode,
        count(*) as teruggekeerd,
        count(*) filter (where is_terugval) as terugval,
        count(*) filter (where is_onbekend) as onbekend
    from teruggekeerd_per_deelnemer
    group by gemeente_code, periode
),

-- Who could relapse in the period, in the gemeente of the case that ended.
afgesloten as (
    select
        casus.gemeente_code,
        perioden.periode,
        casus.deelnemer_id
    from casus
    inner join perioden
        on casus.einddatum between perioden.van - 365 and perioden.d - {{ kortste }}
    where perioden.heeft_historie
),

noemers as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(distinct deelnemer_id) as deelnemers
    from afgesloten
    group by {{ per_gebied() }}
),

-- The new case may lie in another gemeente than the one that ended.
samen as (
    select
        coalesce(noemers.gemeente_code, tellers.gemeente_code) as gemeente_code,
        coalesce(noemers.periode, tellers.periode) as periode,
        coalesce(noemers.deelnemers, 0) as afgesloten,
        coalesce(tellers.terugval, 0) as terugval,
        coalesce(tellers.teruggekeerd, 0) as teruggekeerd,
        coalesce(tellers.onbekend, 0) as onbekend
    from noemers
    full join tellers
        on
            noemers.gemeente_code = tellers.gemeente_code
            and noemers.periode = tellers.periode
),

zonder_historie as (
    select
        gebied.gemeente_code,
        perioden.periode
    from gebied
    cross join perioden
    where not perioden.heeft_historie
),

samengevat as (
    select
        *,
        teruggekeerd - onbekend as bekend,
        {{ json_telling({'vraagstuk_onbekend': 'onbekend'}) }} as uitgesloten
    from samen
)

select
    {{ eigen_rij(
        "'A 37'", "'aantal'", teller='terugval', n='terugval',
        eenheden='teruggekeerd', met_waarde='bekend', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 37'", "'percentage'", teller='terugval', noemer='afgesloten', n='afgesloten',
        eenheden='teruggekeerd', met_waarde='bekend', uitgesloten='uitgesloten'
    ) }}
from samengevat
{% for variant in ['aantal', 'percentage'] %}
    union all
    select
        {{ eigen_rij(
            "'A 37'", "'" ~ variant ~ "'", teller='null', n='0', eenheden='0', met_waarde='0',
            reden="'niet_geleverd'"
        ) }}
    from zonder_historie
{% endfor %}
