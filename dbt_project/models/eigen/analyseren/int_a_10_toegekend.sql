with

budget as (
    select * from {{ ref('int_budget') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

besloten as (
    select
        budget.gemeente_code,
        periode.periode,
        budget.soort,
        true as is_besloten,
        budget.bedrag_aangevraagd,
        budget.bedrag_toegekend
    from budget
    inner join periode
        on {{ in_periode('budget.datum_besluit') }}
),

-- Asked in the period and, on its last day, still without a decision: in neither sum.
in_behandeling as (
    select
        budget.gemeente_code,
        periode.periode,
        budget.soort,
        false as is_besloten,
        budget.bedrag_aangevraagd,
        null as bedrag_toegekend
    from budget
    inner join periode
        on {{ in_periode('budget.datum_aanvraag') }}
    where budget.datum_besluit is null or budget.datum_besluit > periode.d
),

aanvraag as (
    select * from besloten
    union all by name
    select * from in_behandeling
),

-- A subsidy is no amount of a client: it neither dominates a sum nor hides in one.
met_totaal as (
    select
        *,
        unnest(['totaal', soort]) as uitsplitsing,
        case when soort <> 'subsidie' and is_besloten then bedrag_toegekend end as bedrag_client
    from aanvraag
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        uitsplitsing,
        count(*) as aanvragen,
        count(*) filter (where is_besloten) as besloten,
        count(*) filter (where not is_besloten) as niet_besloten,
        count(bedrag_client) as clienten,
        coalesce(sum(bedrag_toegekend), 0)::double as toegekend,
        coalesce(sum(bedrag_aangevraagd) filter (where is_besloten), 0)::double as aangevraagd,
        {{ aandeel_grootste('bedrag_client', 1) }} as grootste,
        {{ aandeel_grootste('bedrag_client', 2) }} as grootste_twee
    from met_totaal
    group by {{ per_gebied(['uitsplitsing']) }}
),

samengevat as (
    select
        *,
        case when uitsplitsing = 'subsidie' then besloten else clienten end as n,
        {{ json_telling({'nog_niet_besloten': 'niet_besloten'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 10'", "'percentage'", uitsplitsing='uitsplitsing', teller='toegekend', noemer='aangevraagd', n='n',
        eenheden='aanvragen', met_waarde='besloten', uitgesloten='uitgesloten',
        grootste='grootste', grootste_twee='grootste_twee'
    ) }}
from samengevat
