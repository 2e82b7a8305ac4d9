{% set gevraagd = env_var('IMPACT_KPI_BATCH', '') == 'nieuw' %}
{% set herbouw = env_var('IMPACT_KPI_BATCH', '') == 'herbouw' %}

with

levering as (
    select * from {{ ref('int_levering') }}
),

editie as (
    select * from {{ ref('stg_lake__edition') }}
    where bron_id = 'levering'
),

beschermd as (
    select * from {{ ref('stg_lake__beschermd') }}
),

parameter as (
    select * from {{ ref('disclosure_parameter') }}
    where parameter = 'publicatie_ritme'
),

stand as (
    select
        '{{ vandaag() }}'::date as vandaag,
        (select count(*) from levering) > 0 as is_geleverd,
        (select max(editie.editie) from editie) as levering_editie,
        (select max(beschermd.batch_id) from beschermd) as vorige_id,
        (select max(beschermd.batch_datum) from beschermd) as vorige_datum,
        (select case parameter.waarde when 'maand' then 'month' when 'kwartaal' then 'quarter' end from parameter)
            as ritme
),

besluit as (
    select
        *,
        case
            -- What was published stays what it was, however old.
            when {{ 'true' if herbouw else 'false' }} then 'herbouw'
            when not is_geleverd then 'niets_geleverd'
            when {{ 'true' if gevraagd else 'false' }} then 'gevraagd'
            when vorige_id is null then 'eerste'
            when date_trunc(ritme, vorige_datum) < date_trunc(ritme, vandaag) then 'nieuwe_periode'
            else 'nog_niet'
        end as reden
    from stand
),

genoemd as (
    select
        *,
        reden in ('gevraagd', 'eerste', 'nieuwe_periode') as is_nieuw,
        strftime(vandaag, '%Y-%m-%d') || coalesce('-' || levering_editie, '') as naam
    from besluit
)

select
    is_nieuw,
    case
        when not is_nieuw then vorige_id
        -- Asked for twice on a day: another batch, with another name.
        when vorige_id = naam then naam || '-2'
        when starts_with(vorige_id, naam || '-')
            then naam || '-' || (coalesce(try_cast(split_part(vorige_id, naam || '-', 2) as integer), 1) + 1)
        else naam
    end as batch_id,
    case when is_nieuw then vandaag else vorige_datum end as batch_datum,
    case when is_nieuw then levering_editie end as levering_editie,
    vandaag as dag,
    reden
from genoemd
