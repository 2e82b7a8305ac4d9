with

kpi_register as (
    select * from {{ ref('kpi_register') }}
),

ontbreekt_reden as (
    select * from {{ ref('ontbreekt_reden') }}
),

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

kpi_hoofdreeks as (
    select * from {{ ref('int_kpi_hoofdreeks') }}
),

kpi_hoofdwaarde as (
    select * from {{ ref('int_kpi_hoofdwaarde') }}
),

eigen_dekking as (
    select * from {{ ref('int_eigen_dekking') }}
),

totaal as (
    select count(*) as gemeenten_totaal from gemeente
),

hoofd as (
    select * from kpi_hoofdreeks
    where is_hoofduitsplitsing
),

-- The figures that stand for the KPI: those of its main uitsplitsing, and where that is a stand-in also what was
-- supplied for the KPI in another one.
cijfers as (
    select
        kpi_hoofdwaarde.kpi_id,
        kpi_hoofdwaarde.model_versie,
        kpi_hoofdwaarde.gemeente_code,
        kpi_hoofdwaarde.periode,
        kpi_hoofdwaarde.jaar,
        kpi_hoofdwaarde.waarde,
        kpi_hoofdwaarde.ontbreekt_reden,
        kpi_hoofdwaarde.soort = 'handmatig' and hoofd.soort <> 'handmatig' as is_aangevuld
    from kpi_hoofdwaarde
    inner join hoofd
        on
            kpi_hoofdwaarde.kpi_id = hoofd.kpi_id
            and kpi_hoofdwaarde.model_versie = hoofd.model_versie
            and (
                kpi_hoofdwaarde.uitsplitsing = hoofd.uitsplitsing
                or (hoofd.soort = 'proxy' and kpi_hoofdwaarde.soort = 'handmatig')
            )
    where kpi_hoofdwaarde.gemeente_code <> '{{ var("land_code") }}'
),

-- The newest period of the main series; of what was supplied only when the series has no figures at all.
nieuwste as (
    select
        kpi_id,
        model_versie,
        periode,
        jaar
    from cijfers
    where waarde is not null
    qualify row_number() over (
        partition by kpi_id, model_versie
        order by is_aangevuld asc, jaar desc, periode desc
    ) = 1
),

telling as (
    select
        nieuwste.kpi_id,
        nieuwste.model_versie,
        nieuwste.periode,
        count(distinct cijfers.gemeente_code) as gemeenten_met_waarde
    from nieuwste
    inner join cijfers
        on
            nieuwste.kpi_id = cijfers.kpi_id
            and nieuwste.model_versie = cijfers.model_versie
            and (
                nieuwste.periode = cijfers.periode
                or (cijfers.is_aangevuld and nieuwste.jaar <= cijfers.jaar)
            )
    where cijfers.waarde is not null
    group by
        nieuwste.kpi_id,
        nieuwste.model_versie,
        nieuwste.periode
),

redenen as (
    select
        kpi_id,
        model_versie,
        ontbreekt_reden as meest_genoemde_reden
    from cijfers
    where ontbreekt_reden is not null
    group by kpi_id, model_versie, ontbreekt_reden
    qualify row_number() over (
        partition by kpi_id, model_versie
        order by count(*) desc, ontbreekt_reden asc
    ) = 1
),

geteld as (
    select
        kpi_register.kpi_id,
        kpi_register.model_versie,
        kpi_register.bron_soort,
        hoofd.uitsplitsing,
        hoofd.variant,
        hoofd.soort,
        hoofd.is_terugval,
        hoofd.tabellen,
        hoofd.meldingen,
        hoofd.ontbreekt_reden as reden_hoofdreeks,
        redenen.meest_genoemde_reden,
        coalesce(telling.gemeenten_met_waarde, 0) as gemeenten_met_waarde,
        totaal.gemeenten_totaal,
        telling.periode as nieuwste_periode,
        kpi_register.kpi_id in ('{{ var("kpis_zonder_uitwerking") | join("', '") }}') as is_niet_uitgewerkt
    from kpi_register
    cross join totaal
    left join hoofd
        on
            kpi_register.kpi_id = hoofd.kpi_id
            and kpi_register.model_versie = hoofd.model_versie
    left join telling
        on
            kpi_register.kpi_id = telling.kpi_id
            and kpi_register.model_versie = telling.model_versie
    left join redenen
        on
            kpi_register.kpi_id = redenen.kpi_id
            and kpi_register.model_versie = redenen.model_versie
),

beoordeeld as (
    select
        *,
        case
            when gemeenten_met_waarde >= {{ var('dekking_drempel') }} * gemeenten_totaal then 'beschikbaar'
            when gemeenten_met_waarde > 0 then 'deels'
            when is_niet_uitgewerkt then 'nog_niet_gedefinieerd'
            when bron_soort in ('eigen', 'handmatig') then 'eigen_levering_nodig'
            else 'geen_bron'
        end as status
    from geteld
),

verklaard as (
    select
        *,
        case
            when status in ('beschikbaar', 'deels') then null
            when status in ('eigen_levering_nodig', 'nog_niet_gedefinieerd') then status
            else coalesce(reden_hoofdreeks, meest_genoemde_reden, 'niet_gepubliceerd')
        end as ontbreekt_reden
    from beoordeeld
),

toegelicht as (
    select
        verklaard.kpi_id,
        verklaard.model_versie,
        verklaard.status,
        verklaard.gemeenten_met_waarde,
        verklaard.gemeenten_totaal,
        verklaard.nieuwste_periode,
        verklaard.uitsplitsing,
        verklaard.variant,
        verklaard.ontbreekt_reden,
        concat_ws(
            ' ',
            case
                when verklaard.status in ('beschikbaar', 'deels')
                    then
                        'Er zijn cijfers voor ' || verklaard.gemeenten_met_waarde || ' van de '
                        || verklaard.gemeenten_totaal || ' gemeenten, over ' || verklaard.nieuwste_periode || '.'
                when verklaard.bron_soort = 'eigen'
                    then 'Dit komt uit de eigen registratie; daarvan is nog niets aangeleverd.'
                when verklaard.ontbreekt_reden = 'tabel_ontbreekt'
                    then 'De brontabel is nu niet beschikbaar; gezocht is naar ' || verklaard.tabellen || '.'
                when verklaard.ontbreekt_reden = 'niet_gepubliceerd' and verklaard.is_terugval
                    then
                        'De brontabel ('
                        || verklaard.tabellen
                        || ') is nu niet beschikbaar, en de reeks die invalt geeft'
                        || ' voor geen enkele gemeente een cijfer.'
                when verklaard.ontbreekt_reden = 'niet_gepubliceerd'
                    then 'De brontabel (' || verklaard.tabellen || ') geeft voor geen enkele gemeente een cijfer.'
                else ontbreekt_reden.omschrijving || '.'
            end,
            case
                when verklaard.gemeenten_met_waarde > 0 and verklaard.soort = 'proxy'
                    then 'Het is een benadering van wat de KPI vraagt.'
            end,
            case
                when verklaard.gemeenten_met_waarde > 0 and verklaard.is_terugval
                    then 'Een andere reeks valt in, omdat de hoofdreeks nu niet beschikbaar is.'
            end,
            case
                when
                    verklaard.gemeenten_met_waarde = 0
                    and verklaard.ontbreekt_reden <> 'tabel_ontbreekt'
                    and verklaard.reden_hoofdreeks = 'tabel_ontbreekt'
                    then 'Een benadering staat in tabel ' || verklaard.tabellen || ', die nu niet beschikbaar is.'
            end,
            case
                when verklaard.gemeenten_met_waarde = 0
                    then 'Melding bij het inlezen: ' || verklaard.meldingen
            end
        ) as reden
    from verklaard
    left join ontbreekt_reden
        on verklaard.ontbreekt_reden = ontbreekt_reden.ontbreekt_reden
),

-- What was delivered speaks for itself; the rest is still to come.
samengebracht as (
    select toegelicht.*
    from toegelicht
    left join eigen_dekking
        on toegelicht.kpi_id = eigen_dekking.kpi_id and toegelicht.model_versie = eigen_dekking.model_versie
    where eigen_dekking.kpi_id is null
    union all by name
    select * from eigen_dekking
)

select
    kpi_id,
    model_versie,
    status,
    gemeenten_met_waarde,
    gemeenten_totaal,
    nieuwste_periode,
    uitsplitsing,
    variant,
    ontbreekt_reden,
    reden
from samengebracht
order by kpi_id, model_versie
