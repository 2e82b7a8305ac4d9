with

figuur as (
    select * from {{ ref('int_eigen_figuur') }}
),

own_kpi as (
    select * from {{ ref('own_kpi') }}
),

own_kpi_table as (
    select * from {{ ref('own_kpi_table') }}
),

kpi_register as (
    select * from {{ ref('kpi_register') }}
    where geldend
),

levering_tabel as (
    select * from {{ ref('int_levering_tabel') }}
),

eigen_gebied as (
    select * from {{ ref('int_eigen_gebied') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

noemer_open as (
    select * from {{ ref('int_eigen_noemer_open') }}
),

-- A figure can lie outside every gemeente where no record does: a course of somebody who works nowhere.
gebieden as (
    select gemeente_code from eigen_gebied
    union
    select gemeente_code from figuur
),

cijfers as (
    select
        own_kpi.*,
        kpi_register.model_versie,
        kpi_register.familie in (
            '{{ var("eigen_concept_families", ["effect", "professional"]) | join("', '") }}'
        ) as is_concept
    from own_kpi
    inner join kpi_register
        on own_kpi.kpi_id = kpi_register.kpi_id
),

-- One absent table makes the figure missing, whatever the others say.
leveringen as (
    select
        own_kpi_table.kpi_id,
        own_kpi_table.variant,
        bool_and(coalesce(levering_tabel.geleverd, false)) as is_geleverd,
        max(levering_tabel.quarantaine_aandeel)
        > {{ var('eigen_quarantaine_drempel', 0.05) }} as heeft_veel_quarantaine
    from own_kpi_table
    left join levering_tabel
        on own_kpi_table.tabel = levering_tabel.tabel
    group by own_kpi_table.kpi_id, own_kpi_table.variant
),

vaste_cellen as (
    select
        cijfers.kpi_id,
        cijfers.variant,
        cijfers.uitsplitsing as registratie,
        cijfers.uitsplitsing,
        gebieden.gemeente_code
    from cijfers
    cross join gebieden
    where not cijfers.lijst
),

-- Every code of an open list that ever occurs, in every area.
lijst_cellen as (
    select
        codes.kpi_id,
        codes.variant,
        codes.registratie,
        codes.uitsplitsing,
        gebieden.gemeente_code
    from (
        select distinct
            cijfers.kpi_id,
            cijfers.variant,
            cijfers.uitsplitsing as registratie,
            figuur.uitsplitsing
        from cijfers
        inner join figuur
            on
                cijfers.kpi_id = figuur.kpi_id
                and cijfers.variant = figuur.variant
                and starts_with(figuur.uitsplitsing, cijfers.uitsplitsing || ': ')
        where cijfers.lijst
    ) as codes
    cross join gebieden
),

cellen as (
    select * from vaste_cellen
    union all
    select * from lijst_cellen
),

-- Every cell in every period: what grouping left out is 0, unless its tables were not delivered.
rooster as (
    select
        cellen.kpi_id,
        cellen.variant,
        cellen.uitsplitsing,
        cellen.gemeente_code,
        cijfers.model_versie,
        cijfers.eenheid,
        cijfers.soort_waarde,
        cijfers.factor,
        cijfers.noemer_herkomst,
        cijfers.hoofd,
        cijfers.is_concept,
        cijfers.teller_telling,
        cijfers.noemer_telling,
        periode.periode,
        periode.periode_soort,
        periode.jaar,
        periode.is_onvolledig or coalesce(leveringen.heeft_veel_quarantaine, false) as is_onvolledig,
        coalesce(leveringen.is_geleverd, false) as is_geleverd
    from cellen
    inner join cijfers
        on
            cellen.kpi_id = cijfers.kpi_id
            and cellen.variant = cijfers.variant
            and cellen.registratie = cijfers.uitsplitsing
    cross join periode
    left join leveringen
        on
            cellen.kpi_id = leveringen.kpi_id
            and cellen.variant = leveringen.variant
),

gevuld as (
    select
        rooster.*,
        coalesce(figuur.teller, 0) as teller,
        case
            when rooster.noemer_herkomst = 'open' then noemer_open.noemer
            when rooster.noemer_herkomst = 'eigen' then coalesce(figuur.noemer, 0)
        end as noemer,
        noemer_open.noemer_jaar,
        figuur.waarde as eigen_waarde,
        coalesce(figuur.n, 0) as n,
        case
            when figuur.eenheden > 0 then figuur.eenheden_met_waarde / figuur.eenheden
        end as dekking,
        coalesce(figuur.uitgesloten, '{}') as uitgesloten,
        figuur.grootste,
        figuur.grootste_twee,
        figuur.spreiding,
        coalesce(figuur.voorlopig, false) as is_voorlopig,
        case when not rooster.is_geleverd then 'niet_geleverd' else figuur.reden end as reden
    from rooster
    left join figuur
        on
            rooster.kpi_id = figuur.kpi_id
            and rooster.variant = figuur.variant
            and rooster.uitsplitsing = figuur.uitsplitsing
            and rooster.gemeente_code = figuur.gemeente_code
            and rooster.periode = figuur.periode
    left join noemer_open
        on
            rooster.noemer_herkomst = 'open'
            and rooster.kpi_id = noemer_open.kpi_id
            and rooster.gemeente_code = noemer_open.gemeente_code
            and rooster.jaar = noemer_open.jaar
),

berekend as (
    select
        *,
        case
            when reden is not null then null
            when soort_waarde = 'duur' then eigen_waarde
            when noemer_herkomst is null then factor * teller
            else {{ ratio('teller', 'noemer', 'factor') }}
        end as ruwe_waarde,
        case
            when reden is not null then reden
            when soort_waarde = 'duur' and eigen_waarde is null then 'noemer_nul'
            when noemer_herkomst is null or soort_waarde = 'duur' then null
            when noemer is null then 'noemer_ontbreekt'
            when noemer = 0 then 'noemer_nul'
        end as ontbreekt_reden
    from gevuld
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
    {{ round_significant('ruwe_waarde') }} as waarde,
    eenheid,
    soort_waarde,
    case when reden is null then {{ round_significant('teller') }} end as teller,
    case when reden is null then {{ round_significant('noemer') }} end as noemer,
    case when reden is null then noemer_jaar end as noemer_jaar,
    case when reden is null then n end as n,
    case when reden is null then dekking end as dekking,
    case when reden is null then uitgesloten else '{}' end as uitgesloten,
    case when reden is null then grootste end as grootste,
    case when reden is null then grootste_twee end as grootste_twee,
    case when reden is null then {{ round_significant('spreiding') }} end as spreiding,
    case
        when ruwe_waarde is null then null
        when is_concept then 'concept'
        when is_onvolledig then 'onvolledig'
        when is_voorlopig then 'voorlopig'
        else 'definitief'
    end as status,
    ontbreekt_reden,
    hoofd,
    teller_telling,
    noemer_telling
from berekend
