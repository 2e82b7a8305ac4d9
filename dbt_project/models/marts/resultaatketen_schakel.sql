with

keten_cijfer as (
    select * from {{ ref('int_keten_cijfer') }}
),

impact_effect as (
    select * from {{ ref('impact_effect') }}
),

kpi as (
    select * from {{ ref('kpi') }}
    where geldend
),

gemeente as (
    select * from {{ ref('gemeente') }}
    where soort_gebied = 'gemeente'
),

bereik_kpi as (
    select
        kpi_id,
        leefgebied
    from kpi
    where familie = 'bereik'
)

select
    gemeente.gemeente_code,
    gemeente.gemeente_naam,
    kpi.leefgebied,
    kpi.leefgebied_naam,
    kpi.beoogd_effect,
    kpi.beoogd_effect_omschrijving,
    bereik_kpi.kpi_id as bereik_kpi_id,
    bereik.waarde as bereik_waarde,
    bereik.eenheid as bereik_eenheid,
    bereik.periode as bereik_periode,
    bereik.status as bereik_status,
    bereik.oi_laag as bereik_oi_laag,
    bereik.oi_hoog as bereik_oi_hoog,
    bereik.vorige_waarde as bereik_vorige_waarde,
    bereik.vorige_periode as bereik_vorige_periode,
    bereik.ontwikkeling as bereik_ontwikkeling,
    case when bereik.waarde is null then coalesce(bereik.ontbreekt_reden, 'eigen_levering_nodig') end as bereik_reden,
    impact_effect.effect_kpi_id,
    effect.kpi_naam as effect_naam,
    effect.waarde as effect_waarde,
    effect.eenheid as effect_eenheid,
    effect.periode as effect_periode,
    effect.status as effect_status,
    effect.oi_laag as effect_oi_laag,
    effect.oi_hoog as effect_oi_hoog,
    effect.vorige_waarde as effect_vorige_waarde,
    effect.vorige_periode as effect_vorige_periode,
    effect.ontwikkeling as effect_ontwikkeling,
    case
        when impact_effect.effect_kpi_id is not null and effect.waarde is null
            then coalesce(effect.ontbreekt_reden, 'eigen_levering_nodig')
    end as effect_reden,
    impact_effect.professional_kpi_id,
    professional.waarde as professional_waarde,
    professional.periode as professional_periode,
    professional.status as professional_status,
    professional.oi_laag as professional_oi_laag,
    professional.oi_hoog as professional_oi_hoog,
    professional.vorige_waarde as professional_vorige_waarde,
    professional.vorige_periode as professional_vorige_periode,
    professional.ontwikkeling as professional_ontwikkeling,
    case
        when professional.waarde is null then coalesce(professional.ontbreekt_reden, 'eigen_levering_nodig')
    end as professional_reden,
    kpi.kpi_id as impact_kpi_id,
    kpi.naam as impact_naam,
    impact.waarde as impact_waarde,
    impact.eenheid as impact_eenheid,
    impact.richting as impact_richting,
    impact.periode as impact_periode,
    impact.status as impact_status,
    impact.oi_laag as impact_oi_laag,
    impact.oi_hoog as impact_oi_hoog,
    impact.nl_waarde as impact_nl_waarde,
    impact.vorige_waarde as impact_vorige_waarde,
    impact.vorige_periode as impact_vorige_periode,
    impact.ontwikkeling as impact_ontwikkeling,
    impact.oordeel as impact_oordeel,
    impact.trend as impact_trend,
    impact.ontbreekt_reden as impact_reden
from impact_effect
inner join kpi
    on impact_effect.impact_kpi_id = kpi.kpi_id
inner join bereik_kpi
    on kpi.leefgebied = bereik_kpi.leefgebied
cross join gemeente
left join keten_cijfer as impact
    on
        kpi.kpi_id = impact.kpi_id
        and kpi.model_versie = impact.model_versie
        and gemeente.gemeente_code = impact.gemeente_code
left join keten_cijfer as effect
    on
        impact_effect.effect_kpi_id = effect.kpi_id
        and gemeente.gemeente_code = effect.gemeente_code
left join keten_cijfer as professional
    on
        impact_effect.professional_kpi_id = professional.kpi_id
        and gemeente.gemeente_code = professional.gemeente_code
left join keten_cijfer as bereik
    on
        bereik_kpi.kpi_id = bereik.kpi_id
        and gemeente.gemeente_code = bereik.gemeente_code
order by gemeente.gemeente_code, kpi.kpi_id, impact_effect.effect_kpi_id
