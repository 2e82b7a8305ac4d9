with

interventie as (
    select * from {{ ref('int_interventie') }}
),

interventie_deelname as (
    select * from {{ ref('int_interventie_deelname') }}
),

deelnemer as (
    select * from {{ ref('int_deelnemer') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

deelnames as (
    select
        interventie_deelname.interventie_id,
        interventie_deelname.deelnemer_id,
        interventie.gemeente_code,
        interventie_deelname.van,
        interventie_deelname.tot,
        deelnemer.deelnemer_id is not null as is_bekend,
        coalesce(deelnemer.aantal_personen, 1) as aantal_personen
    from interventie_deelname
    inner join interventie
        on interventie_deelname.interventie_id = interventie.interventie_id
    left join deelnemer
        on interventie_deelname.deelnemer_id = deelnemer.deelnemer_id
),

in_periode as (
    select
        deelnames.gemeente_code,
        periode.periode,
        deelnames.deelnemer_id,
        deelnames.is_bekend,
        deelnames.aantal_personen
    from deelnames
    inner join periode
        on {{ overlapt('deelnames.van', 'deelnames.tot') }}
),

-- Once per area and period, however many interventions the person takes part in.
per_deelnemer as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        deelnemer_id,
        is_bekend,
        aantal_personen
    from in_periode
    group by {{ per_gebied(['deelnemer_id', 'is_bekend', 'aantal_personen']) }}
),

bereikt as (
    select
        gemeente_code,
        periode,
        count(*) as deelnemers,
        count(*) filter (where is_bekend) as deelnemers_bekend,
        sum(aantal_personen) as personen
    from per_deelnemer
    group by gemeente_code, periode
),

-- Someone who left and came back took part in an intervention once.
eerste_deelnames as (
    select
        interventie_id,
        deelnemer_id,
        aantal_personen,
        min(van) as van
    from deelnames
    group by interventie_id, deelnemer_id, aantal_personen
),

lopend as (
    select
        interventie.interventie_id,
        interventie.gemeente_code,
        interventie.gepland_aantal_deelnemers,
        periode.periode,
        periode.d
    from interventie
    inner join periode
        on {{ overlapt('interventie.startdatum', 'interventie.einddatum') }}
),

-- Participants so far, not those of the period: the plan is for the whole intervention.
tot_nu_toe as (
    select
        lopend.gemeente_code,
        lopend.periode,
        eerste_deelnames.deelnemer_id,
        eerste_deelnames.aantal_personen
    from lopend
    inner join eerste_deelnames
        on
            lopend.interventie_id = eerste_deelnames.interventie_id
            and lopend.d >= eerste_deelnames.van
    where lopend.gepland_aantal_deelnemers is not null
),

deelgenomen as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        sum(aantal_personen) as personen,
        count(distinct deelnemer_id) as deelnemers
    from tot_nu_toe
    group by {{ per_gebied() }}
),

gepland as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as interventies,
        count(gepland_aantal_deelnemers) as met_plan,
        count(*) - count(gepland_aantal_deelnemers) as zonder_plan,
        coalesce(sum(gepland_aantal_deelnemers), 0) as gepland
    from lopend
    group by {{ per_gebied() }}
),

tegen_plan as (
    select
        gepland.*,
        coalesce(deelgenomen.personen, 0) as personen,
        coalesce(deelgenomen.deelnemers, 0) as deelnemers
    from gepland
    left join deelgenomen
        on
            gepland.gemeente_code = deelgenomen.gemeente_code
            and gepland.periode = deelgenomen.periode
)

select
    {{ eigen_rij(
        "'A 21'", "'personen'", teller='personen', n='deelnemers',
        eenheden='deelnemers', met_waarde='deelnemers_bekend'
    ) }}
from bereikt
union all
-- The inhabitants come from open statistics, where the figures are brought together.
select
    {{ eigen_rij(
        "'A 21'", "'per_1000_inwoners'", teller='personen', n='deelnemers',
        eenheden='deelnemers', met_waarde='deelnemers_bekend'
    ) }}
from bereikt
union all
select
    {{ eigen_rij(
        "'A 21'", "'percentage_van_plan'", teller='personen', noemer='gepland', n='deelnemers',
        eenheden='interventies', met_waarde='met_plan',
        uitgesloten=json_telling({'zonder_gepland_aantal': 'zonder_plan'})
    ) }}
from tegen_plan
