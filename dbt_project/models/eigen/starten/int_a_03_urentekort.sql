with

capaciteit as (
    select * from {{ ref('int_capaciteit') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

gebied as (
    select * from {{ ref('int_eigen_gebied') }}
    where gemeente_code <> 'ORG'
),

-- Two rows of one month where two gemeenten merged.
per_maand as (
    select
        gemeente_code,
        maand,
        sum(gevraagde_uren) as gevraagd,
        sum(beschikbare_uren) as beschikbaar
    from capaciteit
    group by gemeente_code, maand
),

-- Every gemeente in every period: a month that was not planned leaves a gap, never a shortage of nothing.
rooster as (
    select
        gebied.gemeente_code,
        periode.periode,
        periode.van,
        periode.d,
        date_diff('month', periode.van, periode.d) + 1 as maanden
    from gebied
    cross join periode
),

per_gemeente as (
    select
        rooster.gemeente_code,
        rooster.periode,
        rooster.maanden,
        count(per_maand.maand) as maanden_gepland,
        greatest(sum(per_maand.gevraagd) - sum(per_maand.beschikbaar), 0) as tekort,
        sum(greatest(per_maand.gevraagd - per_maand.beschikbaar, 0)) as tekort_per_maand,
        sum(per_maand.beschikbaar) as beschikbaar
    from rooster
    left join per_maand
        on
            rooster.gemeente_code = per_maand.gemeente_code
            and per_maand.maand between rooster.van and rooster.d
    group by rooster.gemeente_code, rooster.periode, rooster.maanden
),

beoordeeld as (
    select
        *,
        maanden_gepland = maanden as is_volledig
    from per_gemeente
),

-- The organisation adds the shortages: a surplus elsewhere helps nobody who waits here.
opgeteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        sum(maanden) as maanden,
        sum(maanden_gepland) as maanden_gepland,
        sum(maanden_gepland) filter (where is_volledig) as maanden_gebruikt,
        sum(tekort) filter (where is_volledig) as tekort,
        sum(tekort_per_maand) filter (where is_volledig) as tekort_per_maand,
        sum(beschikbaar) filter (where is_volledig) as beschikbaar,
        count(*) filter (
            where not is_volledig and (gemeente_code <> {{ onbekende_gemeente() }} or maanden_gepland > 0)
        ) as onvolledig
    from beoordeeld
    group by {{ per_gebied() }}
),

met_reden as (
    select
        *,
        coalesce(maanden_gebruikt, 0) as n,
        case when tekort is null then 'niet_geleverd' end as reden,
        {{ json_telling({'gemeente_zonder_alle_maanden': 'onvolledig'}) }} as uitgesloten
    from opgeteld
)

select
    {{ eigen_rij(
        "'A 3'", "'uren_tekort'", teller='tekort', n='n',
        eenheden='maanden', met_waarde='maanden_gepland', uitgesloten='uitgesloten', reden='reden'
    ) }}
from met_reden
union all
select
    {{ eigen_rij(
        "'A 3'", "'uren_tekort_per_maand'", teller='tekort_per_maand', n='n',
        eenheden='maanden', met_waarde='maanden_gepland', uitgesloten='uitgesloten', reden='reden'
    ) }}
from met_reden
union all
select
    {{ eigen_rij(
        "'A 3'", "'percentage_tekort'", teller='tekort', noemer='beschikbaar', n='n',
        eenheden='maanden', met_waarde='maanden_gepland', uitgesloten='uitgesloten', reden='reden'
    ) }}
from met_reden
