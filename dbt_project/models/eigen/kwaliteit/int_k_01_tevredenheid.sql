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

in_uitsplitsing as (
    select
        *,
        unnest(['totaal', groep]) as uitsplitsing
    from op_volgorde
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        uitsplitsing,
        count(*) filter (where is_laatste) as respondenten,
        count(*) filter (where not is_laatste) as eerdere_metingen,
        coalesce(sum(score) filter (where is_laatste), 0) as som,
        {{ exact_stddev('score') }} filter (where is_laatste) as spreiding
    from in_uitsplitsing
    group by {{ per_gebied(['uitsplitsing']) }}
),

samengevat as (
    select
        *,
        {{ json_telling({'eerdere_meting': 'eerdere_metingen'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'K 1'", "'gemiddelde'", uitsplitsing='uitsplitsing', teller='som', noemer='respondenten', n='respondenten',
        eenheden='respondenten', met_waarde='respondenten', uitgesloten='uitgesloten', spreiding='spreiding'
    ) }}
from samengevat
