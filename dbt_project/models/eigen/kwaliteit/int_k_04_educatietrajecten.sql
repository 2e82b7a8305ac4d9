with

educatietraject as (
    select * from {{ ref('int_educatietraject') }}
),

medewerker_inzet as (
    select * from {{ ref('int_medewerker_inzet') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

ingezet as (
    select distinct
        medewerker_inzet.gemeente_code,
        periode.periode,
        medewerker_inzet.medewerker_id
    from medewerker_inzet
    inner join periode
        on {{ overlapt('medewerker_inzet.van', 'medewerker_inzet.tot') }}
),

lopend as (
    select
        periode.periode,
        educatietraject.educatietraject_id,
        educatietraject.medewerker_id
    from educatietraject
    inner join periode
        on {{ overlapt('educatietraject.startdatum', 'educatietraject.einddatum') }}
),

-- A course counts in every gemeente where its follower works in that period.
per_gemeente as (
    select
        coalesce(ingezet.gemeente_code, {{ onbekende_gemeente() }}) as gemeente_code,
        lopend.periode,
        lopend.educatietraject_id,
        lopend.medewerker_id
    from lopend
    left join ingezet
        on
            lopend.periode = ingezet.periode
            and lopend.medewerker_id = ingezet.medewerker_id
),

trajecten as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(distinct educatietraject_id) as trajecten,
        count(distinct medewerker_id) as volgers
    from per_gemeente
    group by {{ per_gebied() }}
),

inzet as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(distinct medewerker_id) as medewerkers
    from ingezet
    group by {{ per_gebied() }}
),

samengebracht as (
    select
        coalesce(trajecten.gemeente_code, inzet.gemeente_code) as gemeente_code,
        coalesce(trajecten.periode, inzet.periode) as periode,
        coalesce(trajecten.trajecten, 0) as trajecten,
        coalesce(trajecten.volgers, 0) as volgers,
        coalesce(inzet.medewerkers, 0) as medewerkers
    from trajecten
    full outer join inzet
        on
            trajecten.gemeente_code = inzet.gemeente_code
            and trajecten.periode = inzet.periode
)

select
    {{ eigen_rij(
        "'K 4'", "'aantal'", teller='trajecten', n='volgers', eenheden='trajecten', met_waarde='trajecten'
    ) }}
from samengebracht
union all
select
    {{ eigen_rij(
        "'K 4'", "'per_medewerker'", teller='trajecten', noemer='medewerkers', n='volgers',
        eenheden='trajecten', met_waarde='trajecten'
    ) }}
from samengebracht
