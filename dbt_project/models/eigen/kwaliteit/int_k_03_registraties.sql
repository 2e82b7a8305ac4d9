with

medewerker as (
    select * from {{ ref('int_medewerker') }}
    where soort = 'medewerker'
),

medewerker_inzet as (
    select * from {{ ref('int_medewerker_inzet') }}
),

medewerker_registratie as (
    select * from {{ ref('int_medewerker_registratie') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- Two registers are one registered worker.
geregistreerd as (
    select distinct
        periode.periode,
        medewerker_registratie.medewerker_id
    from medewerker_registratie
    inner join periode
        on {{ actief_op('medewerker_registratie.geldig_van', 'medewerker_registratie.geldig_tot') }}
),

ingezet as (
    select
        medewerker_inzet.gemeente_code,
        periode.periode,
        medewerker_inzet.medewerker_id,
        geregistreerd.medewerker_id as geregistreerd_id
    from medewerker_inzet
    inner join medewerker
        on medewerker_inzet.medewerker_id = medewerker.medewerker_id
    inner join periode
        on {{ actief_op('medewerker_inzet.van', 'medewerker_inzet.tot') }}
    left join geregistreerd
        on
            periode.periode = geregistreerd.periode
            and medewerker_inzet.medewerker_id = geregistreerd.medewerker_id
),

-- Who works in two gemeenten is a head in both and one head of the organisation.
geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(distinct medewerker_id) as medewerkers,
        count(distinct geregistreerd_id) as geregistreerd
    from ingezet
    group by {{ per_gebied() }}
)

select
    {{ eigen_rij(
        "'K 3'", "'aantal'", teller='geregistreerd', n='geregistreerd', eenheden='medewerkers', met_waarde='medewerkers'
    ) }}
from geteld
union all
select
    {{ eigen_rij(
        "'K 3'", "'percentage'", teller='geregistreerd', noemer='medewerkers', n='medewerkers',
        eenheden='medewerkers', met_waarde='medewerkers'
    ) }}
from geteld
