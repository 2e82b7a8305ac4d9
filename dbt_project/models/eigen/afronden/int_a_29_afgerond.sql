with

interventie as (
    select * from {{ ref('int_interventie') }}
    where reden_einde = 'afgerond'
),

interventie_persoon as (
    select * from {{ ref('int_interventie_persoon') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

afgerond as (
    select
        interventie.interventie_id,
        interventie.gemeente_code,
        periode.periode,
        interventie.succesvol
    from interventie
    inner join periode
        on {{ in_periode('interventie.einddatum') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as afgerond,
        count(succesvol) as beoordeeld,
        count(*) - count(succesvol) as zonder_oordeel,
        count(*) filter (where succesvol) as succesvol
    from afgerond
    group by {{ per_gebied() }}
),

personen as (
    select
        {{ gebied('afgerond.gemeente_code') }} as gemeente_code,
        afgerond.periode,
        count(distinct interventie_persoon.persoon) as personen
    from afgerond
    inner join interventie_persoon
        on afgerond.interventie_id = interventie_persoon.interventie_id
    group by {{ per_gebied() }}
),

samengevat as (
    select
        geteld.*,
        personen.personen,
        {{ json_telling({'zonder_oordeel': 'geteld.zonder_oordeel'}) }} as uitgesloten
    from geteld
    inner join personen
        on
            geteld.gemeente_code = personen.gemeente_code
            and geteld.periode = personen.periode
)

select
    {{ eigen_rij(
        "'A 29'", "'aantal'", teller='afgerond', n='personen', eenheden='afgerond', met_waarde='afgerond'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 29'", "'percentage_succesvol'", teller='succesvol', noemer='beoordeeld', n='beoordeeld',
        eenheden='afgerond', met_waarde='beoordeeld', uitgesloten='uitgesloten'
    ) }}
from samengevat
