with

partnerverzoek as (
    select * from {{ ref('int_partnerverzoek') }}
),

casus as (
    select * from {{ ref('int_casus') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- A moment without a time of day says nothing about hours; its date still tells the days.
reactie as (
    select
        *,
        verzocht_op::date as verzocht_dag,
        gereageerd_op::date as gereageerd_dag,
        case
            when not verzocht_op_is_datum and not gereageerd_op_is_datum
                then (epoch(gereageerd_op) - epoch(verzocht_op)) / 3600
        end as uren
    from partnerverzoek
),

-- The figure itself is about cases of high complexity; the same over all cases stands beside it.
verzoek as (
    select
        reactie.gemeente_code,
        reactie.verzocht_dag,
        reactie.gereageerd_dag,
        reactie.uren,
        reactie.complexiteit,
        casus.deelnemer_id,
        {{ hoog_en_alle('reactie.complexiteit') }} as achtervoegsel
    from reactie
    inner join casus
        on reactie.casus_id = casus.casus_id
),

beoordeeld as (
    select
        *,
        achtervoegsel = '' and complexiteit is null as is_onbekend
    from verzoek
),

beantwoord as (
    select
        beoordeeld.gemeente_code,
        periode.periode,
        beoordeeld.achtervoegsel,
        beoordeeld.is_onbekend,
        case when not beoordeeld.is_onbekend then beoordeeld.uren end as uren,
        case when not beoordeeld.is_onbekend then beoordeeld.gereageerd_dag - beoordeeld.verzocht_dag end as dagen
    from beoordeeld
    inner join periode
        on {{ in_periode('beoordeeld.gereageerd_dag') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        achtervoegsel,
        count(*) as reacties,
        count(dagen) as met_datum,
        count(uren) as met_tijd,
        count(*) filter (where is_onbekend) as complexiteit_onbekend,
        count(*) filter (where uren is null and not is_onbekend) as alleen_datum,
        coalesce({{ exact_sum('uren') }}, 0) as uren,
        coalesce(sum(dagen), 0) as dagen,
        {{ kwantiel('uren', 0.5) }} as mediaan_uren,
        {{ kwantiel('dagen', 0.5) }} as mediaan_dagen
    from beantwoord
    group by {{ per_gebied(['achtervoegsel']) }}
),

samengevat as (
    select
        *,
        uren / nullif(met_tijd, 0) as gemiddelde_uren,
        dagen::double / nullif(met_datum, 0) as gemiddelde_dagen,
        {{ json_telling({'complexiteit_onbekend': 'complexiteit_onbekend', 'alleen_datum': 'alleen_datum'}) }}
            as uitgesloten_uren,
        {{ json_telling({'complexiteit_onbekend': 'complexiteit_onbekend'}) }} as uitgesloten_dagen
    from geteld
),

open_verzoek as (
    select
        beoordeeld.gemeente_code,
        periode.periode,
        beoordeeld.achtervoegsel,
        beoordeeld.is_onbekend,
        beoordeeld.deelnemer_id
    from beoordeeld
    inner join periode
        on {{ actief_op('beoordeeld.verzocht_dag', 'beoordeeld.gereageerd_dag') }}
),

openstaand as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        achtervoegsel,
        count(*) as verzoeken,
        count(*) filter (where not is_onbekend) as openstaand,
        count(*) filter (where is_onbekend) as complexiteit_onbekend,
        count(distinct deelnemer_id) filter (where not is_onbekend) as deelnemers
    from open_verzoek
    group by {{ per_gebied(['achtervoegsel']) }}
),

openstaand_samengevat as (
    select
        *,
        {{ json_telling({'complexiteit_onbekend': 'complexiteit_onbekend'}) }} as uitgesloten
    from openstaand
)

{% for variant in ['mediaan_uren', 'gemiddelde_uren'] %}
    select
        {{ eigen_rij(
            "'A 18'", "'" ~ variant ~ "' || achtervoegsel", teller='uren', noemer='met_tijd', waarde=variant,
            n='met_tijd', eenheden='reacties', met_waarde='met_tijd', uitgesloten='uitgesloten_uren'
        ) }}
    from samengevat
    union all
{% endfor %}
{% for variant in ['mediaan_dagen', 'gemiddelde_dagen'] %}
    select
        {{ eigen_rij(
            "'A 18'", "'" ~ variant ~ "' || achtervoegsel", teller='dagen', noemer='met_datum', waarde=variant,
            n='met_datum', eenheden='reacties', met_waarde='met_datum', uitgesloten='uitgesloten_dagen'
        ) }}
    from samengevat
    union all
{% endfor %}
select
    {{ eigen_rij(
        "'A 18'", "'openstaand' || achtervoegsel", teller='openstaand', n='deelnemers',
        eenheden='verzoeken', met_waarde='openstaand', uitgesloten='uitgesloten'
    ) }}
from openstaand_samengevat
