with

adminopdracht as (
    select * from {{ ref('int_adminopdracht') }}
    where soort in ('financiering', 'verantwoording')
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- The cohort that was handed in; judged is what came back or went through, as far as the delivery knows.
ingediend as (
    select
        adminopdracht.gemeente_code,
        periode.periode,
        adminopdracht.aantal_retouren,
        adminopdracht.verwerkt_op is not null or adminopdracht.aantal_retouren > 0 as is_beoordeeld
    from adminopdracht
    inner join periode
        on {{ in_periode('adminopdracht.ingediend_op') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as opdrachten,
        count(*) filter (where is_beoordeeld) as beoordeeld,
        count(*) filter (where not is_beoordeeld) as niet_beoordeeld,
        count(*) filter (where aantal_retouren > 0) as met_retour,
        coalesce(sum(aantal_retouren), 0) as retouren
    from ingediend
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        {{ json_telling({'nog_niet_beoordeeld': 'niet_beoordeeld'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 26'", "'aantal'", teller='met_retour', n='met_retour',
        eenheden='opdrachten', met_waarde='beoordeeld', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 26'", "'percentage'", teller='met_retour', noemer='beoordeeld', n='beoordeeld',
        eenheden='opdrachten', met_waarde='beoordeeld', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 26'", "'retouren'", teller='retouren', n='met_retour',
        eenheden='opdrachten', met_waarde='beoordeeld', uitgesloten='uitgesloten'
    ) }}
from samengevat
