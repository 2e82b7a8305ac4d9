with

kpi_formule as (
    select * from {{ ref('int_kpi_formule') }}
),

reeks_periode as (
    select * from {{ ref('int_reeks_periode') }}
),

reeks_deel as (
    select * from {{ ref('int_reeks_deel') }}
),

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

overgang as (
    select * from {{ ref('int_gemeente_overgang') }}
),

inwoners_indeling as (
    select * from {{ ref('int_inwoners_indeling') }}
),

publicatie_indeling as (
    select max(indelingsjaar) as indelingsjaar from gemeente
),

-- Percentages of which the source gives no counts; means and scores may not be combined at all.
percentages as (
    select
        reeks_id,
        uitsplitsing,
        teller_rol as rol
    from kpi_formule
    where not is_optelbaar
    group by reeks_id, uitsplitsing, teller_rol
    having bool_and(soort_waarde = 'percentage')
),

naar_publicatie as (
    select
        overgang.*,
        overgang.is_deel or overgang.aandeel < 1 - {{ var('overgang_drempel') }} as is_onvolledig
    from overgang
    inner join publicatie_indeling
        on overgang.naar_jaar = publicatie_indeling.indelingsjaar
),

-- A gemeente that is made of parts of others only has nothing of its own to weigh.
samengevoegd as (
    select
        van_jaar,
        naar_code,
        bool_or(is_onvolledig) as heeft_breuk
    from naar_publicatie
    group by van_jaar, naar_code
    having count(*) filter (where not is_deel) > 1
),

gehelen as (
    select
        naar_publicatie.van_jaar,
        naar_publicatie.van_code,
        naar_publicatie.naar_code,
        naar_publicatie.aandeel,
        samengevoegd.heeft_breuk
    from naar_publicatie
    inner join samengevoegd
        on
            naar_publicatie.van_jaar = samengevoegd.van_jaar
            and naar_publicatie.naar_code = samengevoegd.naar_code
    where not naar_publicatie.is_deel
),

-- The weight is everybody who lived there on 1 January of the figure's year, whatever age the figure is about.
delen as (
    select
        reeks_periode.reeks_id,
        reeks_periode.uitsplitsing,
        reeks_periode.rol,
        reeks_periode.periode,
        gehelen.naar_code as gemeente_code,
        gehelen.heeft_breuk,
        reeks_deel.waarde,
        reeks_deel.ontbreekt_reden,
        reeks_deel.eenheid,
        reeks_deel.opgegeven_bron,
        reeks_deel.status_rang,
        inwoners_indeling.inwoners * gehelen.aandeel as gewicht
    from reeks_periode
    inner join percentages
        on
            reeks_periode.reeks_id = percentages.reeks_id
            and reeks_periode.uitsplitsing = percentages.uitsplitsing
            and reeks_periode.rol = percentages.rol
    inner join gehelen
        on reeks_periode.indelingsjaar = gehelen.van_jaar
    left join reeks_deel
        on
            reeks_periode.reeks_id = reeks_deel.reeks_id
            and reeks_periode.uitsplitsing = reeks_deel.uitsplitsing
            and reeks_periode.rol = reeks_deel.rol
            and reeks_periode.periode = reeks_deel.periode
            and gehelen.van_code = reeks_deel.gemeente_code
    left join inwoners_indeling
        on
            reeks_periode.jaar = inwoners_indeling.jaar
            and reeks_periode.indelingsjaar = inwoners_indeling.indelingsjaar
            and gehelen.van_code = inwoners_indeling.gemeente_code
),

gewogen as (
    select
        reeks_id,
        uitsplitsing,
        rol,
        periode,
        gemeente_code,
        any_value(heeft_breuk) as heeft_breuk,
        case
            when count(waarde) < count(*) then {{ zwaarste_reden('ontbreekt_reden') }}
            when count(gewicht) < count(*) or sum(gewicht) = 0 then 'herindeling'
            -- Supplied figures may differ in their unit.
            when count(distinct eenheid) > 1 then 'herindeling'
        end as ontbreekt_reden,
        {{ exact_sum('waarde * gewicht') }} as gewogen_som,
        {{ exact_sum('gewicht') }} as gewicht,
        min(eenheid) as eenheid,
        min(opgegeven_bron) as opgegeven_bron,
        max(status_rang) as status_rang
    from delen
    group by reeks_id, uitsplitsing, rol, periode, gemeente_code
)

select
    reeks_id,
    uitsplitsing,
    rol,
    periode,
    gemeente_code,
    case when ontbreekt_reden is null then gewogen_som / gewicht end as waarde,
    ontbreekt_reden,
    eenheid,
    opgegeven_bron,
    status_rang,
    heeft_breuk
from gewogen
