with

kpi_register as (
    select * from {{ ref('kpi_register') }}
),

leefgebied as (
    select * from {{ ref('leefgebied') }}
),

beoogd_effect as (
    select * from {{ ref('beoogd_effect') }}
),

kpi_hoofdreeks as (
    select * from {{ ref('int_kpi_hoofdreeks') }}
),

kpi_formule as (
    select * from {{ ref('int_kpi_formule') }}
),

reeks_bron as (
    select * from {{ ref('int_reeks_bron') }}
),

reeks_omschrijving as (
    select * from {{ ref('int_reeks_omschrijving') }}
),

own_kpi as (
    select * from {{ ref('own_kpi') }}
),

own_kpi_table as (
    select * from {{ ref('own_kpi_table') }}
),

profiel as (
    select * from {{ ref('stg_lake__profiel') }}
),

profiel_kpi as (
    select * from {{ ref('stg_lake__profiel_kpi') }}
),

profiel_werksoort as (
    select * from {{ ref('stg_lake__profiel_werksoort') }}
),

keuze as (
    select
        (select coalesce(bool_or(profiel.kiest_kpis), false) from profiel) as kiest_kpis,
        (
            select string_agg(profiel_werksoort.werksoort, ', ' order by profiel_werksoort.werksoort)
            from profiel_werksoort
        ) as werksoorten
),

-- Own figures that follow an intervention, which has a werksoort; hours are booked on one too.
over_interventies as (
    select distinct kpi_id from own_kpi_table
    where tabel = 'interventie'
),

hoofd as (
    select * from kpi_hoofdreeks
    where is_hoofduitsplitsing
),

eigen_hoofd as (
    select * from {{ ref('int_eigen_hoofd') }}
    where is_hoofduitsplitsing
),

source_table as (
    select * from {{ ref('source_table') }}
),

eigen_bron as (
    select * from source_table
    where bron_id = 'levering'
),

aangeleverd_bron as (
    select * from source_table
    where bron_id = 'handmatig'
),

reach as (
    select * from {{ ref('reach') }}
),

-- Series of which the source publishes the margins.
met_marges as (
    select distinct
        kpi_id,
        model_versie,
        uitsplitsing,
        variant
    from {{ ref('int_kpi_waarde') }}
    where oi_methode = 'gepubliceerd'
),

beschreven as (
    select
        kpi_register.kpi_id,
        kpi_register.model_versie,
        kpi_register.familie,
        kpi_register.leefgebied,
        leefgebied.naam as leefgebied_naam,
        kpi_register.fase,
        kpi_register.naam,
        coalesce(profiel_kpi.label, kpi_register.naam) as label, -- noqa: RF04
        coalesce(profiel_kpi.gekozen, not keuze.kiest_kpis) as gekozen,
        kpi_register.definitie,
        case
            when kpi_register.familie = 'impact'
                then 'De staat van de gemeente op wat het sociaal werk beoogt: ' || beoogd_effect.omschrijving
            when kpi_register.familie = 'effect'
                then 'Of deelnemers zelf merken wat het sociaal werk beoogt: ' || beoogd_effect.omschrijving
            when kpi_register.familie = 'professional'
                then 'Hoe professionals over het leefgebied ' || leefgebied.naam || ' oordelen, naast de deelnemers'
            when kpi_register.familie = 'bereik'
                then 'Hoeveel mensen zijn bereikt, naast het aantal mensen om wie het gaat'
            when kpi_register.familie = 'kwaliteit'
                then 'Of het werk wordt gedaan door mensen en methoden die daarvoor zijn toegerust'
            when kpi_register.fase = 'starten' then 'Of mensen op tijd worden gevonden en geholpen'
            when kpi_register.fase = 'analyseren' then 'Of de vraag goed wordt ingeschat en de inzet daarbij past'
            when kpi_register.fase = 'samenwerken' then 'Of het netwerk om de deelnemer op tijd en goed levert'
            when kpi_register.fase = 'uitvoeren' then 'Of de hulp verloopt zoals afgesproken'
            when kpi_register.fase = 'afronden' then 'Of de hulp gaf wat was afgesproken, en of dat blijft'
        end as waarom,
        kpi_register.eenheid,
        coalesce(hoofd.soort_waarde, eigen_hoofd.soort_waarde) as soort_waarde,
        coalesce(
            teller_omschrijving.jaar_soort,
            case
                when eigen_hoofd.kpi_id is not null then 'kalenderjaar'
                when hoofd.soort = 'handmatig' then 'jaar zoals opgegeven'
            end
        ) as jaar_soort,
        coalesce(profiel_kpi.richting, kpi_register.richting) as richting,
        case when profiel_kpi.richting is null then 'model' else 'profiel' end as richting_herkomst,
        kpi_register.vet,
        kpi_register.geldend,
        kpi_register.bron_soort,
        kpi_register.beoogd_effect,
        beoogd_effect.omschrijving as beoogd_effect_omschrijving,
        kpi_register.alias_van,
        kpi_register.gevoelig,
        kpi_register.oorsprong,
        coalesce(hoofd.uitsplitsing, eigen_hoofd.uitsplitsing) as hoofduitsplitsing,
        coalesce(hoofd.variant, eigen_hoofd.variant) as hoofdreeks,
        coalesce(hoofd.soort, case when eigen_hoofd.kpi_id is not null then 'direct' end) as soort,
        coalesce(hoofd.is_modelmatig, case when eigen_hoofd.kpi_id is not null then false end) as is_modelmatig,
        case
            when eigen_hoofd.kpi_id is not null then 'Uit de eigen registratie: ' || eigen_hoofd.berekening
            when hoofd.variant is null then null
            when hoofd.soort = 'handmatig' then 'Overgenomen zoals het is aangeleverd'
            when hoofd.formule = 'waarde' and hoofd.soort_waarde = 'aantal'
                then 'Aantal zoals de bron het publiceert; onderdelen zijn opgeteld'
            when hoofd.formule = 'waarde' then 'Overgenomen zoals de bron het publiceert'
            when hoofd.noemer_verschuiving > 0
                then
                    replace(format('{:,}', hoofd.factor), ',', ' ') || ' × teller / noemer, met de noemer van '
                    || hoofd.noemer_verschuiving || ' jaar later'
            else replace(format('{:,}', hoofd.factor), ',', ' ') || ' × teller / noemer van hetzelfde jaar'
        end as berekening,
        coalesce(kpi_formule.meetwijze, case when eigen_hoofd.kpi_id is not null then 'eigen' end) as meetwijze,
        coalesce(
            own_kpi.teller,
            teller_omschrijving.omschrijving,
            case when hoofd.soort = 'handmatig' then 'Zoals opgegeven door wie het cijfer aanlevert' end
        ) as teller_definitie,
        coalesce(own_kpi.noemer, noemer_omschrijving.omschrijving) as noemer_definitie,
        tellers.tabel as teller_bron,
        noemers.tabel as noemer_bron,
        case
            when gegevens.bron = 'cbs'
                then 'https://opendata.cbs.nl/statline/#/CBS/nl/dataset/' || gegevens.table_id || '/table'
            when gegevens.bron = 'rivm'
                then 'https://statline.rivm.nl/#/RIVM/nl/dataset/' || gegevens.table_id || '/table'
            when gegevens.bron = 'politie'
                then 'https://data.politie.nl/#/Politie/nl/dataset/' || gegevens.table_id || '/table'
            when gegevens.bron = 'leefbaarometer' then 'https://www.leefbaarometer.nl/'
        end as link,
        case
            when eigen_hoofd.soort_waarde = 'percentage' then 'Wilson, uit afgeronde aantallen'
            when eigen_hoofd.soort_waarde = 'aantal' then 'Byar (Poisson), uit afgeronde aantallen'
            when eigen_hoofd.kpi_id is not null then 'Geen interval bij dit soort cijfer'
            when met_marges.kpi_id is not null then 'Gepubliceerd door de bron, 95 %'
            when kpi_formule.meetwijze = 'register'
                then 'Geen interval: een register telt iedereen, er is geen steekproef'
            when kpi_formule.meetwijze = 'enquete' then 'Geen interval: de bron geeft bij deze enquête geen marges'
            when kpi_formule.meetwijze = 'model' then 'Geen interval: de bron geeft bij deze schatting geen marges'
            when kpi_formule.meetwijze = 'handmatig' then 'Geen interval: het cijfer is zo opgegeven'
            else 'Geen interval: er is geen reeks'
        end as interval_methode,
        case
            when eigen_hoofd.kpi_id is not null
                then 'Aantallen op vijftallen; percentages en verhoudingen uit afgeronde aantallen; dagen en uren heel'
            else 'Gepubliceerde cijfers ongewijzigd; berekende cijfers op negen significante cijfers'
        end as afronding,
        case
            when kpi_register.bron_soort = 'eigen'
                then
                    'Cijfers die op weinig mensen rusten worden niet getoond, en ook niet de cijfers waaruit ze af te'
                    || ' leiden zijn; nieuwe cijfers komen per maand uit'
            else 'De bron houdt kleine of onbetrouwbare cijfers zelf achter'
        end as onthulling,
        coalesce(tellers.ritme, eigen_bron.ritme, aangeleverd_bron.ritme) as ritme,
        coalesce(hoofd.toelichting, reach.zegt_niet) as kanttekening,
        case
            when keuze.werksoorten is not null and over_interventies.kpi_id is not null
                then
                    'Het cijfer gaat over alle werksoorten samen; het profiel kiest ' || keuze.werksoorten
                    || ', maar daartoe is het cijfer niet beperkt'
        end as afbakening,
        coalesce(tellers.bronvermelding, eigen_bron.bronvermelding, aangeleverd_bron.bronvermelding) as bronvermelding,
        coalesce(tellers.licentie, eigen_bron.licentie, aangeleverd_bron.licentie) as licentie,
        case
            when eigen_hoofd.kpi_id is not null then 'Zoals de organisatie toestaat: het zijn haar eigen cijfers'
            when hoofd.soort = 'handmatig' then 'Zoals afgesproken met wie het cijfer aanlevert'
            when tellers.licentie like 'CC BY%'
                then 'Vrij te gebruiken en te bewerken, ook commercieel, met vermelding van de bron'
            when tellers.licentie like 'CC0%' then 'Vrij te gebruiken; vermeld de bron, dan is het cijfer na te gaan'
        end as hergebruik
    from kpi_register
    cross join keuze
    left join leefgebied
        on kpi_register.leefgebied = leefgebied.leefgebied
    left join beoogd_effect
        on kpi_register.beoogd_effect = beoogd_effect.beoogd_effect
    left join hoofd
        on
            kpi_register.kpi_id = hoofd.kpi_id
            and kpi_register.model_versie = hoofd.model_versie
    left join eigen_hoofd
        on
            kpi_register.kpi_id = eigen_hoofd.kpi_id
            and kpi_register.model_versie = eigen_hoofd.model_versie
    left join profiel_kpi
        on kpi_register.kpi_id = profiel_kpi.kpi_id
    left join over_interventies
        on kpi_register.kpi_id = over_interventies.kpi_id
    left join kpi_formule
        on
            hoofd.kpi_id = kpi_formule.kpi_id
            and hoofd.model_versie = kpi_formule.model_versie
            and hoofd.uitsplitsing = kpi_formule.uitsplitsing
            and hoofd.variant = kpi_formule.variant
    left join met_marges
        on
            hoofd.kpi_id = met_marges.kpi_id
            and hoofd.model_versie = met_marges.model_versie
            and hoofd.uitsplitsing = met_marges.uitsplitsing
            and hoofd.variant = met_marges.variant
    left join own_kpi
        on
            eigen_hoofd.kpi_id = own_kpi.kpi_id
            and eigen_hoofd.variant = own_kpi.variant
            and eigen_hoofd.uitsplitsing = own_kpi.uitsplitsing
    left join reeks_omschrijving as teller_omschrijving
        on
            hoofd.reeks_id = teller_omschrijving.reeks_id
            and hoofd.uitsplitsing = teller_omschrijving.uitsplitsing
            and hoofd.teller_rol = teller_omschrijving.rol
    left join reeks_omschrijving as noemer_omschrijving
        on
            hoofd.formule = 'ratio'
            and hoofd.reeks_id = noemer_omschrijving.reeks_id
            and hoofd.uitsplitsing = noemer_omschrijving.uitsplitsing
            and noemer_omschrijving.rol = 'noemer'
    left join reeks_bron as tellers
        on
            hoofd.reeks_id = tellers.reeks_id
            and hoofd.uitsplitsing = tellers.uitsplitsing
            and hoofd.teller_rol = tellers.rol
    left join source_table as gegevens
        on tellers.bron_id = gegevens.bron_id
    left join reeks_bron as noemers
        on
            hoofd.formule = 'ratio'
            and hoofd.reeks_id = noemers.reeks_id
            and hoofd.uitsplitsing = noemers.uitsplitsing
            and noemers.rol = 'noemer'
    left join eigen_bron
        on kpi_register.bron_soort = 'eigen'
    left join aangeleverd_bron
        on hoofd.soort = 'handmatig'
    left join reach
        on kpi_register.kpi_id = reach.kpi_id
)

select
    kpi_id,
    model_versie,
    familie,
    leefgebied,
    leefgebied_naam,
    fase,
    naam,
    label,
    gekozen,
    definitie,
    waarom,
    eenheid,
    soort_waarde,
    jaar_soort,
    richting,
    richting_herkomst,
    vet,
    geldend,
    bron_soort,
    beoogd_effect,
    beoogd_effect_omschrijving,
    alias_van,
    gevoelig,
    oorsprong,
    hoofduitsplitsing,
    hoofdreeks,
    soort,
    is_modelmatig,
    meetwijze,
    berekening,
    teller_definitie,
    noemer_definitie,
    teller_bron,
    noemer_bron,
    link,
    interval_methode,
    afronding,
    onthulling,
    ritme,
    kanttekening,
    afbakening,
    bronvermelding,
    licentie,
    hergebruik
from beschreven
order by kpi_id, model_versie
