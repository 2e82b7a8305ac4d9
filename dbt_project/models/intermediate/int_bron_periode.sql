with

observation as (
    select * from {{ ref('int_observation') }}
),

perioden as (
    select
        bron_id,
        editie,
        periode_code,
        any_value(periode) as periode,
        any_value(jaar) as jaar,
        any_value(periode_soort) as periode_soort,
        max({{ status_rang('obs_status') }}) as status_rang
    from observation
    group by bron_id, editie, periode_code
)

select
    bron_id,
    editie,
    periode_code,
    periode,
    jaar,
    periode_soort,
    -- A source that gives other periods a status leaves this one open: the cautious reading is provisional. One that
    -- gives none (a table without periods, the Leefbaarometer) publishes its figures as they stand.
    case
        when status_rang is not null then status_rang
        when max(status_rang) over (partition by bron_id, editie) is not null then {{ status_rang("'voorlopig'") }}
        else {{ status_rang("'definitief'") }}
    end as status_rang
from perioden
