with

casus as (
    select * from {{ ref('int_casus') }}
),

signaal as (
    select * from {{ ref('int_signaal') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- One row per signal, so that a case is never met twice.
ontvangst as (
    select
        signaal_id,
        min(datum_ontvangen) as datum_ontvangen
    from signaal
    group by signaal_id
),

gestart as (
    select
        casus.gemeente_code,
        periode.periode,
        casus.startdatum - ontvangst.datum_ontvangen as dagen
    from casus
    inner join periode
        on {{ in_periode('casus.startdatum') }}
    left join ontvangst
        on casus.signaal_id = ontvangst.signaal_id
),

-- A wait below zero is a mistake in the registration: it is counted, never averaged in.
gewacht as (
    select
        *,
        case when dagen >= 0 then dagen end as wachttijd
    from gestart
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as casussen,
        count(wachttijd) as met_wachttijd,
        count(*) filter (where dagen is null) as zonder_signaal,
        count(*) filter (where dagen < 0) as negatief,
        coalesce(sum(wachttijd), 0) as dagen,
        {{ kwantiel('wachttijd', 0.5) }} as mediaan,
        {{ kwantiel('wachttijd', 0.9) }} as p90
    from gewacht
    group by {{ per_gebied() }}
),

samengevat as (
    select
        *,
        dagen::double / nullif(met_wachttijd, 0) as gemiddelde,
        {{ json_telling({'zonder_signaal': 'zonder_signaal', 'negatieve_wachttijd': 'negatief'}) }} as uitgesloten
    from geteld
)

{% for variant in ['mediaan', 'gemiddelde', 'p90'] %}
    select
        {{ eigen_rij(
            "'A 4'", "'" ~ variant ~ "'", teller='dagen', noemer='met_wachttijd', waarde=variant, n='met_wachttijd',
            eenheden='casussen', met_waarde='met_wachttijd', uitgesloten='uitgesloten'
        ) }}
    from samengevat
    {{ "union all" if not loop.last }}
{% endfor %}
