with

schakel as (
    select * from {{ ref('resultaatketen_schakel') }}
),

activiteit as (
    select
        kpi_waarde.gemeente_code,
        kpi_register.leefgebied,
        arg_max(kpi_waarde.waarde, kpi_waarde.jaar) filter (where kpi_waarde.waarde is not null) as deelnemers,
        max(kpi_waarde.periode) filter (where kpi_waarde.waarde is not null) as deelnemers_periode
    from {{ ref('kpi_waarde') }} as kpi_waarde
    inner join {{ ref('kpi_register') }} as kpi_register
        on kpi_waarde.kpi_id = kpi_register.kpi_id and kpi_register.familie = 'bereik'
    where kpi_waarde.variant = 'deelnemers' and kpi_waarde.periode_soort = 'jaar'
    group by
        kpi_waarde.gemeente_code,
        kpi_register.leefgebied
),

bereik as (
    select distinct
        gemeente_code,
        gemeente_naam,
        leefgebied,
        leefgebied_naam,
        bereik_kpi_id,
        bereik_waarde,
        bereik_eenheid,
        bereik_periode,
        bereik_status,
        bereik_oi_laag,
        bereik_oi_hoog,
        bereik_vorige_waarde,
        bereik_vorige_periode,
        bereik_ontwikkeling,
        bereik_reden
    from schakel
),

-- An effect or an impact stands in the chain once, however many links it is part of.
effecten as (
    select
        gemeente_code,
        leefgebied,
        count(*) as effecten,
        count(effect_waarde) as effecten_met_cijfer,
        count(*) filter (where effect_ontwikkeling = 'gunstiger') as effecten_gunstiger,
        count(*) filter (where effect_ontwikkeling = 'ongunstiger') as effecten_ongunstiger,
        string_agg(
            effect_kpi_id || ' ' || replace(round(effect_waarde, 1)::varchar, '.0', '')
            || ' % (' || effect_periode || ')',
            '; ' order by effect_kpi_id
        ) as effecten_tekst
    from (
        select distinct on (gemeente_code, leefgebied, effect_kpi_id)
            gemeente_code,
            leefgebied,
            effect_kpi_id,
            effect_waarde,
            effect_periode,
            effect_ontwikkeling
        from schakel
        where effect_kpi_id is not null
        order by
            gemeente_code,
            leefgebied,
            effect_kpi_id
    ) as per_effect
    group by
        gemeente_code,
        leefgebied
),

impact as (
    select
        gemeente_code,
        leefgebied,
        count(*) as impact_kpis,
        count(impact_waarde) as impact_met_cijfer,
        count(*) filter (where impact_ontwikkeling = 'gunstiger') as impact_gunstiger,
        count(*) filter (where impact_ontwikkeling = 'ongunstiger') as impact_ongunstiger,
        string_agg(
            impact_kpi_id || ' ' || replace(round(impact_waarde, 1)::varchar, '.0', '') || ' ' || impact_eenheid || ' ('
            || impact_periode || coalesce('; NL ' || replace(round(impact_nl_waarde, 1)::varchar, '.0', ''), '') || ')',
            '; ' order by impact_kpi_id
        ) as impact_tekst
    from (
        select distinct on (gemeente_code, impact_kpi_id)
            gemeente_code,
            leefgebied,
            impact_kpi_id,
            impact_waarde,
            impact_eenheid,
            impact_periode,
            impact_nl_waarde,
            impact_ontwikkeling
        from schakel
        order by
            gemeente_code,
            impact_kpi_id
    ) as per_impact
    group by
        gemeente_code,
        leefgebied
)

select
    bereik.gemeente_code,
    bereik.gemeente_naam,
    bereik.leefgebied,
    bereik.leefgebied_naam,
    activiteit.deelnemers,
    activiteit.deelnemers_periode,
    bereik.bereik_kpi_id,
    bereik.bereik_waarde,
    bereik.bereik_eenheid,
    bereik.bereik_periode,
    bereik.bereik_status,
    bereik.bereik_oi_laag,
    bereik.bereik_oi_hoog,
    bereik.bereik_vorige_waarde,
    bereik.bereik_vorige_periode,
    bereik.bereik_ontwikkeling,
    bereik.bereik_reden,
    coalesce(effecten.effecten, 0) as effecten,
    coalesce(effecten.effecten_met_cijfer, 0) as effecten_met_cijfer,
    coalesce(effecten.effecten_gunstiger, 0) as effecten_gunstiger,
    coalesce(effecten.effecten_ongunstiger, 0) as effecten_ongunstiger,
    effecten.effecten_tekst,
    impact.impact_kpis,
    impact.impact_met_cijfer,
    impact.impact_gunstiger,
    impact.impact_ongunstiger,
    impact.impact_tekst
from bereik
inner join impact
    on
        bereik.gemeente_code = impact.gemeente_code
        and bereik.leefgebied = impact.leefgebied
left join effecten
    on
        bereik.gemeente_code = effecten.gemeente_code
        and bereik.leefgebied = effecten.leefgebied
left join activiteit
    on
        bereik.gemeente_code = activiteit.gemeente_code
        and bereik.leefgebied = activiteit.leefgebied
order by bereik.gemeente_code, bereik.leefgebied
