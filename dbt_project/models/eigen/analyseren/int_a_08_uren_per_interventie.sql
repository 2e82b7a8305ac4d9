with

interventie as (
    select * from {{ ref('int_interventie') }}
    where einddatum is not null
),

urenregistratie as (
    select * from {{ ref('int_urenregistratie') }}
    where interventie_id is not null
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- All hours ever booked on an intervention, of every year and kind.
uren as (
    select
        interventie_id,
        sum(uren) as uren
    from urenregistratie
    group by interventie_id
),

beeindigd as (
    select
        interventie.gemeente_code,
        periode.periode,
        uren.uren
    from interventie
    inner join periode
        on {{ in_periode('interventie.einddatum') }}
    left join uren
        on interventie.interventie_id = uren.interventie_id
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as interventies,
        count(uren) as met_uren,
        count(*) filter (where uren is null) as zonder_uren,
        coalesce(sum(uren), 0)::double as uren
    from beeindigd
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        uren / {{ var('eigen_uren_per_fte_jaar', 1878) }} as fte,
        {{ json_telling({'zonder_uren': 'zonder_uren'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 8'", "'uren_per_interventie'", teller='uren', noemer='met_uren', n='met_uren',
        eenheden='interventies', met_waarde='met_uren', uitgesloten='uitgesloten'
    ) }}
from samengevat
union all
select
    {{ eigen_rij(
        "'A 8'", "'fte_per_interventie'", teller='fte', noemer='met_uren', n='met_uren',
        eenheden='interventies', met_waarde='met_uren', uitgesloten='uitgesloten'
    ) }}
from samengevat
