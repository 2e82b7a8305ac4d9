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
        interventie.geplande_einddatum is not null as heeft_termijn,
        interventie.in_een_keer_goed is not null as heeft_oordeel,
        coalesce(
            interventie.in_een_keer_goed and interventie.einddatum <= interventie.geplande_einddatum, false
        ) as is_goed_op_tijd
    from interventie
    inner join periode
        on {{ in_periode('interventie.einddatum') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as afgerond,
        count(*) filter (where heeft_termijn and heeft_oordeel) as beoordeeld,
        count(*) filter (where not heeft_termijn) as zonder_termijn,
        count(*) filter (where heeft_termijn and not heeft_oordeel) as zonder_oordeel,
        count(*) filter (where is_goed_op_tijd) as goed_op_tijd
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
    where afgerond.is_goed_op_tijd
    group by {{ per_gebied() }}
),

samengevat as (
    select
        geteld.*,
        coalesce(personen.personen, 0) as personen,
        {{ json_telling({
            'zonder_termijn': 'geteld.zonder_termijn',
            'zonder_oordeel': 'geteld.zonder_oordeel',
        }) }} as uitgesloten
    from geteld
    left join personen
        on
            geteld.gemeente_code = personen.gemeente_code
            and geteld.periode = personen.periode
)

select
    {{ eigen_rij(
        "'A 30'", "'aantal'", teller='goed_op_tijd', n='personen',
        eenheden='afgerond', met_waarde='beoordeeld', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 30'", "'percentage'", teller='goed_op_tijd', noemer='beoordeeld', n='beoordeeld',
        eenheden='afgerond', met_waarde='beoordeeld', uitgesloten='uitgesloten'
    ) }}
from samengevat
