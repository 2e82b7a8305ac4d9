with

cijfer as (
    select * from {{ ref('int_eigen_cijfer') }}
),

hoofd as (
    select * from {{ ref('int_eigen_hoofd') }}
    where is_hoofduitsplitsing
),

ontbreekt_reden as (
    select * from {{ ref('ontbreekt_reden') }}
),

totaal as (
    select count(distinct gemeente_code) as gemeenten_totaal
    from cijfer
    where gemeente_code not in ({{ organisatie() }}, {{ onbekende_gemeente() }})
),

-- What stands for the KPI, per whole organisation and per gemeente.
hoofdcijfer as (
    select
        cijfer.kpi_id,
        cijfer.gemeente_code,
        cijfer.periode,
        cijfer.jaar,
        cijfer.waarde,
        cijfer.ontbreekt_reden,
        cijfer.gemeente_code not in ({{ organisatie() }}, {{ onbekende_gemeente() }}) as is_gemeente
    from cijfer
    inner join hoofd
        on
            cijfer.kpi_id = hoofd.kpi_id
            and cijfer.variant = hoofd.variant
            and split_part(cijfer.uitsplitsing, ': ', 1) = hoofd.uitsplitsing
    where cijfer.periode_soort = 'jaar'
),

nieuwste as (
    select
        kpi_id,
        max(periode) as periode
    from hoofdcijfer
    where is_gemeente and waarde is not null
    group by kpi_id
),

telling as (
    select
        hoofdcijfer.kpi_id,
        max(nieuwste.periode) as nieuwste_periode,
        count(distinct hoofdcijfer.gemeente_code) filter (
            where hoofdcijfer.is_gemeente
            and hoofdcijfer.waarde is not null
            and hoofdcijfer.periode = nieuwste.periode
        ) as gemeenten_met_waarde,
        bool_or(
            hoofdcijfer.gemeente_code = {{ organisatie() }} and hoofdcijfer.waarde is not null
        ) as heeft_organisatie,
        arg_max(hoofdcijfer.ontbreekt_reden, hoofdcijfer.jaar) as nieuwste_reden,
        bool_and(hoofdcijfer.ontbreekt_reden is not distinct from 'niet_geleverd') as is_niet_geleverd
    from hoofdcijfer
    left join nieuwste
        on hoofdcijfer.kpi_id = nieuwste.kpi_id
    group by hoofdcijfer.kpi_id
),

beoordeeld as (
    select
        hoofd.kpi_id,
        hoofd.model_versie,
        hoofd.uitsplitsing,
        hoofd.variant,
        telling.gemeenten_met_waarde,
        totaal.gemeenten_totaal,
        telling.nieuwste_periode,
        telling.heeft_organisatie,
        case
            when
                telling.gemeenten_met_waarde >= {{ var('dekking_drempel') }} * totaal.gemeenten_totaal
                and telling.gemeenten_met_waarde > 0 then 'beschikbaar'
            when telling.is_niet_geleverd then 'eigen_levering_nodig'
            else 'deels'
        end as status,
        case
            when telling.gemeenten_met_waarde = 0
                then coalesce(telling.nieuwste_reden, 'onderdrukt')
        end as ontbreekt_reden
    from hoofd
    inner join telling
        on hoofd.kpi_id = telling.kpi_id
    cross join totaal
)

select
    beoordeeld.kpi_id,
    beoordeeld.model_versie,
    beoordeeld.status,
    beoordeeld.gemeenten_met_waarde,
    beoordeeld.gemeenten_totaal,
    beoordeeld.nieuwste_periode,
    beoordeeld.uitsplitsing,
    beoordeeld.variant,
    beoordeeld.ontbreekt_reden,
    concat_ws(
        ' ',
        case
            when beoordeeld.gemeenten_met_waarde > 0
                then
                    'Uit de eigen registratie, voor ' || beoordeeld.gemeenten_met_waarde || ' van de '
                    || beoordeeld.gemeenten_totaal || ' gemeenten van de organisatie, over '
                    || beoordeeld.nieuwste_periode || '.'
            else ontbreekt_reden.omschrijving || '.'
        end,
        case
            when beoordeeld.gemeenten_met_waarde = 0 and beoordeeld.heeft_organisatie
                then 'Voor de hele organisatie (ORG) is er wel een cijfer.'
        end
    ) as reden
from beoordeeld
left join ontbreekt_reden
    on beoordeeld.ontbreekt_reden = ontbreekt_reden.ontbreekt_reden
