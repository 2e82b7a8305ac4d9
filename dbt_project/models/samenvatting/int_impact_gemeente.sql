with

kpi_register as (
    select * from {{ ref('kpi_register') }}
),

leefgebied as (
    select * from {{ ref('leefgebied') }}
),

uitsplitsing as (
    select * from {{ ref('uitsplitsing') }}
),

source_table as (
    select * from {{ ref('source_table') }}
),

gemeente as (
    select * from {{ ref('gemeente') }}
),

kpi_formule as (
    select * from {{ ref('int_kpi_formule') }}
),

kpi_waarde as (
    select * from {{ ref('int_kpi_waarde') }}
),

kpi_hoofdreeks as (
    select * from {{ ref('int_kpi_hoofdreeks') }}
),

kpi_hoofdwaarde as (
    select * from {{ ref('int_kpi_hoofdwaarde') }}
),

-- Every impact KPI of the version in force, with every uitsplitsing that has a main series: none is left out.
koppen as (
    select
        kpi_register.kpi_id,
        kpi_register.model_versie,
        kpi_register.leefgebied,
        kpi_register.naam,
        kpi_register.definitie,
        kpi_register.bron_soort,
        coalesce(kpi_hoofdreeks.uitsplitsing, 'totaal') as uitsplitsing,
        coalesce(kpi_hoofdreeks.is_hoofduitsplitsing, true) as is_hoofduitsplitsing,
        kpi_hoofdreeks.variant,
        coalesce(kpi_hoofdreeks.eenheid, kpi_register.eenheid) as eenheid,
        kpi_register.richting,
        kpi_hoofdreeks.soort,
        kpi_hoofdreeks.is_modelmatig,
        kpi_hoofdreeks.ontbreekt_reden
    from kpi_register
    left join kpi_hoofdreeks
        on
            kpi_register.kpi_id = kpi_hoofdreeks.kpi_id
            and kpi_register.model_versie = kpi_hoofdreeks.model_versie
    where kpi_register.familie = 'impact' and kpi_register.geldend
),

gebieden as (
    select
        gemeente_code,
        gemeente_naam
    from gemeente
    where soort_gebied in ('gemeente', 'land')
),

nieuwste as (
    select *
    from kpi_hoofdwaarde
    qualify row_number() over (
        partition by kpi_id, model_versie, uitsplitsing, gemeente_code
        order by waarde is not null desc, jaar desc, periode desc
    ) = 1
),

nl_cijfers as (
    select
        kpi_waarde.kpi_id,
        kpi_waarde.model_versie,
        kpi_waarde.uitsplitsing,
        kpi_waarde.variant,
        kpi_waarde.periode,
        kpi_waarde.eenheid,
        kpi_waarde.waarde,
        kpi_formule.gebieden = 'nl' as is_alleen_nl
    from kpi_waarde
    inner join kpi_formule
        on
            kpi_waarde.kpi_id = kpi_formule.kpi_id
            and kpi_waarde.model_versie = kpi_formule.model_versie
            and kpi_waarde.uitsplitsing = kpi_formule.uitsplitsing
            and kpi_waarde.variant = kpi_formule.variant
    where
        kpi_waarde.gemeente_code = '{{ var("land_code") }}'
        and kpi_waarde.waarde is not null
),

-- Beside a supplied figure stands the national series, when there is one in the same unit.
nl_los as (
    select
        kpi_id,
        model_versie,
        uitsplitsing,
        periode,
        eenheid,
        arg_min(waarde, variant) as waarde
    from nl_cijfers
    where is_alleen_nl
    group by
        kpi_id,
        model_versie,
        uitsplitsing,
        periode,
        eenheid
),

samengebracht as (
    select
        koppen.kpi_id,
        koppen.model_versie,
        'impact' as familie,
        koppen.naam as kpi_naam,
        koppen.leefgebied,
        leefgebied.naam as leefgebied_naam,
        koppen.uitsplitsing,
        uitsplitsing.naam as uitsplitsing_naam,
        gebieden.gemeente_code,
        gebieden.gemeente_naam,
        nieuwste.waarde,
        coalesce(nieuwste.eenheid, koppen.eenheid) as eenheid,
        coalesce(kpi_formule.richting, koppen.richting) as richting,
        nieuwste.periode,
        nieuwste.periode_soort,
        nieuwste.jaar,
        nieuwste.status,
        case
            when nieuwste.kpi_id is not null then nieuwste.ontbreekt_reden
            when koppen.ontbreekt_reden is not null then koppen.ontbreekt_reden
            when koppen.bron_soort = 'open' then 'niet_gepubliceerd'
            else 'eigen_levering_nodig'
        end as ontbreekt_reden,
        coalesce(nl_cijfers.waarde, nl_los.waarde) as nl_waarde,
        coalesce(nieuwste.soort, koppen.soort) as soort,
        coalesce(nieuwste.is_modelmatig, koppen.is_modelmatig, false) as is_modelmatig,
        coalesce(nieuwste.is_herleid, false) as is_herleid,
        coalesce(nieuwste.breuk, false) as breuk,
        nieuwste.verouderd_sinds,
        coalesce(nieuwste.variant, koppen.variant) as variant,
        nieuwste.bron_id,
        nieuwste.editie,
        coalesce('Bron: ' || nieuwste.opgegeven_bron, source_table.bronvermelding) as bronvermelding,
        koppen.definitie,
        kpi_formule.toelichting,
        -- One row per KPI and gemeente stands for the KPI: the registry's choice, unless that is a stand-in and a
        -- supplied figure is at least as recent.
        row_number() over (
            partition by koppen.kpi_id, koppen.model_versie, gebieden.gemeente_code
            order by
                koppen.is_hoofduitsplitsing and koppen.soort = 'direct' desc,
                case
                    when koppen.is_hoofduitsplitsing or nieuwste.soort = 'handmatig'
                        then case when nieuwste.waarde is not null then nieuwste.jaar end
                end desc nulls last,
                case when nieuwste.soort = 'handmatig' and nieuwste.waarde is not null then 1 else 2 end asc,
                koppen.is_hoofduitsplitsing desc,
                uitsplitsing.volgorde asc,
                koppen.uitsplitsing asc
        ) = 1 as hoofduitsplitsing
    from koppen
    cross join gebieden
    left join nieuwste
        on
            koppen.kpi_id = nieuwste.kpi_id
            and koppen.model_versie = nieuwste.model_versie
            and koppen.uitsplitsing = nieuwste.uitsplitsing
            and gebieden.gemeente_code = nieuwste.gemeente_code
    left join kpi_formule
        on
            koppen.kpi_id = kpi_formule.kpi_id
            and koppen.model_versie = kpi_formule.model_versie
            and koppen.uitsplitsing = kpi_formule.uitsplitsing
            and coalesce(nieuwste.variant, koppen.variant) = kpi_formule.variant
    left join nl_cijfers
        on
            nieuwste.kpi_id = nl_cijfers.kpi_id
            and nieuwste.model_versie = nl_cijfers.model_versie
            and nieuwste.uitsplitsing = nl_cijfers.uitsplitsing
            and nieuwste.variant = nl_cijfers.variant
            and nieuwste.periode = nl_cijfers.periode
    left join nl_los
        on
            nieuwste.kpi_id = nl_los.kpi_id
            and nieuwste.model_versie = nl_los.model_versie
            and nieuwste.uitsplitsing = nl_los.uitsplitsing
            and nieuwste.periode = nl_los.periode
            and nieuwste.eenheid = nl_los.eenheid
    left join leefgebied
        on koppen.leefgebied = leefgebied.leefgebied
    left join uitsplitsing
        on koppen.uitsplitsing = uitsplitsing.uitsplitsing
    left join source_table
        on nieuwste.bron_id = source_table.bron_id
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    gemeente_code,
    familie,
    kpi_naam,
    leefgebied,
    leefgebied_naam,
    uitsplitsing_naam,
    hoofduitsplitsing,
    gemeente_naam,
    waarde,
    eenheid,
    richting,
    periode,
    periode_soort,
    jaar,
    nl_waarde,
    status,
    ontbreekt_reden,
    soort,
    is_modelmatig,
    is_herleid,
    breuk,
    verouderd_sinds,
    variant,
    bron_id,
    editie,
    bronvermelding,
    definitie,
    toelichting
from samengebracht
