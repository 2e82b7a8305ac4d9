with

signaal as (
    select * from {{ ref('int_signaal') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

in_periode as (
    select
        signaal.gemeente_code,
        periode.periode,
        signaal.te_laat,
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
        count(te_laat) as beoordeeld,
        count(*) filter (where te_laat is null) as zonder_oordeel,
        count(*) filter (where te_laat) as te_laat,
        count(distinct persoon) filter (where te_laat) as personen
    from in_periode
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        {{ json_telling({'zonder_oordeel': 'zonder_oordeel'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 5'", "'aantal'", teller='te_laat', n='personen',
        eenheden='signalen', met_waarde='beoordeeld', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 5'", "'percentage'", teller='te_laat', noemer='beoordeeld', n='beoordeeld',
        eenheden='signalen', met_waarde='beoordeeld', uitgesloten='uitgesloten'
    ) }}
from samengevat
