with

tevredenheid as (
    select * from {{ ref('int_tevredenheid') }}
    where groep in ('medewerker', 'stagiair', 'vrijwilliger', 'ervaringsdeskundige')
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

per_groep as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        groep,
        count(*) filter (where is_laatste) as respondenten,
        count(*) filter (where not is_laatste) as eerdere_metingen,
        coalesce(sum(score) filter (where is_laatste), 0) as som
    from op_volgorde
    group by {{ per_gebied(['groep']) }}
),

met_totaal as (
    select
        gemeente_code,
        periode,
        coalesce(groep, 'totaal') as uitsplitsing,
        sum(respondenten) as respondenten,
        sum(eerdere_metingen) as eerdere_metingen,
        sum(som) as som
    from per_groep
    group by grouping sets ((gemeente_code, periode, groep), (gemeente_code, periode))
),

samengevat as (
    select
        *,
        {{ json_telling({'eerdere_meting': 'eerdere_metingen'}) }} as uitgesloten
    from met_totaal
)

select
    {{ eigen_rij(
        "'K 1'", "'gemiddelde'", uitsplitsing='uitsplitsing', teller='som', noemer='respondenten', n='respondenten',
        eenheden='respondenten', met_waarde='respondenten', uitgesloten='uitgesloten'
    ) }}
from samengevat
