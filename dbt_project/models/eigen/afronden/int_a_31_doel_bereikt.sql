with

interventie as (
    select * from {{ ref('int_interventie') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- Stopped ones are part of it, as far as they were judged.
beeindigd as (
    select
        interventie.gemeente_code,
        periode.periode,
        interventie.doel_bereikt,
        interventie.reden_einde like 'gestopt%' as is_gestopt
    from interventie
    inner join periode
        on {{ in_periode('interventie.einddatum') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as beeindigd,
        count(doel_bereikt) as beoordeeld,
        count(*) filter (where doel_bereikt is null and is_gestopt) as gestopt_zonder_oordeel,
        count(*) filter (where doel_bereikt is null and not is_gestopt) as zonder_oordeel,
        count(*) filter (where doel_bereikt) as doel_bereikt
    from beeindigd
    group by {{ per_gebied() }}
)

select
    {{ eigen_rij(
        "'A 31'", "'percentage'", teller='doel_bereikt', noemer='beoordeeld', n='beoordeeld',
        eenheden='beeindigd', met_waarde='beoordeeld',
        uitgesloten=json_telling({
            'zonder_oordeel': 'zonder_oordeel', 'gestopt_zonder_oordeel': 'gestopt_zonder_oordeel'
        })
    ) }}
from geteld
