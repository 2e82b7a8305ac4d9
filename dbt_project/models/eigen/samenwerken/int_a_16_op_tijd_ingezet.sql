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

-- The figure itself is about cases of high complexity; the same over all cases stands beside it.
verzoek as (
    select
        partnerverzoek.gemeente_code,
        partnerverzoek.verzocht_op::date as verzocht_dag,
        partnerverzoek.gewenste_startdatum,
        partnerverzoek.geleverde_startdatum,
        partnerverzoek.complexiteit,
        casus.deelnemer_id,
        {{ hoog_en_alle('partnerverzoek.complexiteit') }} as achtervoegsel
    from partnerverzoek
    inner join casus
        on partnerverzoek.casus_id = casus.casus_id
),

beoordeeld as (
    select
        *,
        achtervoegsel = '' and complexiteit is null as is_onbekend
    from verzoek
),

geleverd as (
    select
        beoordeeld.gemeente_code,
        periode.periode,
        beoordeeld.achtervoegsel,
        beoordeeld.is_onbekend,
        case
            when not beoordeeld.is_onbekend then beoordeeld.geleverde_startdatum - beoordeeld.gewenste_startdatum
        end as verschil
    from beoordeeld
    inner join periode
        on {{ in_periode('beoordeeld.geleverde_startdatum') }}
),

vertraagd as (
    select
        *,
        case
            when {{ 'true' if var('a16_vroeg_is_nul', true) else 'false' }} and verschil < 0 then 0
            else verschil
        end as dagen
    from geleverd
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        achtervoegsel,
        count(*) as geleverd,
        count(dagen) as leveringen,
        count(*) filter (where is_onbekend) as complexiteit_onbekend,
        count(*) filter (where dagen is null and not is_onbekend) as zonder_gewenste_datum,
        count(*) filter (where verschil <= 0) as op_tijd,
        coalesce(sum(dagen), 0) as dagen,
        {{ kwantiel('dagen', 0.5) }} as mediaan
    from vertraagd
    group by {{ per_gebied(['achtervoegsel']) }}
),

samengevat as (
    select
        *,
        dagen::double / nullif(leveringen, 0) as gemiddelde,
        {{ json_telling({
            'complexiteit_onbekend': 'complexiteit_onbekend', 'zonder_gewenste_datum': 'zonder_gewenste_datum'
        }) }} as uitgesloten
    from geteld
),

open_verzoek as (
    select
        beoordeeld.gemeente_code,
        periode.periode,
        beoordeeld.achtervoegsel,
        beoordeeld.is_onbekend,
        beoordeeld.gewenste_startdatum is not null and not beoordeeld.is_onbekend as is_open,
        beoordeeld.deelnemer_id
    from beoordeeld
    inner join periode
        on {{ actief_op('beoordeeld.verzocht_dag', 'beoordeeld.geleverde_startdatum') }}
),

openstaand as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        achtervoegsel,
        count(*) as verzoeken,
        count(*) filter (where is_open) as openstaand,
        count(*) filter (where is_onbekend) as complexiteit_onbekend,
        count(*) filter (where not is_open and not is_onbekend) as zonder_gewenste_datum,
        count(distinct deelnemer_id) filter (where is_open) as deelnemers
    from open_verzoek
    group by {{ per_gebied(['achtervoegsel']) }}
),

openstaand_samengevat as (
    select
        *,
        {{ json_telling({
            'complexiteit_onbekend': 'complexiteit_onbekend', 'zonder_gewenste_datum': 'zonder_gewenste_datum'
        }) }} as uitgesloten
    from openstaand
)

{% for variant in ['mediaan', 'gemiddelde'] %}
    select
        {{ eigen_rij(
            "'A 16'", "'" ~ variant ~ "' || achtervoegsel", teller='dagen', noemer='leveringen', waarde=variant,
            n='leveringen', eenheden='geleverd', met_waarde='leveringen', uitgesloten='uitgesloten'
        ) }}
    from samengevat
    union all
{% endfor %}
select
    {{ eigen_rij(
        "'A 16'", "'percentage_op_tijd' || achtervoegsel", teller='op_tijd', noemer='leveringen', n='leveringen',
        eenheden='geleverd', met_waarde='leveringen', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 16'", "'openstaand' || achtervoegsel", teller='openstaand', n='deelnemers',
        eenheden='verzoeken', met_waarde='openstaand', uitgesloten='uitgesloten'
    ) }}
from openstaand_samengevat
