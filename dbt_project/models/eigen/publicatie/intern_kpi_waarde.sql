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

eigen_cijfer as (
    select
        eigen_waarde.kpi_id,
        eigen_waarde.model_versie,
        eigen_waarde.variant,
        eigen_waarde.uitsplitsing,
        eigen_waarde.gemeente_code,
        eigen_waarde.periode,
        eigen_waarde.periode_soort,
        eigen_waarde.jaar,
        eigen_waarde.waarde,
        own_kpi.eenheid,
        eigen_waarde.teller,
        eigen_waarde.noemer,
        null::double as oi_laag,
        null::double as oi_hoog,
        'geen' as oi_methode,
        eigen_waarde.status,
        eigen_waarde.ontbreekt_reden,
        'eigen' as herkomst,
        'direct' as soort,
        own_kpi.hoofd as hoofdreeks,
        false as is_modelmatig,
        false as is_herleid,
        false as breuk,
        'levering' as bron_id,
        edition.editie,
        gemeente.indelingsjaar,
        eigen_waarde.n,
        eigen_waarde.dekking,
        eigen_waarde.uitgesloten,
        case
            when eigen_waarde.waarde is null then null
            when beschermd.kpi_id is null then 'nog_niet_gepubliceerd'
            else coalesce(beschermd.onderdrukking, 'getoond')
        end as bescherming
    from eigen_waarde
    inner join own_kpi
        on
            eigen_waarde.kpi_id = own_kpi.kpi_id
            and eigen_waarde.variant = own_kpi.variant
            and split_part(eigen_waarde.uitsplitsing, ': ', 1) = own_kpi.uitsplitsing
    cross join edition
    cross join gemeente
    left join beschermd
        on
            eigen_waarde.kpi_id = beschermd.kpi_id
            and eigen_waarde.variant = beschermd.variant
            and eigen_waarde.uitsplitsing = beschermd.uitsplitsing
            and eigen_waarde.gemeente_code = beschermd.gemeente_code
            and eigen_waarde.periode = beschermd.periode
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
