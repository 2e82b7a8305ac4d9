with

casus as (
    select * from {{ ref('int_casus') }}
),

medewerker as (
    select * from {{ ref('int_medewerker') }}
    where soort = 'medewerker'
),

medewerker_inzet as (
    select * from {{ ref('int_medewerker_inzet') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

actief as (
    select
        casus.gemeente_code,
        periode.periode
    from casus
    inner join periode
        on {{ actief_op('casus.startdatum', 'casus.einddatum') }}
),

casussen as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as casussen
    from actief
    group by {{ per_gebied() }}
),

ingezet as (
    select
        medewerker_inzet.gemeente_code,
        periode.periode,
        medewerker_inzet.medewerker_id,
        medewerker_inzet.fte
    from medewerker_inzet
    inner join medewerker
        on medewerker_inzet.medewerker_id = medewerker.medewerker_id
    inner join periode
        on {{ actief_op('medewerker_inzet.van', 'medewerker_inzet.tot') }}
),

-- Who works in two gemeenten is a head in both and one head of the organisation; the fte are divided already.
inzet as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(distinct medewerker_id) as medewerkers,
        sum(fte) as fte
    from ingezet
    group by {{ per_gebied() }}
),

samengebracht as (
    select
        coalesce(casussen.gemeente_code, inzet.gemeente_code) as gemeente_code,
        coalesce(casussen.periode, inzet.periode) as periode,
        coalesce(casussen.casussen, 0) as casussen,
        coalesce(inzet.medewerkers, 0) as medewerkers,
        coalesce(inzet.fte, 0) as fte
    from casussen
    full outer join inzet
        on
            casussen.gemeente_code = inzet.gemeente_code
            and casussen.periode = inzet.periode
)

select
    {{ eigen_rij(
        "'A 13'", "'per_medewerker'", teller='casussen', noemer='medewerkers', n='casussen',
        eenheden='casussen', met_waarde='casussen'
    ) }}
from samengebracht
union all
select
    {{ eigen_rij(
        "'A 13'", "'per_fte'", teller='casussen', noemer='fte', n='casussen',
        eenheden='casussen', met_waarde='casussen'
    ) }}
from samengebracht
