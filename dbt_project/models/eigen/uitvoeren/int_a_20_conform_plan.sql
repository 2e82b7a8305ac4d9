with

casus as (
    select * from {{ ref('int_casus') }}
),

plan as (
    select * from {{ ref('int_plan') }}
),

plan_voortgang as (
    select * from {{ ref('int_plan_voortgang') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

in_behandeling as (
    select
        casus.casus_id,
        casus.deelnemer_id,
        casus.gemeente_code,
        periode.periode,
        periode.d
    from casus
    inner join periode
        on {{ overlapt('casus.startdatum', 'casus.einddatum') }}
),

-- A case without a plan keeps one row, without a plan.
plannen as (
    select
        in_behandeling.*,
        plan.plan_id,
        plan.begroot_bedrag
    from in_behandeling
    left join plan
        on
            in_behandeling.casus_id = plan.casus_id
            and in_behandeling.d >= plan.datum_vastgesteld
),

-- The last status that was known on the last day of the period.
met_status as (
    select
        plannen.*,
        plan_voortgang.conform_plan,
        plan_voortgang.conform_plan is not null and plannen.begroot_bedrag is not null as telt_mee
    from plannen
    asof left join plan_voortgang
        on
            plannen.plan_id = plan_voortgang.plan_id
            and plannen.d >= plan_voortgang.datum
),

-- One contributor is one client, however many cases and plans.
per_deelnemer as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        deelnemer_id,
        count(*) as plannen,
        count(*) filter (where telt_mee) as plannen_mee,
        count(*) filter (where plan_id is null) as zonder_plan,
        count(*) filter (where plan_id is not null and conform_plan is null) as zonder_status,
        count(*) filter (where conform_plan is not null and begroot_bedrag is null) as zonder_bedrag,
        coalesce(sum(begroot_bedrag) filter (where telt_mee and conform_plan), 0) as conform,
        coalesce(sum(begroot_bedrag) filter (where telt_mee), 0) as begroot
    from met_status
    group by {{ per_gebied(['deelnemer_id']) }}
),

bedragen as (
    select
        gemeente_code,
        periode,
        sum(plannen) as plannen,
        sum(plannen_mee) as plannen_mee,
        sum(zonder_plan) as zonder_plan,
        sum(zonder_status) as zonder_status,
        sum(zonder_bedrag) as zonder_bedrag,
        sum(conform) as conform,
        sum(begroot) as begroot,
        count(*) filter (where plannen_mee > 0) as deelnemers,
        greatest({{ aandeel_grootste('conform', 1) }}, {{ aandeel_grootste('begroot', 1) }}) as grootste,
        greatest({{ aandeel_grootste('conform', 2) }}, {{ aandeel_grootste('begroot', 2) }}) as grootste_twee
    from per_deelnemer
    group by gemeente_code, periode
),

-- A case runs as planned when all of its plans do, as far as they have a status.
per_casus as (
    select
        gemeente_code,
        periode,
        casus_id,
        bool_or(plan_id is not null) as heeft_plan,
        bool_and(conform_plan) as conform_plan
    from met_status
    group by gemeente_code, periode, casus_id
),

casussen as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as casussen,
        count(conform_plan) as met_status,
        count(*) filter (where not heeft_plan) as zonder_plan,
        count(*) filter (where heeft_plan and conform_plan is null) as zonder_status,
        count(*) filter (where conform_plan) as conform
    from per_casus
    group by {{ per_gebied() }}
)

select
    {{ eigen_rij(
        "'A 20'", "'percentage_euro'", teller='conform', noemer='begroot', n='deelnemers',
        eenheden='plannen', met_waarde='plannen_mee',
        uitgesloten=json_telling({
            'zonder_plan': 'zonder_plan', 'zonder_status': 'zonder_status', 'zonder_bedrag': 'zonder_bedrag'
        }),
        grootste='grootste', grootste_twee='grootste_twee'
    ) }}
from bedragen
union all
select
    {{ eigen_rij(
        "'A 20'", "'percentage_casussen'", teller='conform', noemer='met_status', n='met_status',
        eenheden='casussen', met_waarde='met_status',
        uitgesloten=json_telling({'zonder_plan': 'zonder_plan', 'zonder_status': 'zonder_status'})
    ) }}
from casussen
