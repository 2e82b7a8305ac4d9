with

casus as (
    select * from {{ ref('int_casus') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

reach as (
    select * from {{ ref('reach') }}
),

in_behandeling as (
    select
        casus.gemeente_code,
        periode.periode,
        casus.leefgebied,
        casus.deelnemer_id
    from casus
    inner join periode
        on {{ overlapt('casus.startdatum', 'casus.einddatum') }}
),

per_gebied as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as casussen,
        count(leefgebied) as met_leefgebied,
        count(*) - count(leefgebied) as zonder_leefgebied
    from in_behandeling
    group by {{ per_gebied() }}
),

-- A participant with two cases in one leefgebied is one; with cases in two leefgebieden one in each.
per_leefgebied as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        leefgebied,
        count(distinct deelnemer_id) as deelnemers
    from in_behandeling
    where leefgebied is not null
    group by {{ per_gebied(['leefgebied']) }}
),

samengebracht as (
    select
        reach.kpi_id,
        per_gebied.gemeente_code,
        per_gebied.periode,
        per_gebied.casussen,
        per_gebied.met_leefgebied,
        {{ json_telling({'zonder_leefgebied': 'per_gebied.zonder_leefgebied'}) }} as uitgesloten,
        coalesce(per_leefgebied.deelnemers, 0) as deelnemers
    from per_gebied
    cross join reach
    left join per_leefgebied
        on
            per_gebied.gemeente_code = per_leefgebied.gemeente_code
            and per_gebied.periode = per_leefgebied.periode
            and reach.leefgebied = per_leefgebied.leefgebied
)

-- The open noemer of per_1000 comes with int_eigen_waarde.
{% for variant in ['deelnemers', 'per_1000'] %}
    select
        {{ eigen_rij(
            'kpi_id', "'" ~ variant ~ "'", teller='deelnemers', n='deelnemers',
            eenheden='casussen', met_waarde='met_leefgebied', uitgesloten='uitgesloten'
        ) }}
    from samengebracht
    {{ "union all" if not loop.last }}
{% endfor %}
