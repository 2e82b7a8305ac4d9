with

kpi_formule as (
    select * from {{ ref('int_kpi_formule') }}
),

series as (
    select * from {{ ref('series') }}
),

reeks_bron as (
    select * from {{ ref('int_reeks_bron') }}
),

hoofdreeksen as (
    select * from kpi_formule
    where is_hoofdreeks
),

vervangers as (
    select distinct
        series_id as variant,
        terugval_voor
    from series
    where terugval_voor is not null
),

-- A stand-in keeps its own uitsplitsing: the same as the head where it can, else one that has no head of its own.
kandidaten as (
    select
        hoofdreeksen.kpi_id,
        hoofdreeksen.model_versie,
        hoofdreeksen.uitsplitsing as hoofd_uitsplitsing,
        hoofdreeksen.is_hoofduitsplitsing as vervangt_hoofduitsplitsing,
        kpi_formule.uitsplitsing,
        kpi_formule.variant,
        row_number() over (
            partition by hoofdreeksen.kpi_id, hoofdreeksen.model_versie, hoofdreeksen.uitsplitsing
            order by
                kpi_formule.uitsplitsing = hoofdreeksen.uitsplitsing desc,
                kpi_formule.variant asc
        ) as volgorde
    from hoofdreeksen
    inner join vervangers
        on hoofdreeksen.variant = vervangers.terugval_voor
    inner join kpi_formule
        on
            vervangers.variant = kpi_formule.variant
            and hoofdreeksen.kpi_id = kpi_formule.kpi_id
            and hoofdreeksen.model_versie = kpi_formule.model_versie
    left join hoofdreeksen as eigen_hoofd
        on
            kpi_formule.kpi_id = eigen_hoofd.kpi_id
            and kpi_formule.model_versie = eigen_hoofd.model_versie
            and kpi_formule.uitsplitsing = eigen_hoofd.uitsplitsing
            and hoofdreeksen.uitsplitsing <> kpi_formule.uitsplitsing
    where
        not hoofdreeksen.is_geladen
        and kpi_formule.is_geladen
        and eigen_hoofd.kpi_id is null
),

invallers as (
    select * from kandidaten
    where volgorde = 1
),

gekozen as (
    select
        hoofdreeksen.kpi_id,
        hoofdreeksen.model_versie,
        hoofdreeksen.uitsplitsing,
        coalesce(zelfde.variant, hoofdreeksen.variant) as variant,
        hoofdreeksen.variant as geregistreerde_variant,
        zelfde.variant is not null as is_terugval,
        hoofdreeksen.is_hoofduitsplitsing and elders.variant is null as is_hoofduitsplitsing
    from hoofdreeksen
    left join invallers as zelfde
        on
            hoofdreeksen.kpi_id = zelfde.kpi_id
            and hoofdreeksen.model_versie = zelfde.model_versie
            and hoofdreeksen.uitsplitsing = zelfde.hoofd_uitsplitsing
            and zelfde.uitsplitsing = zelfde.hoofd_uitsplitsing
    left join invallers as elders
        on
            hoofdreeksen.kpi_id = elders.kpi_id
            and hoofdreeksen.model_versie = elders.model_versie
            and hoofdreeksen.uitsplitsing = elders.hoofd_uitsplitsing
            and elders.uitsplitsing <> elders.hoofd_uitsplitsing
    union all
    select
        kpi_id,
        model_versie,
        uitsplitsing,
        variant,
        variant as geregistreerde_variant,
        true as is_terugval,
        vervangt_hoofduitsplitsing as is_hoofduitsplitsing
    from invallers
    where uitsplitsing <> hoofd_uitsplitsing
)

select
    gekozen.kpi_id,
    gekozen.model_versie,
    gekozen.uitsplitsing,
    gekozen.variant,
    gekozen.is_terugval,
    gekozen.is_hoofduitsplitsing,
    kpi_formule.reeks_id,
    kpi_formule.teller_rol,
    kpi_formule.formule,
    kpi_formule.factor,
    kpi_formule.noemer_verschuiving,
    kpi_formule.soort_waarde,
    kpi_formule.is_geladen,
    kpi_formule.soort,
    kpi_formule.eenheid,
    kpi_formule.richting,
    kpi_formule.is_modelmatig,
    kpi_formule.gebieden,
    kpi_formule.toelichting,
    reeks_bron.tabellen,
    reeks_bron.meldingen,
    case
        when kpi_formule.is_geladen then null
        when gekozen.kpi_id in ('{{ var("kpis_zonder_uitwerking") | join("', '") }}') then 'nog_niet_gedefinieerd'
        when gekozen.variant = 'handmatig' then 'eigen_levering_nodig'
        when reeks_bron.heeft_editie then 'niet_gepubliceerd'
        else 'tabel_ontbreekt'
    end as ontbreekt_reden
from gekozen
inner join kpi_formule
    on
        gekozen.kpi_id = kpi_formule.kpi_id
        and gekozen.model_versie = kpi_formule.model_versie
        and gekozen.uitsplitsing = kpi_formule.uitsplitsing
        and gekozen.variant = kpi_formule.variant
left join kpi_formule as hoofd
    on
        gekozen.kpi_id = hoofd.kpi_id
        and gekozen.model_versie = hoofd.model_versie
        and gekozen.uitsplitsing = hoofd.uitsplitsing
        and gekozen.geregistreerde_variant = hoofd.variant
left join reeks_bron
    on
        hoofd.reeks_id = reeks_bron.reeks_id
        and hoofd.uitsplitsing = reeks_bron.uitsplitsing
        and hoofd.teller_rol = reeks_bron.rol
