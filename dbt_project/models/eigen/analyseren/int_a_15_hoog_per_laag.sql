with

casus as (
    select * from {{ ref('int_casus') }}
),

casus_complexiteit as (
    select * from {{ ref('int_casus_complexiteit') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

actief as (
    select
        casus.casus_id,
        casus.gemeente_code,
        periode.periode,
        periode.d
    from casus
    inner join periode
        on {{ actief_op('casus.startdatum', 'casus.einddatum') }}
),

met_complexiteit as (
    select
        actief.gemeente_code,
        actief.periode,
        casus_complexiteit.complexiteit
    from actief
    left join casus_complexiteit
        on
            actief.casus_id = casus_complexiteit.casus_id
            and {{ actief_op('casus_complexiteit.vanaf', 'casus_complexiteit.tot', 'actief.d') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as casussen,
        count(complexiteit) as bekend,
        count(*) filter (where complexiteit is null) as onbekend,
        count(*) filter (where complexiteit = 'hoog') as hoog,
        count(*) filter (where complexiteit = 'laag') as laag
    from met_complexiteit
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        {{ json_telling({'zonder_complexiteit': 'onbekend'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 15'", "'verhouding'", teller='hoog', noemer='laag', n='bekend',
        eenheden='casussen', met_waarde='bekend', uitgesloten='uitgesloten'
    ) }}
from samengevat
