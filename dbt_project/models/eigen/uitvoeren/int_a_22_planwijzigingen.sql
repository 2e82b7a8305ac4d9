with

casus as (
    select * from {{ ref('int_casus') }}
),

plan as (
    select * from {{ ref('int_plan') }}
),

plan_wijziging as (
    select * from {{ ref('int_plan_wijziging') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

plannen as (
    select
        plan.plan_id,
        plan.datum_vastgesteld,
        casus.deelnemer_id,
        casus.gemeente_code,
        casus.startdatum,
        casus.einddatum
    from plan
    inner join casus
        on plan.casus_id = casus.casus_id
),

wijzigingen as (
    select
        plannen.gemeente_code,
        periode.periode,
        plannen.deelnemer_id,
        case when plan_wijziging.datum > plannen.datum_vastgesteld then 'wijziging' else 'opstelling' end as soort
    from plan_wijziging
    inner join plannen
        on plan_wijziging.plan_id = plannen.plan_id
    inner join periode
        on {{ in_periode('plan_wijziging.datum') }}
),

lopend as (
    select
        plannen.gemeente_code,
        periode.periode,
        plannen.deelnemer_id,
        'plan' as soort
    from plannen
    inner join periode
        on
            {{ overlapt('plannen.startdatum', 'plannen.einddatum') }}
            and plannen.datum_vastgesteld <= periode.d
),

samen as (
    select * from wijzigingen
    union all
    select * from lopend
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) filter (where soort = 'wijziging') as wijzigingen,
        count(*) filter (where soort = 'opstelling') as opstellingen,
        count(*) filter (where soort = 'plan') as plannen,
        count(distinct deelnemer_id) filter (where soort = 'wijziging') as deelnemers
    from samen
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        {{ json_telling({'voor_vaststelling': 'opstellingen'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 22'", "'aantal'", teller='wijzigingen', n='deelnemers',
        eenheden='wijzigingen', met_waarde='wijzigingen', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 22'", "'per_plan'", teller='wijzigingen', noemer='plannen', n='deelnemers',
        eenheden='plannen', met_waarde='plannen', uitgesloten='uitgesloten'
    ) }}
from samengevat
