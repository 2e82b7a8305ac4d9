with recursive

interventie as (
    select * from {{ ref('int_interventie') }}
),

interventie_deelname as (
    select * from {{ ref('int_interventie_deelname') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

schakels as (
    select
        interventie_id,
        vervolg_op_interventie_id as voorganger_id
    from interventie
    where vervolg_op_interventie_id is not null
),

-- Every intervention with all those that it follows, near and far.
ketens as (
    select
        interventie_id,
        voorganger_id
    from schakels
    union
    select
        ketens.interventie_id,
        schakels.voorganger_id
    from ketens
    inner join schakels
        on ketens.voorganger_id = schakels.interventie_id
),

kringen as (
    select interventie_id from ketens
    where interventie_id = voorganger_id
),

-- A predecessor that still runs, or ended later than the follow-up began, ran beside it.
vervolgen as (
    select
        interventie.interventie_id,
        interventie.gemeente_code,
        periode.periode,
        voorganger.interventie_id as voorganger_id,
        case
            when kringen.interventie_id is not null then 'kring'
            when voorganger.einddatum <= interventie.startdatum then 'vervolg'
            else 'naast elkaar'
        end as soort
    from interventie
    inner join periode
        on {{ in_periode('interventie.startdatum') }}
    inner join interventie as voorganger
        on interventie.vervolg_op_interventie_id = voorganger.interventie_id
    left join kringen
        on interventie.interventie_id = kringen.interventie_id
),

-- Who took part in both.
gedeeld as (
    select distinct
        vervolgen.interventie_id,
        vervolgen.gemeente_code,
        vervolgen.periode,
        eigen.deelnemer_id
    from vervolgen
    inner join interventie_deelname as eigen
        on vervolgen.interventie_id = eigen.interventie_id
    inner join interventie_deelname as eerder
        on
            vervolgen.voorganger_id = eerder.interventie_id
            and eigen.deelnemer_id = eerder.deelnemer_id
    where vervolgen.soort = 'vervolg'
),

gevolgd as (
    select distinct interventie_id from gedeeld
),

-- Beside the persons the links that do not count, each with its reason.
samen as (
    select
        gemeente_code,
        periode,
        deelnemer_id,
        'deelnemer' as soort
    from gedeeld
    union all
    select
        vervolgen.gemeente_code,
        vervolgen.periode,
        null as deelnemer_id,
        case when vervolgen.soort = 'vervolg' then 'andere deelnemers' else vervolgen.soort end as soort
    from vervolgen
    left join gevolgd
        on vervolgen.interventie_id = gevolgd.interventie_id
    where gevolgd.interventie_id is null
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(distinct deelnemer_id) as deelnemers,
        count(*) filter (where soort = 'kring') as kringen,
        count(*) filter (where soort = 'naast elkaar') as niet_na_elkaar,
        count(*) filter (where soort = 'andere deelnemers') as andere_deelnemers
    from samen
    group by {{ per_gebied() }}
)

select
    {{ eigen_rij(
        "'A 39'", "'aantal'", teller='deelnemers', n='deelnemers', eenheden='deelnemers', met_waarde='deelnemers',
        uitgesloten=json_telling({
            'kringverwijzing': 'kringen',
            'voorganger_niet_beeindigd': 'niet_na_elkaar',
            'andere_deelnemers': 'andere_deelnemers',
        })
    ) }}
from geteld
