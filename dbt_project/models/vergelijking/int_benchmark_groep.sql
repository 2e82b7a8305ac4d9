with recursive

gemeente as (
    select * from {{ ref('gemeente') }}
    where soort_gebied = 'gemeente'
),

grootteklasse as (
    select * from {{ ref('grootteklasse') }}
),

stedelijkheid_klasse as (
    select * from {{ ref('stedelijkheid_klasse') }}
),

buurgroep as (
    select * from {{ ref('int_buurgroep') }}
),

ingedeeld as (
    select
        'stedelijkheid' as benchmark_type,
        gemeente.gemeente_code,
        stedelijkheid_klasse.stedelijkheid as klasse,
        stedelijkheid_klasse.naam
    from gemeente
    inner join stedelijkheid_klasse
        on gemeente.stedelijkheid = stedelijkheid_klasse.stedelijkheid
    union all
    select
        'grootteklasse' as benchmark_type,
        gemeente.gemeente_code,
        grootteklasse.ondergrens as klasse,
        grootteklasse.grootteklasse as naam
    from gemeente
    inner join grootteklasse
        on gemeente.grootteklasse = grootteklasse.grootteklasse
),

klassen as (
    select
        benchmark_type,
        klasse,
        any_value(naam) as naam,
        count(*) as aantal,
        row_number() over (
            partition by benchmark_type
            order by klasse
        ) as volgorde
    from ingedeeld
    group by benchmark_type, klasse
),

-- From the first class on: a group that leaves a gemeente fewer others than a comparison needs takes the next class in.
gevuld as (
    select
        benchmark_type,
        klasse,
        naam,
        volgorde,
        volgorde as groep_van,
        aantal as aantal_in_groep
    from klassen
    where volgorde = 1
    union all
    select
        klassen.benchmark_type,
        klassen.klasse,
        klassen.naam,
        klassen.volgorde,
        case
            when gevuld.aantal_in_groep > {{ var('benchmark_gebieden') }} then klassen.volgorde
            else gevuld.groep_van
        end as groep_van,
        case
            when gevuld.aantal_in_groep > {{ var('benchmark_gebieden') }} then klassen.aantal
            else gevuld.aantal_in_groep + klassen.aantal
        end as aantal_in_groep
    from gevuld
    inner join klassen
        on
            gevuld.benchmark_type = klassen.benchmark_type
            and gevuld.volgorde + 1 = klassen.volgorde
),

-- What is left over at the end is too small too: it goes to the group before it.
laatste as (
    select
        benchmark_type,
        groep_van,
        max(aantal_in_groep) as aantal,
        max(groep_van) over (partition by benchmark_type) as laatste_groep,
        lag(groep_van) over (
            partition by benchmark_type
            order by groep_van
        ) as vorige_groep
    from gevuld
    group by benchmark_type, groep_van
),

samengevoegd as (
    select
        gevuld.benchmark_type,
        gevuld.klasse,
        gevuld.naam,
        case
            when
                laatste.groep_van = laatste.laatste_groep
                and laatste.aantal <= {{ var('benchmark_gebieden') }}
                then coalesce(laatste.vorige_groep, laatste.groep_van)
            else laatste.groep_van
        end as groep_van
    from gevuld
    inner join laatste
        on
            gevuld.benchmark_type = laatste.benchmark_type
            and gevuld.groep_van = laatste.groep_van
),

namen as (
    select
        benchmark_type,
        groep_van,
        string_agg(naam, ' samen met ' order by klasse) as groep
    from samengevoegd
    group by benchmark_type, groep_van
),

groepen as (
    select
        'nl' as benchmark_type,
        gemeente_code,
        '{{ var("land_code") }}' as groep,
        'Nederland' as benchmark_naam
    from gemeente
    union all
    select
        ingedeeld.benchmark_type,
        ingedeeld.gemeente_code,
        namen.groep,
        namen.groep as benchmark_naam
    from ingedeeld
    inner join samengevoegd
        on
            ingedeeld.benchmark_type = samengevoegd.benchmark_type
            and ingedeeld.klasse = samengevoegd.klasse
    inner join namen
        on
            samengevoegd.benchmark_type = namen.benchmark_type
            and samengevoegd.groep_van = namen.groep_van
    union all
    select
        'buurgroep' as benchmark_type,
        gemeente_code,
        gemeente_code as groep,
        count(*) || ' gemeenten die qua opbouw op deze lijken' as benchmark_naam
    from buurgroep
    group by gemeente_code
)

select
    benchmark_type,
    gemeente_code,
    groep,
    benchmark_naam
from groepen
