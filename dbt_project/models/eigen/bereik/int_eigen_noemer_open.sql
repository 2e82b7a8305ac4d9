with

own_kpi as (
    select * from {{ ref('own_kpi') }}
),

reach as (
    select * from {{ ref('reach') }}
),

reeks_deel_indeling as (
    select * from {{ ref('int_reeks_deel_indeling') }}
),

reeks_periode as (
    select * from {{ ref('int_reeks_periode') }}
),

kpi_hoofdreeks as (
    select * from {{ ref('int_kpi_hoofdreeks') }}
),

kpi_waarde as (
    select * from {{ ref('int_kpi_waarde') }}
),

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

eigen_gebied as (
    select * from {{ ref('int_eigen_gebied') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- What has no row of its own in reach is held against all inhabitants.
doelen as (
    select distinct
        own_kpi.kpi_id,
        coalesce(reach.reeks_id, '{{ var("inwoners_reeksen")[0] }}') as reeks_id,
        coalesce(reach.reeks_uitsplitsing, 'totaal') as reeks_uitsplitsing,
        coalesce(reach.reeks_rol, 'waarde') as reeks_rol,
        coalesce(reach.formule, 'reeks') as formule,
        reach.aandeel_kpi,
        reach.aandeel_uitsplitsing,
        reach.aandeel_variant
    from own_kpi
    left join reach
        on own_kpi.kpi_id = reach.kpi_id
    where own_kpi.noemer_herkomst = 'open'
),

gebieden as (
    select
        gemeente.gemeente_code,
        gemeente.indelingsjaar
    from gemeente
    inner join eigen_gebied
        on gemeente.gemeente_code = eigen_gebied.gemeente_code
),

-- Inhabitants come from the first of the series that is loaded.
reeksen as (
    select
        series.reeks_id as gevraagde_reeks_id,
        series.bron_reeks_id,
        series.voorrang
    from (
        select distinct
            reeks_id,
            reeks_id as bron_reeks_id,
            1 as voorrang
        from doelen
        {% for reeks in var('inwoners_reeksen')[1:] %}
            union all
            select
                '{{ var("inwoners_reeksen")[0] }}' as reeks_id,
                '{{ reeks }}' as bron_reeks_id,
                {{ loop.index + 1 }} as voorrang
        {% endfor %}
    ) as series
),

aantallen as (
    select
        reeksen.gevraagde_reeks_id as reeks_id,
        reeks_deel_indeling.uitsplitsing,
        reeks_deel_indeling.rol,
        reeks_deel_indeling.gemeente_code,
        reeks_periode.jaar,
        arg_min(reeks_deel_indeling.waarde, reeksen.voorrang) as waarde
    from reeks_deel_indeling
    inner join reeksen
        on reeks_deel_indeling.reeks_id = reeksen.bron_reeks_id
    inner join reeks_periode
        on
            reeks_deel_indeling.reeks_id = reeks_periode.reeks_id
            and reeks_deel_indeling.uitsplitsing = reeks_periode.uitsplitsing
            and reeks_deel_indeling.rol = reeks_periode.rol
            and reeks_deel_indeling.periode = reeks_periode.periode
    inner join gebieden
        on
            reeks_deel_indeling.gemeente_code = gebieden.gemeente_code
            and reeks_deel_indeling.naar_jaar = gebieden.indelingsjaar
    where reeks_deel_indeling.waarde is not null
    group by
        reeksen.gevraagde_reeks_id,
        reeks_deel_indeling.uitsplitsing,
        reeks_deel_indeling.rol,
        reeks_deel_indeling.gemeente_code,
        reeks_periode.jaar
),

-- The percentage as the publication gives it; never a supplied one, whose question nobody knows here.
aandelen as (
    select
        kpi_waarde.kpi_id,
        kpi_waarde.uitsplitsing,
        kpi_waarde.gemeente_code,
        kpi_waarde.jaar,
        kpi_waarde.waarde,
        kpi_waarde.variant,
        kpi_hoofdreeks.kpi_id is not null as is_hoofdreeks
    from kpi_waarde
    left join kpi_hoofdreeks
        on
            kpi_waarde.kpi_id = kpi_hoofdreeks.kpi_id
            and kpi_waarde.model_versie = kpi_hoofdreeks.model_versie
            and kpi_waarde.uitsplitsing = kpi_hoofdreeks.uitsplitsing
            and kpi_waarde.variant = kpi_hoofdreeks.variant
    where kpi_waarde.soort <> 'handmatig' and kpi_waarde.waarde is not null
),

jaren as (
    select distinct jaar from periode
),

-- Of the year itself, else of the newest year before it.
per_jaar as (
    select
        doelen.kpi_id,
        doelen.formule,
        gebieden.gemeente_code,
        jaren.jaar,
        arg_max(aantallen.waarde, aantallen.jaar) as aantal,
        max(aantallen.jaar) as aantal_jaar,
        arg_max(aandelen.waarde, aandelen.jaar) as aandeel,
        max(aandelen.jaar) as aandeel_jaar
    from doelen
    cross join gebieden
    cross join jaren
    left join aantallen
        on
            doelen.reeks_id = aantallen.reeks_id
            and doelen.reeks_uitsplitsing = aantallen.uitsplitsing
            and doelen.reeks_rol = aantallen.rol
            and gebieden.gemeente_code = aantallen.gemeente_code
            and jaren.jaar >= aantallen.jaar
    left join aandelen
        on
            doelen.aandeel_kpi = aandelen.kpi_id
            and doelen.aandeel_uitsplitsing = aandelen.uitsplitsing
            and case
                when doelen.aandeel_variant is null then aandelen.is_hoofdreeks
                else doelen.aandeel_variant = aandelen.variant
            end
            and gebieden.gemeente_code = aandelen.gemeente_code
            and jaren.jaar >= aandelen.jaar
    group by doelen.kpi_id, doelen.formule, gebieden.gemeente_code, jaren.jaar
),

berekend as (
    select
        kpi_id,
        gemeente_code,
        jaar,
        case formule
            when 'reeks' then aantal
            when 'aandeel' then aantal * aandeel / 100
            when 'tegendeel' then aantal * (100 - aandeel) / 100
        end as noemer,
        -- The oldest figure it rests on.
        least(aantal_jaar, aandeel_jaar) as noemer_jaar
    from per_jaar
)

select
    kpi_id,
    gemeente_code,
    jaar,
    noemer,
    case when noemer is not null then noemer_jaar end as noemer_jaar
from berekend
