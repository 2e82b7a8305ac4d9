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

afgesloten as (
    select
        casus.casus_id,
        casus.gemeente_code,
        periode.periode,
        casus.einddatum,
        casus.einddatum - casus.startdatum as dagen
    from casus
    inner join periode
        on {{ in_periode('casus.einddatum') }}
),

complexiteit as (
    select
        afgesloten.casus_id,
        afgesloten.periode,
        max(casus_complexiteit.complexiteit) filter (
            where casus_complexiteit.tot is null or casus_complexiteit.tot > afgesloten.einddatum
        ) as aan_het_einde,
        case
            when bool_or(casus_complexiteit.complexiteit = 'hoog') then 'hoog'
            else max(casus_complexiteit.complexiteit)
        end as hoogste
    from afgesloten
    inner join casus_complexiteit
        on
            afgesloten.casus_id = casus_complexiteit.casus_id
            and afgesloten.einddatum >= casus_complexiteit.vanaf
    group by afgesloten.casus_id, afgesloten.periode
),

ingedeeld as (
    select
        afgesloten.gemeente_code,
        afgesloten.periode,
        afgesloten.dagen,
        coalesce(complexiteit.aan_het_einde, 'complexiteit onbekend') as aan_het_einde,
        complexiteit.hoogste
    from afgesloten
    left join complexiteit
        on
            afgesloten.casus_id = complexiteit.casus_id
            and afgesloten.periode = complexiteit.periode
),

-- What is of unknown complexity is part of the total; by highest complexity it has no row.
gesplitst as (
    select
        gemeente_code,
        periode,
        dagen,
        'einde' as indeling,
        unnest(['totaal', aan_het_einde]) as uitsplitsing
    from ingedeeld
    union all
    select
        gemeente_code,
        periode,
        dagen,
        'hoogste' as indeling,
        hoogste as uitsplitsing
    from ingedeeld
    where hoogste is not null
),

duren as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        indeling,
        uitsplitsing,
        count(*) as casussen,
        sum(dagen) as dagen,
        {{ kwantiel('dagen', 0.5) }} as mediaan,
        avg(dagen) as gemiddelde,
        {{ kwantiel('dagen', 0.9) }} as p90
    from gesplitst
    group by {{ per_gebied(['indeling', 'uitsplitsing']) }}
)

{% for variant in ['mediaan', 'gemiddelde', 'p90'] %}
    select
        {{ eigen_rij(
            "'A 27'", "'" ~ variant ~ "'", uitsplitsing='uitsplitsing', teller='dagen', noemer='casussen',
            waarde=variant, n='casussen', eenheden='casussen', met_waarde='casussen'
        ) }}
    from duren
    where indeling = 'einde'
    union all
{% endfor %}
select
    {{ eigen_rij(
        "'A 27'", "'mediaan_hoogste'", uitsplitsing='uitsplitsing', teller='dagen', noemer='casussen',
        waarde='mediaan', n='casussen', eenheden='casussen', met_waarde='casussen'
    ) }}
from duren
where indeling = 'hoogste'
