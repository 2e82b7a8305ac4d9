with

hoofdcijfer as (
    select
        *,
        coalesce(waarde is not null and status not in ('onvolledig', 'concept'), false) as is_heel,
        case
            when gemeente_code in ('{{ var("land_code") }}', {{ organisatie() }}) then gemeente_code
            else 'gemeente'
        end as soort_gebied
    from {{ ref('int_hoofdcijfer') }}
    where periode_soort <> 'kwartaal' and jaar is not null
),

-- A year counts from the moment that it is out for anybody: one that nobody has yet is no gap in the line.
met_uitkomst as (
    select
        *,
        bool_or(is_heel) over (
            partition by kpi_id, model_versie, uitsplitsing, variant, periode_soort, periode, soort_gebied
        ) as is_uit
    from hoofdcijfer
),

-- One line per area: the kind of period with the newest figure.
lijnen as (
    select
        kpi_id,
        model_versie,
        uitsplitsing,
        gemeente_code,
        periode_soort,
        min(jaar) as eerste_jaar,
        coalesce(max(jaar) filter (where is_uit), max(jaar)) as laatste_jaar
    from met_uitkomst
    group by
        kpi_id,
        model_versie,
        uitsplitsing,
        gemeente_code,
        periode_soort
    qualify row_number() over (
        partition by kpi_id, model_versie, uitsplitsing, gemeente_code
        order by
            max(jaar) filter (where is_heel) desc nulls last,
            max(jaar) desc,
            periode_soort asc
    ) = 1
),

poisson_exact as (
    select * from {{ ref('poisson_exact') }}
),

tijdstippen as (
    select unnest(range(1, {{ trend_jaren() }} + 1))::integer as tijdstip
),

punten as (
    select
        lijnen.kpi_id,
        lijnen.model_versie,
        lijnen.uitsplitsing,
        lijnen.gemeente_code,
        lijnen.eerste_jaar,
        tijdstippen.tijdstip,
        lijnen.laatste_jaar - {{ trend_jaren() }} + tijdstippen.tijdstip as jaar,
        met_uitkomst.periode,
        met_uitkomst.variant,
        met_uitkomst.eenheid,
        met_uitkomst.richting,
        met_uitkomst.waarde,
        met_uitkomst.noemer,
        met_uitkomst.status,
        met_uitkomst.ontbreekt_reden,
        coalesce(met_uitkomst.breuk, false) as heeft_breuk,
        met_uitkomst.vergelijkingswaarde,
        met_uitkomst.vergelijking_laag,
        met_uitkomst.vergelijking_hoog,
        -- A share of persons or things, both of them counted.
        coalesce(
            met_uitkomst.soort_waarde = 'percentage'
            and met_uitkomst.factor = 100
            and met_uitkomst.teller is not null
            and met_uitkomst.noemer is not null,
            false
        ) as is_aandeel,
        -- A count, or the count in a rate; a ratio of the organisation's own need not rest on one.
        case
            when met_uitkomst.soort_waarde = 'aantal' then met_uitkomst.waarde
            when met_uitkomst.soort_waarde = 'percentage' and met_uitkomst.noemer is not null then met_uitkomst.teller
        end as telling
    from lijnen
    cross join tijdstippen
    left join met_uitkomst
        on
            lijnen.kpi_id = met_uitkomst.kpi_id
            and lijnen.model_versie = met_uitkomst.model_versie
            and lijnen.uitsplitsing = met_uitkomst.uitsplitsing
            and lijnen.gemeente_code = met_uitkomst.gemeente_code
            and lijnen.periode_soort = met_uitkomst.periode_soort
            and lijnen.laatste_jaar - {{ trend_jaren() }} + tijdstippen.tijdstip = met_uitkomst.jaar
),

-- Whatever a count is divided by, its bounds are divided by the same; a part of a moved count is rounded for them.
met_interval as (
    select
        punten.*,
        case
            when punten.telling is null then punten.vergelijking_laag
            when punten.telling > 0
                then
                    punten.vergelijkingswaarde / punten.telling
                    * {{ poisson_laag('punten.telling', 'poisson_exact.laag_95') }}
        end as laag,
        case
            when punten.telling is null then punten.vergelijking_hoog
            when punten.telling > 0
                then
                    punten.vergelijkingswaarde / punten.telling
                    * {{ poisson_hoog('punten.telling', 'poisson_exact.hoog_95') }}
        end as hoog
    from punten
    left join poisson_exact
        on punten.telling < 10 and least(round(punten.telling)::integer, 9) = poisson_exact.aantal
),

beoordeeld as (
    select
        *,
        case
            when periode is null and jaar < eerste_jaar then 'te_weinig_jaren'
            when periode is null then 'onderbroken'
            when heeft_breuk then 'breuk'
            when waarde is null and ontbreekt_reden in ('herindeling', 'onderdrukt', 'geheim_bron') then ontbreekt_reden
            when waarde is null then 'geen_waarde'
            when status in ('concept', 'onvolledig') then status
            when vergelijkingswaarde is null then 'geen_inwoners'
            when telling <= 0 then 'telling_nul'
            when is_aandeel and telling >= noemer then 'telling_is_noemer'
            when not is_aandeel and not coalesce(hoog > laag, false) then 'geen_interval'
        end as reden
    from met_interval
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    gemeente_code,
    tijdstip,
    jaar,
    periode,
    variant,
    eenheid,
    richting,
    is_aandeel,
    telling,
    noemer,
    vergelijkingswaarde,
    laag,
    hoog,
    reden
from beoordeeld
