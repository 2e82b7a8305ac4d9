with

handmatig as (
    select * from {{ ref('stg_handmatig__observation') }}
),

kpi_formule as (
    select * from {{ ref('int_kpi_formule') }}
),

gemeente_jaar as (
    select * from {{ ref('int_gemeente_jaar') }}
),

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

edition as (
    select * from {{ ref('stg_lake__edition') }}
),

publicatie_indeling as (
    select max(indelingsjaar) as indelingsjaar from gemeente
),

per_gemeente as (
    select
        kpi_formule.reeks_id,
        kpi_formule.uitsplitsing,
        handmatig.gemeente_code,
        handmatig.periode,
        handmatig.jaar,
        handmatig.periode_soort,
        handmatig.obs_value as waarde,
        handmatig.unit_measure as eenheid,
        handmatig.opgegeven_bron,
        handmatig.bron_id,
        handmatig.editie,
        edition.verouderd_sinds,
        gemeente_jaar.gemeente_code is null
        and handmatig.gemeente_code <> '{{ var("land_code") }}' as is_onbekend_in_jaar
    from handmatig
    inner join kpi_formule
        on
            handmatig.kpi_id = kpi_formule.kpi_id
            and kpi_formule.is_handmatig_doel
    left join gemeente_jaar
        on
            handmatig.gemeente_code = gemeente_jaar.gemeente_code
            and handmatig.jaar = gemeente_jaar.jaar
    left join edition
        on
            handmatig.bron_id = edition.bron_id
            and handmatig.editie = edition.editie
),

-- Who supplies an old figure under a code of today means the gemeente of today, in the whole delivery of that year.
ingedeeld as (
    select
        per_gemeente.*,
        case
            when bool_or(per_gemeente.is_onbekend_in_jaar) over (
                partition by per_gemeente.reeks_id, per_gemeente.uitsplitsing, per_gemeente.periode
            ) then publicatie_indeling.indelingsjaar
            else per_gemeente.jaar
        end as indelingsjaar
    from per_gemeente
    cross join publicatie_indeling
)

select
    reeks_id,
    uitsplitsing,
    gemeente_code,
    periode,
    jaar,
    periode_soort,
    waarde,
    eenheid,
    opgegeven_bron,
    indelingsjaar,
    bron_id,
    editie,
    verouderd_sinds
from ingedeeld
