with

partnerbeoordeling as (
    select * from {{ ref('int_partnerbeoordeling') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- Without an overall mark the aspects that were marked stand for it, unrounded; list_avg skips the others.
cijfer as (
    select
        gemeente_code,
        datum,
        coalesce(partner_soort, 'partner onbekend') as soort,
        coalesce(
            score::double,
            list_avg([kwaliteit::double, tijdigheid::double, volledigheid::double])
        ) as cijfer
    from partnerbeoordeling
),

in_periode as (
    select
        cijfer.gemeente_code,
        periode.periode,
        cijfer.cijfer,
        unnest(['totaal', cijfer.soort]) as uitsplitsing
    from cijfer
    inner join periode
        on {{ in_periode('cijfer.datum') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        uitsplitsing,
        count(*) as beoordelingen,
        count(cijfer) as met_cijfer,
        count(*) filter (where cijfer is null) as zonder_cijfer,
        coalesce({{ exact_sum('cijfer') }}, 0) as cijfers,
        {{ exact_stddev('cijfer') }} as spreiding
    from in_periode
    group by {{ per_gebied(['uitsplitsing']) }}
),

samengevat as (
    select
        *,
        {{ json_telling({'zonder_cijfer': 'zonder_cijfer'}) }} as uitgesloten
    from geteld
)

select
    {{ eigen_rij(
        "'A 17'", "'gemiddelde'", uitsplitsing='uitsplitsing', teller='cijfers', noemer='met_cijfer', n='met_cijfer',
        eenheden='beoordelingen', met_waarde='met_cijfer', uitgesloten='uitgesloten', spreiding='spreiding'
    ) }}
from samengevat
