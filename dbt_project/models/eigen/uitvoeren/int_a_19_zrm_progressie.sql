with

casus as (
    select * from {{ ref('int_casus') }}
),

zrm_score as (
    select * from {{ ref('int_zrm_score') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- A domain that was not discussed has no score; a measurement of nothing else never took place.
scores as (
    select
        casus_id,
        meetdatum,
        domein,
        versie,
        score,
        min(meetdatum) over (partition by casus_id) as eerste_meetdatum
    from zrm_score
    where score is not null
),

eerste_scores as (
    select * from scores
    where meetdatum = eerste_meetdatum
),

-- Every measurement beside the first one of its case, on the domains that both scored with the same version.
metingen as (
    select
        scores.casus_id,
        scores.meetdatum,
        scores.meetdatum > scores.eerste_meetdatum as is_vervolg,
        count(eerste_scores.score) as gedeelde_domeinen,
        count(*) filter (where scores.score > eerste_scores.score) as domeinen_vooruit,
        count(*) filter (where scores.score < eerste_scores.score) as domeinen_achteruit,
        sum(scores.score) filter (where eerste_scores.score is not null) - sum(eerste_scores.score) as verschil
    from scores
    left join eerste_scores
        on
            scores.casus_id = eerste_scores.casus_id
            and scores.domein = eerste_scores.domein
            and scores.versie is not distinct from eerste_scores.versie
    group by scores.casus_id, scores.meetdatum, scores.eerste_meetdatum
),

in_behandeling as (
    select
        casus.casus_id,
        casus.gemeente_code,
        periode.periode,
        periode.d
    from casus
    inner join periode
        on {{ overlapt('casus.startdatum', 'casus.einddatum') }}
),

-- The last measurement that was known on the last day of the period.
laatste_meting as (
    select
        in_behandeling.gemeente_code,
        in_behandeling.periode,
        metingen.casus_id is not null as is_gemeten,
        coalesce(metingen.is_vervolg, false) as is_herhaald,
        coalesce(metingen.is_vervolg and metingen.gedeelde_domeinen > 0, false) as is_vergelijkbaar,
        metingen.verschil,
        metingen.domeinen_vooruit,
        metingen.domeinen_achteruit
    from in_behandeling
    asof left join metingen
        on
            in_behandeling.casus_id = metingen.casus_id
            and in_behandeling.d >= metingen.meetdatum
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as casussen,
        count(*) filter (where is_vergelijkbaar) as gemeten,
        count(*) filter (where not is_gemeten) as niet_gemeten,
        count(*) filter (where is_gemeten and not is_herhaald) as eenmaal_gemeten,
        count(*) filter (where is_herhaald and not is_vergelijkbaar) as geen_gedeeld_domein,
        count(*) filter (where is_vergelijkbaar and verschil > 0) as vooruit,
        count(*) filter (where is_vergelijkbaar and verschil = 0) as gelijk,
        count(*) filter (where is_vergelijkbaar and verschil < 0) as achteruit,
        count(*) filter (
            where is_vergelijkbaar and domeinen_vooruit > 0 and domeinen_achteruit = 0
        ) as zuiver_vooruit
    from laatste_meting
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        {{ json_telling({
            'niet_gemeten': 'niet_gemeten',
            'eenmaal_gemeten': 'eenmaal_gemeten',
            'geen_gedeeld_domein': 'geen_gedeeld_domein',
        }) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 19'", "'percentage_van_alle'", teller='vooruit', noemer='casussen', n='casussen',
        eenheden='casussen', met_waarde='gemeten'
    ) }}
from samengevat
{% for teller in ['vooruit', 'gelijk', 'achteruit', 'zuiver_vooruit'] %}
    union all
    select
        {{ eigen_rij(
            "'A 19'", "'" ~ ('percentage' if teller == 'vooruit' else teller) ~ "_van_gemeten'",
            teller=teller, noemer='gemeten', n='gemeten',
            eenheden='casussen', met_waarde='gemeten', uitgesloten='uitgesloten'
        ) }}
    from samengevat
{% endfor %}
