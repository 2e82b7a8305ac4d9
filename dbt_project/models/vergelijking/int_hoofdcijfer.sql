with

kpi_waarde as (
    select * from {{ ref('kpi_waarde') }}
),

kpi_hoofdwaarde as (
    select * from {{ ref('int_kpi_hoofdwaarde') }}
),

kpi_formule as (
    select * from {{ ref('int_kpi_formule') }}
),

kpi_register as (
    select * from {{ ref('kpi_register') }}
),

eigen_hoofd as (
    select * from {{ ref('int_eigen_hoofd') }}
),

own_kpi as (
    select * from {{ ref('own_kpi') }}
),

inwoners_jaar as (
    select * from {{ ref('int_inwoners_jaar') }}
),

profiel_kpi as (
    select * from {{ ref('stg_lake__profiel_kpi') }}
),

-- The line that stands for the KPI; the figures themselves are the published ones.
open_hoofdcijfer as (
    select
        kpi_waarde.*,
        coalesce(kpi_formule.richting, kpi_register.richting) as richting,
        kpi_formule.meetwijze,
        kpi_formule.soort_waarde,
        kpi_formule.factor
    from kpi_waarde
    inner join kpi_hoofdwaarde
        on
            kpi_waarde.kpi_id = kpi_hoofdwaarde.kpi_id
            and kpi_waarde.model_versie = kpi_hoofdwaarde.model_versie
            and kpi_waarde.variant = kpi_hoofdwaarde.variant
            and kpi_waarde.uitsplitsing = kpi_hoofdwaarde.uitsplitsing
            and kpi_waarde.gemeente_code = kpi_hoofdwaarde.gemeente_code
            and kpi_waarde.periode = kpi_hoofdwaarde.periode
    inner join kpi_formule
        on
            kpi_waarde.kpi_id = kpi_formule.kpi_id
            and kpi_waarde.model_versie = kpi_formule.model_versie
            and kpi_waarde.variant = kpi_formule.variant
            and kpi_waarde.uitsplitsing = kpi_formule.uitsplitsing
    inner join kpi_register
        on
            kpi_waarde.kpi_id = kpi_register.kpi_id
            and kpi_waarde.model_versie = kpi_register.model_versie
    where kpi_waarde.herkomst <> 'eigen'
),

eigen_hoofdcijfer as (
    select
        kpi_waarde.*,
        eigen_hoofd.richting,
        'eigen' as meetwijze,
        eigen_hoofd.soort_waarde,
        own_kpi.factor
    from kpi_waarde
    inner join eigen_hoofd
        on
            kpi_waarde.kpi_id = eigen_hoofd.kpi_id
            and kpi_waarde.model_versie = eigen_hoofd.model_versie
            and kpi_waarde.variant = eigen_hoofd.variant
            and split_part(kpi_waarde.uitsplitsing, ': ', 1) = eigen_hoofd.uitsplitsing
    inner join own_kpi
        on
            eigen_hoofd.kpi_id = own_kpi.kpi_id
            and eigen_hoofd.variant = own_kpi.variant
            and eigen_hoofd.uitsplitsing = own_kpi.uitsplitsing
    where kpi_waarde.herkomst = 'eigen' and kpi_waarde.periode_soort = 'jaar'
),

samengebracht as (
    select * from open_hoofdcijfer
    union all by name
    select * from eigen_hoofdcijfer
),

-- A count says how large a gemeente is; only per inhabitant can gemeenten be held against each other.
met_inwoners as (
    select
        samengebracht.* exclude (richting), -- noqa: RF02
        -- The direction is the organisation's where its profile says so: every verdict and signal follows from it here.
        coalesce(profiel_kpi.richting, samengebracht.richting) as richting,
        inwoners_jaar.inwoners,
        samengebracht.herkomst = 'open' and samengebracht.soort_waarde = 'aantal' as is_telling
    from samengebracht
    left join profiel_kpi
        on samengebracht.kpi_id = profiel_kpi.kpi_id
    left join inwoners_jaar
        on
            samengebracht.gemeente_code = inwoners_jaar.gemeente_code
            and samengebracht.jaar = inwoners_jaar.jaar
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
    oi_laag,
    oi_hoog,
    oi_methode,
    status,
    ontbreekt_reden,
    herkomst,
    soort,
    is_modelmatig,
    is_herleid,
    breuk,
    richting,
    meetwijze,
    soort_waarde,
    factor,
    inwoners,
    case
        when is_telling then {{ round_significant(ratio('waarde', 'inwoners', 1000)) }}
        else waarde
    end as vergelijkingswaarde,
    case when is_telling then 'per 1.000 inwoners' else eenheid end as vergelijkingseenheid,
    case when not is_telling then oi_laag end as vergelijking_laag,
    case when not is_telling then oi_hoog end as vergelijking_hoog
from met_inwoners
