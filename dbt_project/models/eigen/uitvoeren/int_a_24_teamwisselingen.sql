with

casus as (
    select * from {{ ref('int_casus') }}
),

casus_betrokkene as (
    select * from {{ ref('int_casus_betrokkene') }}
),

casus_complexiteit as (
    select * from {{ ref('int_casus_complexiteit') }}
),

plan as (
    select * from {{ ref('int_plan') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

eerste_plannen as (
    select
        casus_id,
        min(datum_vastgesteld) as datum_vastgesteld
    from plan
    group by casus_id
),

-- Two people on one day, or one who takes over from another, are one change of the team.
wisseldagen as (
    select
        casus_id,
        van as datum
    from casus_betrokkene
    union
    select
        casus_id,
        tot as datum
    from casus_betrokkene
    where tot is not null
),

-- The first team and the farewell at the close of the case are no changes; without a plan there is nothing to leave.
wisselingen as (
    select
        casus.casus_id,
        casus.deelnemer_id,
        casus.gemeente_code,
        wisseldagen.datum,
        eerste_plannen.casus_id is not null as heeft_plan
    from wisseldagen
    inner join casus
        on wisseldagen.casus_id = casus.casus_id
    left join eerste_plannen
        on wisseldagen.casus_id = eerste_plannen.casus_id
    where
        wisseldagen.datum > coalesce(eerste_plannen.datum_vastgesteld, casus.startdatum)
        and (casus.einddatum is null or wisseldagen.datum < casus.einddatum)
),

gesplitst as (
    select
        wisselingen.gemeente_code,
        periode.periode,
        wisselingen.deelnemer_id,
        case when wisselingen.heeft_plan then 'wisseling' else 'zonder plan' end as soort,
        unnest(['totaal', coalesce(casus_complexiteit.complexiteit, 'complexiteit onbekend')]) as uitsplitsing
    from wisselingen
    inner join periode
        on {{ in_periode('wisselingen.datum') }}
    left join casus_complexiteit
        on
            wisselingen.casus_id = casus_complexiteit.casus_id
            and wisselingen.datum >= casus_complexiteit.vanaf
            and (casus_complexiteit.tot is null or wisselingen.datum < casus_complexiteit.tot)
),

met_plan as (
    select
        casus.gemeente_code,
        periode.periode,
        casus.deelnemer_id,
        case when eerste_plannen.casus_id is not null then 'casus met plan' else 'casus' end as soort,
        'totaal' as uitsplitsing
    from casus
    inner join periode
        on {{ overlapt('casus.startdatum', 'casus.einddatum') }}
    left join eerste_plannen
        on
            casus.casus_id = eerste_plannen.casus_id
            and periode.d >= eerste_plannen.datum_vastgesteld
),

samen as (
    select * from gesplitst
    union all
    select * from met_plan
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        uitsplitsing,
        count(*) filter (where soort = 'wisseling') as wisselingen,
        count(*) filter (where soort = 'zonder plan') as zonder_plan,
        count(*) filter (where soort in ('wisseling', 'zonder plan')) as alle_wisselingen,
        count(*) filter (where soort = 'casus met plan') as casussen_met_plan,
        count(*) filter (where soort in ('casus', 'casus met plan')) as casussen,
        count(distinct deelnemer_id) filter (where soort = 'wisseling') as deelnemers
    from samen
    group by {{ per_gebied(['uitsplitsing']) }}
),

samengevat as (
    select
        *,
        {{ json_telling({'zonder_plan': 'zonder_plan'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 24'", "'aantal'", uitsplitsing='uitsplitsing', teller='wisselingen', n='deelnemers',
        eenheden='alle_wisselingen', met_waarde='wisselingen', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 24'", "'per_casus'", teller='wisselingen', noemer='casussen_met_plan', n='deelnemers',
        eenheden='casussen', met_waarde='casussen_met_plan', uitgesloten='uitgesloten'
    ) }}
from samengevat
where uitsplitsing = 'totaal'
