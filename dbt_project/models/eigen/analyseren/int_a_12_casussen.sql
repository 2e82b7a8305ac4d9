with

casus as (
    select * from {{ ref('int_casus') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

in_behandeling as (
    select
        casus.gemeente_code,
        periode.periode,
        casus.deelnemer_id,
        {{ actief_op('casus.startdatum', 'casus.einddatum') }} as is_actief
    from casus
    inner join periode
        on {{ overlapt('casus.startdatum', 'casus.einddatum') }}
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        count(*) as in_behandeling,
        count(*) filter (where is_actief) as stand,
        count(distinct deelnemer_id) as deelnemers,
        count(distinct deelnemer_id) filter (where is_actief) as deelnemers_actief
    from in_behandeling
    group by {{ per_gebied() }}
)

select
    {{ eigen_rij(
        "'A 12'", "'in_behandeling'", teller='in_behandeling', n='deelnemers',
        eenheden='in_behandeling', met_waarde='in_behandeling'
    ) }}
from geteld
{% for variant in ['stand', 'per_10000_inwoners'] %}
    union all
    select
        {{ eigen_rij(
            "'A 12'", "'" ~ variant ~ "'", teller='stand', n='deelnemers_actief', eenheden='stand', met_waarde='stand'
        ) }}
    from geteld
{% endfor %}
