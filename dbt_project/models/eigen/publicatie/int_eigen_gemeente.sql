with

cijfer as (
    select * from {{ ref('int_eigen_cijfer') }}
),

hoofd as (
    select * from {{ ref('int_eigen_hoofd') }}
),

kpi_register as (
    select * from {{ ref('kpi_register') }}
),

leefgebied as (
    select * from {{ ref('leefgebied') }}
),

uitsplitsing as (
    select * from {{ ref('uitsplitsing') }}
),

gemeente as (
    select * from {{ ref('gemeente') }}
),

source_table as (
    select * from {{ ref('source_table') }}
),

-- A year stands for a gemeente: a whole one goes before one that still runs, a figure before none.
nieuwste as (
    select
        cijfer.*,
        split_part(cijfer.uitsplitsing, ': ', 1) as lijst
    from cijfer
    where cijfer.hoofdreeks and cijfer.periode_soort = 'jaar'
    qualify row_number() over (
        partition by cijfer.kpi_id, cijfer.uitsplitsing, cijfer.gemeente_code
        order by
            cijfer.waarde is not null desc,
            cijfer.status is distinct from 'onvolledig' desc,
            cijfer.jaar desc
    ) = 1
)

select
    nieuwste.kpi_id,
    nieuwste.model_versie,
    nieuwste.uitsplitsing,
    nieuwste.gemeente_code,
    kpi_register.familie,
    kpi_register.naam as kpi_naam,
    kpi_register.leefgebied,
    leefgebied.naam as leefgebied_naam,
    case
        when hoofd.is_lijst then nieuwste.uitsplitsing
        else uitsplitsing.naam
    end as uitsplitsing_naam,
    hoofd.is_hoofduitsplitsing and not hoofd.is_lijst as hoofduitsplitsing,
    gemeente.gemeente_naam,
    nieuwste.waarde,
    nieuwste.eenheid,
    hoofd.richting,
    nieuwste.periode,
    nieuwste.periode_soort,
    nieuwste.jaar,
    null::double as nl_waarde,
    nieuwste.status,
    nieuwste.ontbreekt_reden,
    'direct' as soort,
    false as is_modelmatig,
    false as is_herleid,
    false as breuk,
    null::date as verouderd_sinds,
    nieuwste.variant,
    nieuwste.bron_id,
    nieuwste.editie,
    source_table.bronvermelding,
    kpi_register.definitie,
    hoofd.berekening as toelichting
from nieuwste
inner join hoofd
    on
        nieuwste.kpi_id = hoofd.kpi_id
        and nieuwste.variant = hoofd.variant
        and nieuwste.lijst = hoofd.uitsplitsing
inner join kpi_register
    on
        nieuwste.kpi_id = kpi_register.kpi_id
        and nieuwste.model_versie = kpi_register.model_versie
inner join gemeente
    on nieuwste.gemeente_code = gemeente.gemeente_code
inner join uitsplitsing
    on nieuwste.lijst = uitsplitsing.uitsplitsing
inner join source_table
    on nieuwste.bron_id = source_table.bron_id
left join leefgebied
    on kpi_register.leefgebied = leefgebied.leefgebied
