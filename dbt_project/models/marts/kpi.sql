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

reeks_bron as (
    select * from {{ ref('int_reeks_bron') }}
),

hoofd as (
    select * from kpi_hoofdreeks
    where is_hoofduitsplitsing
),

eigen_hoofd as (
    select * from {{ ref('int_eigen_hoofd') }}
    where is_hoofduitsplitsing
),

eigen_bron as (
    select * from {{ ref('source_table') }}
    where bron_id = 'levering'
),

reach as (
    select * from {{ ref('reach') }}
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
        kpi_register.definitie,
        kpi_register.eenheid,
        kpi_register.richting,
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
        tellers.tabel as teller_bron,
        noemers.tabel as noemer_bron,
        case
            when eigen_hoofd.soort_waarde = 'percentage' then 'Wilson, uit afgeronde aantallen'
            when eigen_hoofd.soort_waarde = 'aantal' then 'Byar (Poisson), uit afgeronde aantallen'
            when eigen_hoofd.kpi_id is not null then 'Geen interval bij dit soort cijfer'
            else 'Geen interval: de bron geeft er geen, of het is nog niet overgenomen'
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
        coalesce(tellers.ritme, eigen_bron.ritme) as ritme,
        coalesce(hoofd.toelichting, reach.zegt_niet) as kanttekening,
        coalesce(tellers.bronvermelding, eigen_bron.bronvermelding) as bronvermelding,
        coalesce(tellers.licentie, eigen_bron.licentie) as licentie
    from kpi_register
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
    left join reeks_bron as tellers
        on
            hoofd.reeks_id = tellers.reeks_id
            and hoofd.uitsplitsing = tellers.uitsplitsing
            and hoofd.teller_rol = tellers.rol
    left join reeks_bron as noemers
        on
            hoofd.formule = 'ratio'
            and hoofd.reeks_id = noemers.reeks_id
            and hoofd.uitsplitsing = noemers.uitsplitsing
            and noemers.rol = 'noemer'
    left join eigen_bron
        on kpi_register.bron_soort = 'eigen'
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
    definitie,
    eenheid,
    richting,
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
    berekening,
    teller_bron,
    noemer_bron,
    interval_methode,
    afronding,
    onthulling,
    ritme,
    kanttekening,
    bronvermelding,
    licentie
from beschreven
order by kpi_id, model_versie
