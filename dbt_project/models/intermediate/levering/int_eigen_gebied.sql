with

{% set plaatsbepalend = [
    'medewerker_inzet',
    'signaal',
    'capaciteit',
    'casus',
    'interventie',
    'urenregistratie',
    'partnerbeoordeling',
    'budget',
    'tevredenheid',
    'adminopdracht',
    'vragenlijst_afname',
] -%}

levering as (
    select * from {{ ref('int_levering') }}
),

-- The home gemeente of a participant places nothing; rows under a case or an intervention lie where that lies.
records as (
    {% for tabel in plaatsbepalend %}
        select distinct gemeente_code from {{ ref('int_' ~ tabel) }}
        {{ "union" if not loop.last }}
    {% endfor %}
)

select gemeente_code from records
union all
select {{ organisatie() }} as gemeente_code from levering
