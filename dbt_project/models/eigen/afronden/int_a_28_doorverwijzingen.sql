with

doorverwijzing as (
    select * from {{ ref('int_doorverwijzing') }}
),

casus as (
    select * from {{ ref('int_casus') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

levering as (
    select * from {{ ref('int_levering') }}
),

-- The cohort that was referred, with its outcome as the delivery knows it; not arrived may still become arrived.
cohort as (
    select
        casus.gemeente_code,
        periode.periode,
        casus.deelnemer_id,
        doorverwijzing.naar_lijn,
        doorverwijzing.naar_lijn < doorverwijzing.van_lijn as is_lager,
        coalesce(doorverwijzing.juiste_plek and doorverwijzing.aangekomen_op is not null, false) as is_geslaagd,
        coalesce(not doorverwijzing.juiste_plek, false) as is_mislukt,
        levering.peildatum - doorverwijzing.datum as dagen_tot_peildatum
    from doorverwijzing
    inner join casus
        on doorverwijzing.casus_id = casus.casus_id
    inner join periode
        on {{ in_periode('doorverwijzing.datum') }}
    cross join levering
),

beoordeeld as (
    select
        *,
        is_geslaagd or is_mislukt as is_bekend,
        not is_geslaagd
        and not is_mislukt
        and dagen_tot_peildatum < {{ var('doorverwijzing_termijn', 90) }} as is_voorlopig
    from cohort
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as doorverwijzingen,
        count(distinct deelnemer_id) as deelnemers,
        count(*) filter (where is_bekend) as met_uitkomst,
        count(*) filter (where is_geslaagd) as geslaagd,
        count(distinct deelnemer_id) filter (where is_geslaagd) as deelnemers_geslaagd,
        count(*) filter (where is_lager) as lager,
        bool_or(is_voorlopig) as is_voorlopig
    from beoordeeld
    group by {{ per_gebied() }}
),

lijnen as (
    select unnest(range(5))::smallint as lijn
),

geteld_per_lijn as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        naar_lijn,
        count(*) as doorverwijzingen,
        count(distinct deelnemer_id) as deelnemers
    from beoordeeld
    group by {{ per_gebied(['naar_lijn']) }}
),

-- A line without referrals is a zero wherever there are referrals.
per_lijn as (
    select
        geteld.gemeente_code,
        geteld.periode,
        'naar lijn ' || lijnen.lijn as uitsplitsing,
        geteld.doorverwijzingen as alle,
        coalesce(geteld_per_lijn.doorverwijzingen, 0) as doorverwijzingen,
        coalesce(geteld_per_lijn.deelnemers, 0) as deelnemers
    from geteld
    cross join lijnen
    left join geteld_per_lijn
        on
            geteld.gemeente_code = geteld_per_lijn.gemeente_code
            and geteld.periode = geteld_per_lijn.periode
            and lijnen.lijn = geteld_per_lijn.naar_lijn
)

select
    {{ eigen_rij(
        "'A 28'", "'aantal'", teller='geslaagd', n='deelnemers_geslaagd',
        eenheden='doorverwijzingen', met_waarde='met_uitkomst', voorlopig='is_voorlopig'
    ) }}
from geteld
union all
select
    {{ eigen_rij(
        "'A 28'", "'percentage'", teller='geslaagd', noemer='doorverwijzingen', n='doorverwijzingen',
        eenheden='doorverwijzingen', met_waarde='met_uitkomst', voorlopig='is_voorlopig'
    ) }}
from geteld
union all
select
    {{ eigen_rij(
        "'A 28'", "'percentage_lagere_lijn'", teller='lager', noemer='doorverwijzingen', n='doorverwijzingen',
        eenheden='doorverwijzingen', met_waarde='doorverwijzingen'
    ) }}
from geteld
union all
select
    {{ eigen_rij(
        "'A 28'", "'doorverwijzingen'", teller='doorverwijzingen', n='deelnemers',
        eenheden='doorverwijzingen', met_waarde='doorverwijzingen'
    ) }}
from geteld
union all
select
    {{ eigen_rij(
        "'A 28'", "'doorverwijzingen'", uitsplitsing='uitsplitsing', teller='doorverwijzingen', n='deelnemers',
        eenheden='alle', met_waarde='alle'
    ) }}
from per_lijn
union all
select
    {{ eigen_rij(
        "'A 28'", "'aandeel'", uitsplitsing='uitsplitsing', teller='doorverwijzingen', noemer='alle', n='alle',
        eenheden='alle', met_waarde='alle'
    ) }}
from per_lijn
