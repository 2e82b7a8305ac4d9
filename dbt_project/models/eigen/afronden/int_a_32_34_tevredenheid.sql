with

tevredenheid as (
    select * from {{ ref('int_tevredenheid') }}
    where groep in ('deelnemer', 'partner', 'opdrachtgever')
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- The last score of a respondent, over all gemeenten; without a respondent key every measurement is somebody else's.
op_volgorde as (
    select
        tevredenheid.gemeente_code,
        periode.periode,
        tevredenheid.groep,
        tevredenheid.score,
        tevredenheid.toestemming_publicatie,
        row_number() over (
            partition by
                periode.periode,
                tevredenheid.groep,
                tevredenheid.respondent_id,
                case when tevredenheid.respondent_id is null then tevredenheid.meting_id end
            order by tevredenheid.datum desc, tevredenheid.meting_id desc
        ) = 1 as is_laatste
    from tevredenheid
    inner join periode
        on {{ in_periode('tevredenheid.datum') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        groep,
        count(*) as alle_metingen,
        count(*) filter (where is_laatste) as metingen,
        count(*) filter (where not is_laatste) as eerdere_metingen,
        coalesce(sum(score) filter (where is_laatste), 0) as som,
        {{ exact_stddev('score') }} filter (where is_laatste) as spreiding,
        count(*) filter (where is_laatste and score >= 8) as acht_of_hoger,
        count(*) filter (where is_laatste and score <= 5) as vijf_of_lager,
        count(*) filter (where is_laatste and toestemming_publicatie is distinct from true) as zonder_toestemming
    from op_volgorde
    group by {{ per_gebied(['groep']) }}
),

-- A client's score may not leave the organisation without consent: counted here, kept back at publication.
samengevat as (
    select
        *,
        {{ json_telling({'eerdere_meting': 'eerdere_metingen'}) }} as uitgesloten,
        {{ json_telling({
            'eerdere_meting': 'eerdere_metingen',
            'zonder_toestemming': 'zonder_toestemming',
        }) }} as uitgesloten_opdrachtgever
    from geteld
)

select
    {{ eigen_rij(
        "case groep when 'deelnemer' then 'A 32' when 'partner' then 'A 33' else 'A 34' end", "'gemiddelde'",
        teller='som', noemer='metingen', n='metingen', eenheden='metingen', met_waarde='metingen',
        uitgesloten="case when groep = 'opdrachtgever' then uitgesloten_opdrachtgever else uitgesloten end",
        spreiding='spreiding'
    ) }}
from samengevat
{% for variant, teller in [('percentage_8_of_hoger', 'acht_of_hoger'), ('percentage_5_of_lager', 'vijf_of_lager')] %}
    union all
    select
        {{ eigen_rij(
            "'A 32'", "'" ~ variant ~ "'", teller=teller, noemer='metingen', n='metingen',
            eenheden='metingen', met_waarde='metingen', uitgesloten='uitgesloten'
        ) }}
    from samengevat
    where groep = 'deelnemer'
{% endfor %}
