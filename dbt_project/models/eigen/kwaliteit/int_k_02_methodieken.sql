with

interventie as (
    select * from {{ ref('int_interventie') }}
),

methodiek as (
    select * from {{ ref('int_methodiek') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

in_gebruik as (
    select
        interventie.gemeente_code,
        periode.periode,
        interventie.methodiek,
        -- Recognised in the period: not by a method that nobody described, nor one without a first day.
        coalesce(
            methodiek.erkenning <> 'geen'
            and {{ overlapt('methodiek.erkend_van', 'methodiek.erkend_tot') }},
            false
        ) as is_erkend,
        coalesce(methodiek.erkenning in ('goed_onderbouwd', 'effectief'), false) as is_goed_onderbouwd
    from interventie
    inner join periode
        on {{ overlapt('interventie.startdatum', 'interventie.einddatum') }}
    left join methodiek
        on interventie.methodiek = methodiek.methodiek
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as interventies,
        count(methodiek) as met_methodiek,
        count(*) - count(methodiek) as methodiek_onbekend,
        count(*) filter (where is_erkend) as met_erkende_methodiek,
        count(distinct methodiek) as methodieken,
        count(distinct methodiek) filter (where is_erkend) as erkend,
        count(distinct methodiek) filter (where is_erkend and is_goed_onderbouwd) as goed_onderbouwd
    from in_gebruik
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        {{ json_telling({'methodiek_onbekend': 'methodiek_onbekend'}) }} as uitgesloten
    from geteld
)

{% for variant, teller, noemer in [
    ('percentage', 'erkend', 'methodieken'),
    ('percentage_goed_onderbouwd', 'goed_onderbouwd', 'methodieken'),
    ('percentage_interventies', 'met_erkende_methodiek', 'met_methodiek'),
] %}
    select
        {{ eigen_rij(
            "'K 2'", "'" ~ variant ~ "'", teller=teller, noemer=noemer, n=noemer,
            eenheden='interventies', met_waarde='met_methodiek', uitgesloten='uitgesloten'
        ) }}
    from samengevat
    {{ "union all" if not loop.last }}
{% endfor %}
