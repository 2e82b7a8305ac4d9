with

urenregistratie as (
    select * from {{ ref('int_urenregistratie') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- Hours are the largest table by far: added up per day before they meet the periods.
per_dag as (
    select
        gemeente_code,
        datum,
        medewerker_id,
        count(*) as regels,
        count(declarabel) as regels_bekend,
        coalesce(sum(uren) filter (where declarabel is not null), 0) as uren_bekend,
        coalesce(sum(uren) filter (where declarabel), 0) as uren_declarabel
    from urenregistratie
    group by gemeente_code, datum, medewerker_id
),

per_medewerker as (
    select
        per_dag.gemeente_code,
        periode.periode,
        per_dag.medewerker_id,
        sum(per_dag.regels) as regels,
        sum(per_dag.regels_bekend) as regels_bekend,
        sum(per_dag.uren_bekend) as uren_bekend,
        sum(per_dag.uren_declarabel) as uren_declarabel
    from per_dag
    inner join periode
        on {{ in_periode('per_dag.datum') }}
    group by per_dag.gemeente_code, periode.periode, per_dag.medewerker_id
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        sum(regels) as regels,
        sum(regels_bekend) as regels_bekend,
        sum(regels) - sum(regels_bekend) as regels_onbekend,
        sum(uren_bekend) as uren_bekend,
        sum(uren_declarabel) as uren_declarabel,
        count(distinct medewerker_id) filter (where regels_bekend > 0) as medewerkers
    from per_medewerker
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        {{ json_telling({'declarabel_onbekend': 'regels_onbekend'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 11'", "'percentage'", teller='uren_declarabel', noemer='uren_bekend', n='medewerkers',
        eenheden='regels', met_waarde='regels_bekend', uitgesloten='uitgesloten'
    ) }}
from samengevat
