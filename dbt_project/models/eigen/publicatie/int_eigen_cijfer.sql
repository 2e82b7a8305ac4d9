with

beschermd as (
    select * from {{ ref('int_eigen_beschermd') }}
),

own_kpi as (
    select * from {{ ref('own_kpi') }}
),

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

poisson_exact as (
    select * from {{ ref('poisson_exact') }}
),

publicatie_indeling as (
    select max(indelingsjaar) as indelingsjaar from gemeente
),

-- An open code list stands once in the registry: "vindplaats: markt" belongs to vindplaats.
beschreven as (
    select
        beschermd.*,
        own_kpi.eenheid,
        own_kpi.hoofd as hoofdreeks,
        own_kpi.factor,
        poisson_exact.laag_95 as exact_laag,
        poisson_exact.hoog_95 as exact_hoog,
        {{ eigen_oi_methode('beschermd') }} as oi_methode
    from beschermd
    inner join own_kpi
        on
            beschermd.kpi_id = own_kpi.kpi_id
            and beschermd.variant = own_kpi.variant
            and split_part(beschermd.uitsplitsing, ': ', 1) = own_kpi.uitsplitsing
    left join poisson_exact
        on beschermd.teller = poisson_exact.aantal
),

-- A batch outlives a herindeling: what it says of a gemeente that is gone stays in the batch.
geldend as (
    select
        beschreven.* exclude (indelingsjaar), -- noqa: RF02
        publicatie_indeling.indelingsjaar
    from beschreven
    cross join publicatie_indeling
    left join gemeente
        on beschreven.gemeente_code = gemeente.gemeente_code
    where
        gemeente.gemeente_code is not null
        or beschreven.gemeente_code in ({{ organisatie() }}, {{ onbekende_gemeente() }})
),

met_interval as (
    select
        *,
        {{ eigen_oi_grens(-1) }} as ruw_laag,
        {{ eigen_oi_grens(1) }} as ruw_hoog
    from geldend
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
    {{ round_significant('ruw_laag') }} as oi_laag,
    {{ round_significant('ruw_hoog') }} as oi_hoog,
    oi_methode,
    status,
    ontbreekt_reden,
    hoofdreeks,
    'levering' as bron_id,
    levering_editie as editie,
    batch_id,
    batch_datum,
    indelingsjaar
from met_interval
