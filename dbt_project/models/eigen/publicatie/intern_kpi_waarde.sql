{{ config(schema='intern', alias='kpi_waarde') }}

with

open_cijfer as (
    select * from {{ ref('kpi_waarde') }}
    where herkomst <> 'eigen'
),

eigen_waarde as (
    select * from {{ ref('int_eigen_waarde') }}
),

own_kpi as (
    select * from {{ ref('own_kpi') }}
),

poisson_exact as (
    select * from {{ ref('poisson_exact') }}
),

t_quantile as (
    select * from {{ ref('t_quantile') }}
),

beschermd as (
    select * from {{ ref('int_eigen_beschermd') }}
),

edition as (
    select * from {{ ref('stg_lake__edition') }}
    where bron_id = 'levering'
),

gemeente as (
    select max(indelingsjaar) as indelingsjaar from {{ ref('int_gemeente') }}
),

-- An open code list stands once in the registry: "vindplaats: markt" belongs to vindplaats.
beschreven as (
    select
        eigen_waarde.*,
        own_kpi.factor,
        poisson_exact.laag_95 as exact_laag,
        poisson_exact.hoog_95 as exact_hoog,
        t_quantile.t_975,
        {{ eigen_oi_methode('eigen_waarde', spreiding='eigen_waarde.spreiding') }} as oi_methode
    from eigen_waarde
    inner join own_kpi
        on
            eigen_waarde.kpi_id = own_kpi.kpi_id
            and eigen_waarde.variant = own_kpi.variant
            and split_part(eigen_waarde.uitsplitsing, ': ', 1) = own_kpi.uitsplitsing
    left join poisson_exact
        on eigen_waarde.teller = poisson_exact.aantal
    left join t_quantile
        on eigen_waarde.noemer - 1 = t_quantile.df
),

met_interval as (
    select
        *,
        {{ eigen_oi_grens(-1, met_t=true) }} as ruw_laag,
        {{ eigen_oi_grens(1, met_t=true) }} as ruw_hoog
    from beschreven
),

eigen_cijfer as (
    select
        met_interval.kpi_id,
        met_interval.model_versie,
        met_interval.variant,
        met_interval.uitsplitsing,
        met_interval.gemeente_code,
        met_interval.periode,
        met_interval.periode_soort,
        met_interval.jaar,
        met_interval.waarde,
        met_interval.eenheid,
        met_interval.teller,
        met_interval.noemer,
        {{ round_significant('met_interval.ruw_laag') }} as oi_laag,
        {{ round_significant('met_interval.ruw_hoog') }} as oi_hoog,
        met_interval.oi_methode,
        met_interval.status,
        met_interval.ontbreekt_reden,
        'eigen' as herkomst,
        'direct' as soort,
        met_interval.hoofd as hoofdreeks,
        false as is_modelmatig,
        false as is_herleid,
        false as breuk,
        'levering' as bron_id,
        edition.editie,
        gemeente.indelingsjaar,
        met_interval.n,
        met_interval.dekking,
        met_interval.uitgesloten,
        case
            when met_interval.waarde is null then null
            when beschermd.kpi_id is null then 'nog_niet_gepubliceerd'
            else coalesce(beschermd.onderdrukking, 'getoond')
        end as bescherming
    from met_interval
    cross join edition
    cross join gemeente
    left join beschermd
        on
            met_interval.kpi_id = beschermd.kpi_id
            and met_interval.variant = beschermd.variant
            and met_interval.uitsplitsing = beschermd.uitsplitsing
            and met_interval.gemeente_code = beschermd.gemeente_code
            and met_interval.periode = beschermd.periode
),

samengebracht as (
    select * from open_cijfer
    union all by name
    select * from eigen_cijfer
)

select
    kpi_id,
    model_versie,
    variant,
    uitsplitsing,
    gemeente_code,
    periode,
    periode_soort,
    jaar,
    waarde,
    eenheid,
    teller,
    noemer,
    n,
    dekking,
    uitgesloten,
    oi_laag,
    oi_hoog,
    oi_methode,
    status,
    ontbreekt_reden,
    bescherming,
    herkomst,
    soort,
    hoofdreeks,
    is_modelmatig,
    is_herleid,
    breuk,
    verouderd_sinds,
    bron_id,
    editie,
    noemer_bron_id,
    noemer_editie,
    opgegeven_bron,
    indelingsjaar
from samengebracht
