with

signaal as (
    select * from {{ ref('int_signaal') }}
    where wachtreden = 'capaciteit'
),

casus as (
    select * from {{ ref('int_casus') }}
),

deelnemer as (
    select * from {{ ref('int_deelnemer') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- One row per signal, also when several cases came of it.
eerste_casus as (
    select
        signaal_id,
        min(startdatum) as startdatum
    from casus
    where signaal_id is not null
    group by signaal_id
),

wachttijd as (
    select
        signaal.gemeente_code,
        signaal.signaal_id,
        signaal.deelnemer_id,
        signaal.datum_ontvangen as vanaf,
        least(signaal.datum_afgehandeld, eerste_casus.startdatum) as tot,
        deelnemer.soort,
        coalesce(deelnemer.aantal_personen, 1) as aantal_personen,
        signaal.deelnemer_id is null or deelnemer.deelnemer_id is not null as is_aantal_bekend
    from signaal
    left join eerste_casus
        on signaal.signaal_id = eerste_casus.signaal_id
    left join deelnemer
        on signaal.deelnemer_id = deelnemer.deelnemer_id
),

wachtend as (
    select
        wachttijd.*,
        periode.periode,
        coalesce(wachttijd.deelnemer_id, 'signaal ' || wachttijd.signaal_id) as persoon
    from wachttijd
    inner join periode
        on {{ actief_op('wachttijd.vanaf', 'wachttijd.tot') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as signalen,
        count(*) filter (where is_aantal_bekend) as signalen_bekend,
        sum(aantal_personen) as personen,
        count(distinct persoon) as wachtenden,
        count(distinct deelnemer_id) as deelnemers,
        count(distinct deelnemer_id) filter (where soort = 'groep') as groepen
    from wachtend
    group by {{ per_gebied() }}
)

select
    {{ eigen_rij(
        "'A 3'", "'personen'", teller='personen', n='wachtenden', eenheden='signalen', met_waarde='signalen_bekend'
    ) }}
from geteld
union all
select
    {{ eigen_rij(
        "'A 3'", "'deelnemers'", teller='deelnemers', n='deelnemers', eenheden='signalen', met_waarde='signalen'
    ) }}
from geteld
union all
select
    {{ eigen_rij(
        "'A 3'", "'groepen'", teller='groepen', n='groepen', eenheden='signalen', met_waarde='signalen_bekend'
    ) }}
from geteld
