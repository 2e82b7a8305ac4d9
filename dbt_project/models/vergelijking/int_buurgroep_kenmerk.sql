with

opbouw_kenmerk as (
    select * from {{ ref('opbouw_kenmerk') }}
),

gemeente as (
    select * from {{ ref('int_gemeente') }}
),

reeks_deel_indeling as (
    select * from {{ ref('int_reeks_deel_indeling') }}
),

reeks_periode as (
    select * from {{ ref('int_reeks_periode') }}
),

kpi_waarde as (
    select * from {{ ref('int_kpi_waarde') }}
),

gemeente_stedelijkheid as (
    select * from {{ ref('int_gemeente_stedelijkheid') }}
),

publicatie_indeling as (
    select
        max(indelingsjaar) as indelingsjaar,
        count(*) as gemeenten
    from gemeente
),

delen as (
    select
        reeks_deel_indeling.reeks_id,
        reeks_deel_indeling.uitsplitsing,
        reeks_deel_indeling.rol,
        reeks_deel_indeling.gemeente_code,
        reeks_periode.jaar,
        reeks_deel_indeling.waarde
    from reeks_deel_indeling
    inner join publicatie_indeling
        on reeks_deel_indeling.naar_jaar = publicatie_indeling.indelingsjaar
    inner join reeks_periode
        on
            reeks_deel_indeling.reeks_id = reeks_periode.reeks_id
            and reeks_deel_indeling.uitsplitsing = reeks_periode.uitsplitsing
            and reeks_deel_indeling.rol = reeks_periode.rol
            and reeks_deel_indeling.periode = reeks_periode.periode
    where reeks_periode.periode_soort = 'jaar'
),

uit_reeksen as (
    select
        opbouw_kenmerk.kenmerk,
        opbouw_kenmerk.voorrang,
        delen.gemeente_code,
        delen.jaar,
        case
            when opbouw_kenmerk.noemer_reeks is null then delen.waarde
            else {{ ratio('delen.waarde', 'noemers.waarde', 100) }}
        end as waarde
    from opbouw_kenmerk
    inner join delen
        on
            opbouw_kenmerk.reeks = delen.reeks_id
            and opbouw_kenmerk.uitsplitsing = delen.uitsplitsing
            and opbouw_kenmerk.rol = delen.rol
    left join delen as noemers
        on
            opbouw_kenmerk.noemer_reeks = noemers.reeks_id
            and opbouw_kenmerk.noemer_uitsplitsing = noemers.uitsplitsing
            and opbouw_kenmerk.noemer_rol = noemers.rol
            and delen.gemeente_code = noemers.gemeente_code
            and delen.jaar = noemers.jaar
    where opbouw_kenmerk.bron = 'reeks'
),

-- One series may stand under more than one KPI, with the same figures.
uit_kpis as (
    select
        opbouw_kenmerk.kenmerk,
        opbouw_kenmerk.voorrang,
        kpi_waarde.gemeente_code,
        kpi_waarde.jaar,
        max(kpi_waarde.waarde) as waarde
    from opbouw_kenmerk
    inner join kpi_waarde
        on
            opbouw_kenmerk.reeks = kpi_waarde.variant
            and opbouw_kenmerk.uitsplitsing = kpi_waarde.uitsplitsing
    where opbouw_kenmerk.bron = 'kpi' and kpi_waarde.periode_soort = 'jaar'
    group by
        opbouw_kenmerk.kenmerk,
        opbouw_kenmerk.voorrang,
        kpi_waarde.gemeente_code,
        kpi_waarde.jaar
),

uit_klassen as (
    select
        opbouw_kenmerk.kenmerk,
        opbouw_kenmerk.voorrang,
        gemeente_stedelijkheid.gemeente_code,
        gemeente_stedelijkheid.stedelijkheid_jaar as jaar,
        gemeente_stedelijkheid.stedelijkheid::double as waarde
    from opbouw_kenmerk
    cross join gemeente_stedelijkheid
    where opbouw_kenmerk.bron = 'stedelijkheid'
),

gevonden as (
    select * from uit_reeksen
    union all
    select * from uit_kpis
    union all
    select * from uit_klassen
),

geldig as (
    select
        gevonden.kenmerk,
        gevonden.voorrang,
        gevonden.gemeente_code,
        gevonden.jaar,
        gevonden.waarde
    from gevonden
    inner join gemeente
        on gevonden.gemeente_code = gemeente.gemeente_code
    inner join opbouw_kenmerk
        on
            gevonden.kenmerk = opbouw_kenmerk.kenmerk
            and gevonden.voorrang = opbouw_kenmerk.voorrang
    where gevonden.waarde is not null and (opbouw_kenmerk.transformatie <> 'log' or gevonden.waarde > 0)
),

-- One series and one year for the whole country: gemeenten are held against each other as they were in the same year.
gekozen as (
    select
        geldig.kenmerk,
        geldig.voorrang,
        geldig.jaar,
        count(*) >= {{ var('dekking_drempel') }} * any_value(publicatie_indeling.gemeenten) as is_gedekt
    from geldig
    cross join publicatie_indeling
    group by
        geldig.kenmerk,
        geldig.voorrang,
        geldig.jaar
    qualify row_number() over (
        partition by geldig.kenmerk
        order by
            count(*) >= {{ var('dekking_drempel') }} * any_value(publicatie_indeling.gemeenten) desc,
            geldig.voorrang asc,
            geldig.jaar desc
    ) = 1
),

-- Rounded before anything is added up, so that the last bits of a figure move nobody to another group.
afgerond as (
    select
        geldig.kenmerk,
        geldig.gemeente_code,
        geldig.jaar,
        opbouw_kenmerk.reeks,
        opbouw_kenmerk.transformatie,
        opbouw_kenmerk.gewicht,
        gekozen.is_gedekt,
        {{ round_significant('geldig.waarde') }} as waarde
    from geldig
    inner join gekozen
        on
            geldig.kenmerk = gekozen.kenmerk
            and geldig.voorrang = gekozen.voorrang
            and geldig.jaar = gekozen.jaar
    inner join opbouw_kenmerk
        on
            geldig.kenmerk = opbouw_kenmerk.kenmerk
            and geldig.voorrang = opbouw_kenmerk.voorrang
),

geschaald as (
    select
        *,
        round(case when transformatie = 'log' then ln(waarde) else waarde end, 9) as maat
    from afgerond
),

midden as (
    select
        kenmerk,
        round({{ exact_sum('maat') }} / count(*), 9) as gemiddelde
    from geschaald
    group by kenmerk
),

spreiding as (
    select
        geschaald.kenmerk,
        any_value(midden.gemiddelde) as gemiddelde,
        round(sqrt({{ exact_sum('power(geschaald.maat - midden.gemiddelde, 2)') }} / count(*)), 9) as standaardafwijking
    from geschaald
    inner join midden
        on geschaald.kenmerk = midden.kenmerk
    group by geschaald.kenmerk
)

select
    geschaald.gemeente_code,
    geschaald.kenmerk,
    geschaald.jaar,
    geschaald.reeks,
    geschaald.waarde,
    spreiding.gemiddelde,
    spreiding.standaardafwijking,
    geschaald.gewicht,
    geschaald.is_gedekt and spreiding.standaardafwijking > 0 as is_gebruikt,
    case
        when geschaald.is_gedekt and spreiding.standaardafwijking > 0
            then round((geschaald.maat - spreiding.gemiddelde) / spreiding.standaardafwijking, 9)
    end as z
from geschaald
inner join spreiding
    on geschaald.kenmerk = spreiding.kenmerk
