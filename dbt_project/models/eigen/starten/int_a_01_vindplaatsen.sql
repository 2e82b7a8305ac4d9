with

uren as (
    select * from {{ ref('int_urenregistratie') }}
    where soort = 'vindplaats'
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- A place that is not in the organisation's list counts, without a name of its own.
per_dag as (
    select
        gemeente_code,
        datum,
        coalesce(vindplaats, 'overig') as vindplaats,
        medewerker_id,
        sum(uren) as uren,
        count(*) as bezoeken
    from uren
    group by all
),

in_periode as (
    select
        per_dag.*,
        periode.periode
    from per_dag
    inner join periode
        on {{ in_periode('per_dag.datum') }}
),

totaal as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        sum(uren) as uren,
        sum(bezoeken) as bezoeken,
        count(distinct vindplaats) as vindplaatsen,
        count(distinct medewerker_id) as medewerkers
    from in_periode
    group by {{ per_gebied() }}
),

per_vindplaats as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        vindplaats,
        sum(uren) as uren,
        sum(bezoeken) as bezoeken,
        count(distinct medewerker_id) as medewerkers
    from in_periode
    group by {{ per_gebied(['vindplaats']) }}
)

select
    {{ eigen_rij(
        "'A 1'", "'uren'", teller='uren', n='medewerkers', eenheden='bezoeken', met_waarde='bezoeken'
    ) }}
from totaal
union all
select
    {{ eigen_rij(
        "'A 1'", "'uren'", uitsplitsing="'vindplaats: ' || vindplaats",
        teller='uren', n='medewerkers', eenheden='bezoeken', met_waarde='bezoeken'
    ) }}
from per_vindplaats
union all
select
    {{ eigen_rij(
        "'A 1'", "'uren_per_vindplaats'", teller='uren', noemer='vindplaatsen',
        n='medewerkers', eenheden='bezoeken', met_waarde='bezoeken'
    ) }}
from totaal
