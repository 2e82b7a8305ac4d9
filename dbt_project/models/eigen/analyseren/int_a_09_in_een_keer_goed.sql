with

situatiebeoordeling as (
    select * from {{ ref('int_situatiebeoordeling') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

in_periode as (
    select
        situatiebeoordeling.gemeente_code,
        periode.periode,
        situatiebeoordeling.beoordelaar,
        situatiebeoordeling.in_een_keer_goed
    from situatiebeoordeling
    inner join periode
        on {{ in_periode('situatiebeoordeling.datum') }}
),

met_totaal as (
    select
        *,
        unnest(['totaal', beoordelaar]) as uitsplitsing
    from in_periode
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        uitsplitsing,
        count(*) as beoordelingen,
        count(in_een_keer_goed) as met_oordeel,
        count(*) filter (where in_een_keer_goed is null) as zonder_oordeel,
        count(*) filter (where in_een_keer_goed) as goed
    from met_totaal
    group by {{ per_gebied(['uitsplitsing']) }}
),

samengevat as (
    select
        *,
        {{ json_telling({'zonder_oordeel': 'zonder_oordeel'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 9'", "'percentage'", uitsplitsing='uitsplitsing', teller='goed', noemer='met_oordeel', n='met_oordeel',
        eenheden='beoordelingen', met_waarde='met_oordeel', uitgesloten='uitgesloten'
    ) }}
from samengevat
