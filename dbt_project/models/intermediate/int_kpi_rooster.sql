{{ config(materialized='view') }}

with

kpi_formule as (
    select * from {{ ref('int_kpi_formule') }}
),

reeks_periode as (
    select * from {{ ref('int_reeks_periode') }}
),

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

gebieden as (
    select
        gemeente_code,
        indelingsjaar
    from gemeente
    union all
    select
        '{{ var("land_code") }}' as gemeente_code,
        max(indelingsjaar) as indelingsjaar
    from gemeente
),

noemer_periodes as (
    select * from reeks_periode
    where rol = 'noemer'
)

select
    kpi_formule.kpi_id,
    kpi_formule.model_versie,
    kpi_formule.uitsplitsing,
    kpi_formule.variant,
    kpi_formule.reeks_id,
    kpi_formule.teller_rol,
    kpi_formule.formule,
    kpi_formule.factor,
    kpi_formule.soort_waarde,
    kpi_formule.is_optelbaar,
    kpi_formule.eenheid,
    kpi_formule.soort,
    kpi_formule.herkomst,
    kpi_formule.is_modelmatig,
    kpi_formule.nl_waarde,
    teller_periodes.periode,
    teller_periodes.jaar,
    teller_periodes.periode_soort,
    teller_periodes.indelingsjaar as bron_indelingsjaar,
    teller_periodes.bron_id,
    teller_periodes.editie,
    noemer_periodes.periode as noemer_periode,
    noemer_periodes.bron_id as noemer_bron_id,
    noemer_periodes.editie as noemer_editie,
    least(teller_periodes.verouderd_sinds, noemer_periodes.verouderd_sinds) as verouderd_sinds,
    gebieden.gemeente_code,
    gebieden.indelingsjaar
from kpi_formule
inner join reeks_periode as teller_periodes
    on
        kpi_formule.reeks_id = teller_periodes.reeks_id
        and kpi_formule.uitsplitsing = teller_periodes.uitsplitsing
        and kpi_formule.teller_rol = teller_periodes.rol
left join noemer_periodes
    on
        kpi_formule.formule = 'ratio'
        and kpi_formule.reeks_id = noemer_periodes.reeks_id
        and kpi_formule.uitsplitsing = noemer_periodes.uitsplitsing
        and teller_periodes.jaar + kpi_formule.noemer_verschuiving = noemer_periodes.jaar
        and teller_periodes.periode_soort = noemer_periodes.periode_soort
inner join gebieden
    on kpi_formule.gebieden <> 'nl' or gebieden.gemeente_code = '{{ var("land_code") }}'
