with

cijfers as (
    select * from {{ ref('int_benchmark_cijfer') }}
),

benchmark_groep as (
    select * from {{ ref('int_benchmark_groep') }}
),

benchmark_lid as (
    select * from {{ ref('int_benchmark_lid') }}
),

leden as (
    select
        cijfers.lijn,
        benchmark_lid.benchmark_type,
        benchmark_lid.groep,
        cijfers.gemeente_code,
        cijfers.waarde,
        cijfers.deel,
        cijfers.geheel
    from cijfers
    inner join benchmark_lid
        on cijfers.gemeente_code = benchmark_lid.lid_code
    where cijfers.waarde is not null
),

groepen as (
    select
        lijn,
        benchmark_type,
        groep,
        count(*) as gebieden,
        count(geheel) = count(*) as is_gewogen,
        sum(deel) as deel,
        sum(geheel) as geheel
    from leden
    group by
        lijn,
        benchmark_type,
        groep
),

-- Without weights for every member the group has a middle instead.
reeksen_waarden as (
    select
        leden.lijn,
        leden.benchmark_type,
        leden.groep,
        list(leden.waarde order by leden.waarde) as waarden
    from leden
    inner join groepen
        on
            leden.lijn = groepen.lijn
            and leden.benchmark_type = groepen.benchmark_type
            and leden.groep = groepen.groep
    where not groepen.is_gewogen
    group by
        leden.lijn,
        leden.benchmark_type,
        leden.groep
),

plaatsen_in_klasse as (
    select
        lijn,
        benchmark_type,
        gemeente_code,
        rank() over (
            partition by lijn, benchmark_type, groep
            order by waarde
        ) - 1 as lager,
        count(*) over (
            partition by lijn, benchmark_type, groep, waarde
        ) as gelijk
    from leden
    where benchmark_type <> 'buurgroep'
),

plaatsen_bij_buren as (
    select
        leden.lijn,
        leden.benchmark_type,
        leden.groep as gemeente_code,
        count(*) filter (where leden.waarde < cijfers.waarde) as lager,
        count(*) filter (where leden.waarde = cijfers.waarde) as gelijk
    from leden
    inner join cijfers
        on
            leden.lijn = cijfers.lijn
            and leden.groep = cijfers.gemeente_code
    where leden.benchmark_type = 'buurgroep' and cijfers.waarde is not null
    group by
        leden.lijn,
        leden.benchmark_type,
        leden.groep
),

plaatsen as (
    select * from plaatsen_in_klasse
    union all
    select * from plaatsen_bij_buren
),

land as (
    select
        lijn,
        reeks,
        onderwerp,
        waarde
    from cijfers
    where gemeente_code = '{{ var("land_code") }}' and waarde is not null
),

-- The country may be added up only when hardly anybody is left out.
dekking as (
    select
        lijn,
        count(waarde) = count(*) or coalesce(
            count(inwoners) = count(*)
            and sum(inwoners) filter (where waarde is not null)
            >= {{ var('benchmark_dekking_nl') }} * sum(inwoners),
            false
        ) as is_volledig
    from cijfers
    where gemeente_code <> '{{ var("land_code") }}'
    group by lijn
),

lijnen as (
    select distinct
        lijn,
        reeks,
        onderwerp
    from cijfers
),

-- Where the group has a figure in another period, or of another method.
elders_in_de_tijd as (
    select distinct
        lijnen.reeks,
        groepen.benchmark_type,
        groepen.groep
    from groepen
    inner join lijnen
        on groepen.lijn = lijnen.lijn
    where groepen.benchmark_type <> 'nl' and groepen.gebieden > {{ var('benchmark_gebieden') }}
    union all
    select distinct
        reeks,
        'nl' as benchmark_type,
        '{{ var("land_code") }}' as groep
    from land
),

anders_gemeten as (
    select distinct
        lijnen.onderwerp,
        groepen.benchmark_type,
        groepen.groep
    from groepen
    inner join lijnen
        on groepen.lijn = lijnen.lijn
    where groepen.benchmark_type <> 'nl' and groepen.gebieden > {{ var('benchmark_gebieden') }}
    union all
    select distinct
        onderwerp,
        'nl' as benchmark_type,
        '{{ var("land_code") }}' as groep
    from land
),

-- What is left of the group without the gemeente itself.
zonder_zichzelf as (
    select
        cijfers.lijn,
        cijfers.reeks,
        cijfers.onderwerp,
        cijfers.kpi_id,
        cijfers.model_versie,
        cijfers.uitsplitsing,
        cijfers.variant,
        cijfers.periode,
        cijfers.gemeente_code,
        cijfers.richting,
        cijfers.rekenwijze,
        cijfers.factor,
        cijfers.waarde,
        benchmark_groep.benchmark_type,
        benchmark_groep.groep,
        benchmark_groep.benchmark_naam,
        coalesce(groepen.gebieden, 0) as gebieden,
        groepen.gebieden - (case when cijfers.waarde is null then 0 else 1 end) as anderen,
        groepen.is_gewogen,
        groepen.deel as deel_van_alle,
        groepen.geheel as geheel_van_alle,
        (groepen.deel - case when cijfers.waarde is null then 0 else cijfers.deel end)::double as deel,
        (groepen.geheel - case when cijfers.waarde is null then 0 else cijfers.geheel end)::double as geheel
    from cijfers
    inner join benchmark_groep
        on cijfers.gemeente_code = benchmark_groep.gemeente_code
    left join groepen
        on
            cijfers.lijn = groepen.lijn
            and benchmark_groep.benchmark_type = groepen.benchmark_type
            and benchmark_groep.groep = groepen.groep
),

geplaatst as (
    select
        zonder_zichzelf.*,
        coalesce(zonder_zichzelf.anderen, 0) >= {{ var('benchmark_gebieden') }} as heeft_genoeg,
        land.waarde as landelijk,
        dekking.is_volledig,
        plaatsen.lager,
        plaatsen.gelijk,
        reeksen_waarden.waarden,
        coalesce(plaatsen.lager + 1, zonder_zichzelf.gebieden + 1) as eigen_plaats
    from zonder_zichzelf
    left join land
        on
            zonder_zichzelf.lijn = land.lijn
            and zonder_zichzelf.benchmark_type = 'nl'
    left join dekking
        on zonder_zichzelf.lijn = dekking.lijn
    left join plaatsen
        on
            zonder_zichzelf.lijn = plaatsen.lijn
            and zonder_zichzelf.benchmark_type = plaatsen.benchmark_type
            and zonder_zichzelf.gemeente_code = plaatsen.gemeente_code
    left join reeksen_waarden
        on
            zonder_zichzelf.lijn = reeksen_waarden.lijn
            and zonder_zichzelf.benchmark_type = reeksen_waarden.benchmark_type
            and zonder_zichzelf.groep = reeksen_waarden.groep
),

berekend as (
    select
        *,
        case
            when benchmark_type = 'nl' and landelijk is not null then 'gepubliceerd'
            when benchmark_type = 'nl' and is_volledig and rekenwijze in ('telling', 'ratio') then 'teller_noemer'
            when benchmark_type = 'nl' or not heeft_genoeg then null
            when not is_gewogen then 'mediaan'
            when rekenwijze = 'gewogen' then 'gewogen_inwoners'
            else 'teller_noemer'
        end as methode,
        {{ mediaan_zonder('waarden', 'eigen_plaats', 'anderen') }} as mediaan
    from geplaatst
),

gekozen as (
    select
        *,
        case
            when methode = 'mediaan' then mediaan
            when methode = 'teller_noemer' and benchmark_type = 'nl'
                then {{ ratio('deel_van_alle::double', 'geheel_van_alle::double', 'factor') }}
            when methode in ('teller_noemer', 'gewogen_inwoners') then {{ ratio('deel', 'geheel', 'factor') }}
        end as ruwe_waarde
    from berekend
)

select
    gekozen.kpi_id,
    gekozen.model_versie,
    gekozen.uitsplitsing,
    gekozen.variant,
    gekozen.gemeente_code,
    gekozen.periode,
    gekozen.benchmark_type,
    gekozen.benchmark_naam,
    case
        when gekozen.methode = 'gepubliceerd' then gekozen.landelijk
        else {{ round_significant('gekozen.ruwe_waarde') }}
    end as benchmark_waarde,
    gekozen.methode as benchmark_methode,
    case
        when gekozen.methode is not null then null
        when gekozen.gebieden > 0 and gekozen.benchmark_type <> 'nl' then 'te_weinig_gebieden'
        when anders_gemeten.onderwerp is not null then 'andere_definitie'
        when elders_in_de_tijd.reeks is not null then 'andere_periode'
        when gekozen.benchmark_type = 'nl' then 'geen_benchmark'
        else 'te_weinig_gebieden'
    end as benchmark_reden,
    case
        when gekozen.lager is null or not gekozen.heeft_genoeg then null
        when gekozen.richting = 'lager' then gekozen.lager + 1
        else gekozen.gebieden - gekozen.lager - gekozen.gelijk + 1
    end as rang,
    case when gekozen.lager is not null and gekozen.heeft_genoeg then gekozen.gebieden end as aantal,
    case
        when gekozen.lager is not null and gekozen.heeft_genoeg
            then round(100 * (gekozen.lager + (gekozen.gelijk - 1) / 2) / (gekozen.gebieden - 1), 1)
    end as positie
from gekozen
left join anders_gemeten
    on
        gekozen.onderwerp = anders_gemeten.onderwerp
        and gekozen.benchmark_type = anders_gemeten.benchmark_type
        and gekozen.groep = anders_gemeten.groep
left join elders_in_de_tijd
    on
        gekozen.reeks = elders_in_de_tijd.reeks
        and gekozen.benchmark_type = elders_in_de_tijd.benchmark_type
        and gekozen.groep = elders_in_de_tijd.groep
