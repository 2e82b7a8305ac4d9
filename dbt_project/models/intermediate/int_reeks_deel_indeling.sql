with

reeks_deel as (
    select * from {{ ref('int_reeks_deel') }}
),

reeks_periode as (
    select * from {{ ref('int_reeks_periode') }}
),

kpi_formule as (
    select * from {{ ref('int_kpi_formule') }}
),

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

overgang as (
    select * from {{ ref('int_gemeente_overgang') }}
),

publicatie_indeling as (
    select max(indelingsjaar) as indelingsjaar from gemeente
),

-- Counts move by share; percentages, means and scores do not.
optelbare_reeksen as (
    select distinct
        reeks_id,
        uitsplitsing,
        teller_rol as rol
    from kpi_formule
    where is_optelbaar
    union
    select distinct
        reeks_id,
        uitsplitsing,
        rol
    from reeks_periode
    where
        rol = 'noemer'
        or reeks_id in ('{{ var("inwoners_reeksen") | join("', '") }}')
),

naar_publicatie as (
    select
        reeks_periode.reeks_id,
        reeks_periode.uitsplitsing,
        reeks_periode.rol,
        reeks_periode.periode,
        reeks_periode.indelingsjaar as van_jaar,
        publicatie_indeling.indelingsjaar as naar_jaar
    from reeks_periode
    inner join optelbare_reeksen
        on
            reeks_periode.reeks_id = optelbare_reeksen.reeks_id
            and reeks_periode.uitsplitsing = optelbare_reeksen.uitsplitsing
            and reeks_periode.rol = optelbare_reeksen.rol
    cross join publicatie_indeling
),

-- For the figure as published, the noemer comes to the division of its teller.
noemer_naar_teller as (
    select
        noemer.reeks_id,
        noemer.uitsplitsing,
        noemer.rol,
        noemer.periode,
        noemer.indelingsjaar as van_jaar,
        teller.indelingsjaar as naar_jaar
    from kpi_formule
    inner join reeks_periode as teller
        on
            kpi_formule.reeks_id = teller.reeks_id
            and kpi_formule.uitsplitsing = teller.uitsplitsing
            and teller.rol = 'teller'
    inner join reeks_periode as noemer
        on
            kpi_formule.reeks_id = noemer.reeks_id
            and kpi_formule.uitsplitsing = noemer.uitsplitsing
            and noemer.rol = 'noemer'
            and teller.jaar + kpi_formule.noemer_verschuiving = noemer.jaar
            and teller.periode_soort = noemer.periode_soort
    where kpi_formule.formule = 'ratio'
),

percentages as (
    select
        reeks_id,
        uitsplitsing,
        teller_rol as rol
    from kpi_formule
    where not is_optelbaar and soort_waarde = 'percentage'
),

-- The weights of a percentage are the inhabitants of its own year, on its own division.
inwoners_naar_percentage as (
    select
        inwoners.reeks_id,
        inwoners.uitsplitsing,
        inwoners.rol,
        inwoners.periode,
        inwoners.indelingsjaar as van_jaar,
        cijfer.indelingsjaar as naar_jaar
    from reeks_periode as inwoners
    inner join reeks_periode as cijfer
        on inwoners.jaar = cijfer.jaar
    inner join percentages
        on
            cijfer.reeks_id = percentages.reeks_id
            and cijfer.uitsplitsing = percentages.uitsplitsing
            and cijfer.rol = percentages.rol
    inner join publicatie_indeling
        on cijfer.indelingsjaar < publicatie_indeling.indelingsjaar
    where
        inwoners.reeks_id in ('{{ var("inwoners_reeksen") | join("', '") }}')
        and inwoners.uitsplitsing = 'totaal'
),

doelen as (
    select * from naar_publicatie
    union
    select * from noemer_naar_teller
    union
    select * from inwoners_naar_percentage
),

bronnen as (
    select
        doelen.reeks_id,
        doelen.uitsplitsing,
        doelen.rol,
        doelen.periode,
        doelen.naar_jaar,
        overgang.naar_code as gemeente_code,
        overgang.aandeel,
        reeks_deel.waarde,
        reeks_deel.oi_laag,
        reeks_deel.oi_hoog,
        reeks_deel.eenheid,
        reeks_deel.opgegeven_bron,
        reeks_deel.ontbreekt_reden,
        reeks_deel.status_rang,
        reeks_deel.is_gepubliceerd
    from doelen
    inner join overgang
        on
            doelen.van_jaar = overgang.van_jaar
            and doelen.naar_jaar = overgang.naar_jaar
    left join reeks_deel
        on
            doelen.reeks_id = reeks_deel.reeks_id
            and doelen.uitsplitsing = reeks_deel.uitsplitsing
            and doelen.rol = reeks_deel.rol
            and doelen.periode = reeks_deel.periode
            and overgang.van_code = reeks_deel.gemeente_code
)

select
    reeks_id,
    uitsplitsing,
    rol,
    periode,
    naar_jaar,
    gemeente_code,
    case
        when count(waarde) < count(*) then null
        when count(*) = 1 and max(aandeel) = 1 then max(waarde)
        else {{ exact_sum('waarde * aandeel') }}
    end as waarde,
    -- Bounds of parts do not add up to bounds of their sum.
    case when count(*) = 1 and max(aandeel) = 1 then max(oi_laag) end as oi_laag,
    case when count(*) = 1 and max(aandeel) = 1 then max(oi_hoog) end as oi_hoog,
    min(eenheid) as eenheid,
    min(opgegeven_bron) as opgegeven_bron,
    case when count(waarde) < count(*) then {{ zwaarste_reden('ontbreekt_reden') }} end as ontbreekt_reden,
    max(status_rang) as status_rang,
    count(*) = 1 and max(aandeel) = 1 and coalesce(bool_and(is_gepubliceerd), true) as is_gepubliceerd,
    count(*) > 1 or max(aandeel) < 1 as is_herleid
from bronnen
group by
    reeks_id,
    uitsplitsing,
    rol,
    periode,
    naar_jaar,
    gemeente_code
