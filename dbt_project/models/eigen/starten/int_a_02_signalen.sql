with

signaal as (
    select * from {{ ref('int_signaal') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- An anonymous contact is a person of its own.
in_periode as (
    select
        signaal.gemeente_code,
        periode.periode,
        signaal.herkomst,
        coalesce(signaal.deelnemer_id, 'signaal ' || signaal.signaal_id) as persoon
    from signaal
    inner join periode
        on {{ in_periode('signaal.datum_ontvangen') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as signalen,
        count(herkomst) as met_herkomst,
        count(*) filter (where herkomst = 'proactief') as proactief,
        count(*) filter (where herkomst = 'reactief') as reactief,
        count(*) filter (where herkomst is null) as onbekend,
        count(distinct persoon) as personen,
        count(distinct persoon) filter (where herkomst = 'proactief') as personen_proactief,
        count(distinct persoon) filter (where herkomst = 'reactief') as personen_reactief,
        count(distinct persoon) filter (where herkomst is null) as personen_onbekend
    from in_periode
    group by {{ per_gebied() }}
),

uitgesloten as (
    select
        *,
        {{ json_telling({'herkomst_onbekend': 'onbekend'}) }} as zonder_herkomst
    from geteld
)

select
    {{ eigen_rij(
        "'A 2'", "'aantal'", teller='signalen', n='personen', eenheden='signalen', met_waarde='signalen'
    ) }}
from uitgesloten
union all
select
    {{ eigen_rij(
        "'A 2'", "'aantal'", uitsplitsing="'proactief'", teller='proactief', n='personen_proactief',
        eenheden='signalen', met_waarde='met_herkomst', uitgesloten='zonder_herkomst'
    ) }}
from uitgesloten
union all
select
    {{ eigen_rij(
        "'A 2'", "'aantal'", uitsplitsing="'reactief'", teller='reactief', n='personen_reactief',
        eenheden='signalen', met_waarde='met_herkomst', uitgesloten='zonder_herkomst'
    ) }}
from uitgesloten
union all
select
    {{ eigen_rij(
        "'A 2'", "'aantal'", uitsplitsing="'herkomst onbekend'", teller='onbekend', n='personen_onbekend',
        eenheden='signalen', met_waarde='signalen'
    ) }}
from uitgesloten
union all
select
    {{ eigen_rij(
        "'A 2'", "'percentage'", uitsplitsing="'proactief'", teller='proactief', noemer='met_herkomst',
        n='met_herkomst', eenheden='signalen', met_waarde='met_herkomst', uitgesloten='zonder_herkomst'
    ) }}
from uitgesloten
