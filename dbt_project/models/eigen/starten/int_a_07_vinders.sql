with

signaal as (
    select * from {{ ref('int_signaal') }}
    where herkomst = 'reactief'
),

deelnemer as (
    select * from {{ ref('int_deelnemer') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

in_periode as (
    select
        signaal.gemeente_code,
        periode.periode,
        signaal.deelnemer_id
    from signaal
    inner join periode
        on {{ in_periode('signaal.datum_ontvangen') }}
),

-- One row per person and area; contacts without a person stay together in a row of their own.
per_deelnemer as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        deelnemer_id,
        count(*) as signalen
    from in_periode
    group by {{ per_gebied(['deelnemer_id']) }}
),

omvang as (
    select
        per_deelnemer.*,
        coalesce(deelnemer.aantal_personen, 1) as aantal_personen
    from per_deelnemer
    left join deelnemer
        on per_deelnemer.deelnemer_id = deelnemer.deelnemer_id
),

geteld as (
    select
        gemeente_code,
        periode,
        sum(signalen) as signalen,
        coalesce(sum(signalen) filter (where deelnemer_id is not null), 0) as signalen_bekend,
        coalesce(sum(signalen) filter (where deelnemer_id is null), 0) as anoniem,
        count(deelnemer_id) as deelnemers,
        coalesce(sum(aantal_personen) filter (where deelnemer_id is not null), 0) as personen
    from omvang
    group by gemeente_code, periode
),

samengevat as (
    select
        *,
        {{ json_telling({'anoniem': 'anoniem'}) }} as uitgesloten
    from geteld
)

{% for variant in ['personen', 'per_1000_inwoners'] %}
    select
        {{ eigen_rij(
            "'A 7'", "'" ~ variant ~ "'", teller='personen', n='deelnemers',
            eenheden='signalen', met_waarde='signalen_bekend', uitgesloten='uitgesloten'
        ) }}
    from samengevat
    {{ "union all" if not loop.last }}
{% endfor %}
