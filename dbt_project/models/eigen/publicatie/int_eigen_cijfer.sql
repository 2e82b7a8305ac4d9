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
        case
            when beschermd.waarde is null then 'geen'
            when
                own_kpi.soort_waarde = 'percentage'
                and beschermd.noemer > 0
                and beschermd.teller between 0 and beschermd.noemer
                then 'wilson'
            when
                own_kpi.soort_waarde <> 'aantal'
                and not (
                    own_kpi.soort_waarde = 'verhouding'
                    and own_kpi.noemer_herkomst = 'open'
                    and beschermd.noemer > 0
                )
                then 'geen'
            when beschermd.teller >= 10 then 'byar'
            when poisson_exact.aantal is not null then 'poisson'
            else 'geen'
        end as oi_methode
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
        case
            when oi_methode = 'wilson' then factor * {{ wilson('teller', 'noemer', -1) }}
            when oi_methode <> 'geen' and noemer is null then {{ poisson_laag('teller', 'exact_laag') }}
            when oi_methode <> 'geen' then factor * {{ poisson_laag('teller', 'exact_laag') }} / noemer
        end as ruw_laag,
        case
            when oi_methode = 'wilson' then factor * {{ wilson('teller', 'noemer', 1) }}
            when oi_methode <> 'geen' and noemer is null then {{ poisson_hoog('teller', 'exact_hoog') }}
            when oi_methode <> 'geen' then factor * {{ poisson_hoog('teller', 'exact_hoog') }} / noemer
        end as ruw_hoog
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
