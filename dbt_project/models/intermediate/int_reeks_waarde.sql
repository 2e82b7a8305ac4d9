{{ config(materialized='view') }}

with

kpi_formule as (
    select * from {{ ref('int_kpi_formule') }}
),

reeks_deel as (
    select * from {{ ref('int_reeks_deel') }}
),

reeks_periode as (
    select * from {{ ref('int_reeks_periode') }}
),

reeks_deel_indeling as (
    select * from {{ ref('int_reeks_deel_indeling') }}
),

gemeente_jaar as (
    select * from {{ ref('int_gemeente_jaar') }}
),

-- Tables keep empty rows of gemeenten that their own division no longer has: those are no figures.
tellers as (
    select reeks_deel.*
    from reeks_deel
    left join gemeente_jaar
        on
            reeks_deel.gemeente_code = gemeente_jaar.gemeente_code
            and reeks_deel.indelingsjaar = gemeente_jaar.jaar
    where
        reeks_deel.waarde is not null
        or gemeente_jaar.gemeente_code is not null
        or reeks_deel.gemeente_code = '{{ var("land_code") }}'
),

noemer_periodes as (
    select * from reeks_periode
    where rol = 'noemer'
),

noemers as (
    select * from reeks_deel_indeling
    where rol = 'noemer'
),

samengebracht as (
    select
        kpi_formule.kpi_id,
        kpi_formule.model_versie,
        kpi_formule.uitsplitsing,
        kpi_formule.variant,
        kpi_formule.formule,
        kpi_formule.factor,
        kpi_formule.soort_waarde,
        kpi_formule.soort,
        kpi_formule.herkomst,
        kpi_formule.is_modelmatig,
        coalesce(tellers.eenheid, kpi_formule.eenheid) as eenheid,
        tellers.opgegeven_bron,
        tellers.gemeente_code,
        tellers.periode,
        tellers.jaar,
        tellers.periode_soort,
        tellers.waarde as teller,
        tellers.ontbreekt_reden as teller_reden,
        -- The bounds of a teller are not those of a ratio made of it.
        case when kpi_formule.formule = 'waarde' then tellers.oi_laag end as oi_laag,
        case when kpi_formule.formule = 'waarde' then tellers.oi_hoog end as oi_hoog,
        noemers.waarde as noemer,
        coalesce(noemers.is_herleid, false) as is_herleid,
        greatest(tellers.status_rang, noemers.status_rang) as status_rang,
        least(tellers.verouderd_sinds, noemer_periodes.verouderd_sinds) as verouderd_sinds,
        tellers.bron_id,
        tellers.editie,
        tellers.indelingsjaar,
        noemer_periodes.bron_id as noemer_bron_id,
        noemer_periodes.editie as noemer_editie
    from kpi_formule
    inner join tellers
        on
            kpi_formule.reeks_id = tellers.reeks_id
            and kpi_formule.uitsplitsing = tellers.uitsplitsing
            and kpi_formule.teller_rol = tellers.rol
            and (kpi_formule.gebieden <> 'nl' or tellers.gemeente_code = '{{ var("land_code") }}')
    left join noemer_periodes
        on
            kpi_formule.formule = 'ratio'
            and kpi_formule.reeks_id = noemer_periodes.reeks_id
            and kpi_formule.uitsplitsing = noemer_periodes.uitsplitsing
            and tellers.jaar + kpi_formule.noemer_verschuiving = noemer_periodes.jaar
            and tellers.periode_soort = noemer_periodes.periode_soort
    left join noemers
        on
            noemer_periodes.reeks_id = noemers.reeks_id
            and noemer_periodes.uitsplitsing = noemers.uitsplitsing
            and noemer_periodes.periode = noemers.periode
            and tellers.indelingsjaar = noemers.naar_jaar
            and tellers.gemeente_code = noemers.gemeente_code
),

berekend as (
    select
        *,
        case
            when formule = 'ratio' then {{ ratio('teller', 'noemer', 'factor') }}
            else teller
        end as waarde,
        case
            when formule = 'ratio' then {{ ratio_reden('teller', 'teller_reden', 'noemer') }}
            else teller_reden
        end as ontbreekt_reden,
        {{ oi_methode('teller', 'oi_laag', 'oi_hoog') }} as oi_methode
    from samengebracht
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    variant,
    gemeente_code,
    periode,
    jaar,
    periode_soort,
    waarde,
    eenheid,
    case when formule = 'ratio' or soort_waarde = 'aantal' then teller end as teller,
    case when formule = 'ratio' then noemer end as noemer,
    case when oi_methode <> 'geen' then oi_laag end as oi_laag,
    case when oi_methode <> 'geen' then oi_hoog end as oi_hoog,
    oi_methode,
    case when waarde is not null then {{ status_naam('status_rang') }} end as status,
    ontbreekt_reden,
    herkomst,
    soort,
    is_modelmatig,
    waarde is not null and is_herleid as is_herleid,
    verouderd_sinds,
    bron_id,
    editie,
    noemer_bron_id,
    noemer_editie,
    opgegeven_bron,
    indelingsjaar
from berekend
