with

interventie as (
    select * from {{ ref('int_interventie') }}
),

interventie_persoon as (
    select * from {{ ref('int_interventie_persoon') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

beeindigd as (
    select
        interventie.interventie_id,
        interventie.gemeente_code,
        periode.periode,
        interventie.reden_einde
    from interventie
    inner join periode
        on {{ in_periode('interventie.einddatum') }}
),

noemers as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as beeindigd
    from beeindigd
    group by {{ per_gebied() }}
),

uitsplitsingen as (
    select
        unnest([
            'totaal',
            'gestopt door deelnemer',
            'gestopt door organisatie',
            'gestopt door derden'
        ]) as uitsplitsing
),

-- Moving house and death end an intervention, they do not break it off.
gestopt as (
    select
        interventie_id,
        gemeente_code,
        periode,
        unnest(['totaal', replace(reden_einde, 'gestopt_', 'gestopt door ')]) as uitsplitsing
    from beeindigd
    where reden_einde in ('gestopt_deelnemer', 'gestopt_organisatie', 'gestopt_derden')
),

tellers as (
    select
        {{ gebied('gestopt.gemeente_code') }} as gemeente_code,
        gestopt.periode,
        gestopt.uitsplitsing,
        count(distinct gestopt.interventie_id) as gestopt,
        count(distinct interventie_persoon.persoon) as personen
    from gestopt
    inner join interventie_persoon
        on gestopt.interventie_id = interventie_persoon.interventie_id
    group by {{ per_gebied(['uitsplitsing']) }}
),

samengevat as (
    select
        noemers.gemeente_code,
        noemers.periode,
        uitsplitsingen.uitsplitsing,
        noemers.beeindigd,
        coalesce(tellers.gestopt, 0) as gestopt,
        coalesce(tellers.personen, 0) as personen
    from noemers
    cross join uitsplitsingen
    left join tellers
        on
            noemers.gemeente_code = tellers.gemeente_code
            and noemers.periode = tellers.periode
            and uitsplitsingen.uitsplitsing = tellers.uitsplitsing
)

select
    {{ eigen_rij(
        "'A 23'", "'aantal'", uitsplitsing='uitsplitsing', teller='gestopt', n='personen',
        eenheden='beeindigd', met_waarde='beeindigd'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 23'", "'percentage'", uitsplitsing='uitsplitsing', teller='gestopt', noemer='beeindigd', n='beeindigd',
        eenheden='beeindigd', met_waarde='beeindigd'
    ) }}
from samengevat
