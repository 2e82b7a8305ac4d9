with

int_gemeente as (
    select * from {{ ref('int_gemeente') }}
),

bijzonder_gebied as (
    select * from {{ ref('bijzonder_gebied') }}
),

gemeente_inwoners as (
    select * from {{ ref('int_gemeente_inwoners') }}
),

gemeente_stedelijkheid as (
    select * from {{ ref('int_gemeente_stedelijkheid') }}
),

grootteklasse as (
    select * from {{ ref('grootteklasse') }}
),

profiel as (
    select * from {{ ref('stg_lake__profiel') }}
),

profiel_gemeente as (
    select * from {{ ref('stg_lake__profiel_gemeente') }}
),

keuze as (
    select
        (select any_value(profiel.naam) from profiel) as organisatie_naam,
        (select coalesce(bool_or(profiel.kiest_gemeenten), false) from profiel) as kiest_gemeenten
),

publicatie_indeling as (
    select
        max(indelingsjaar) as indelingsjaar,
        any_value(indeling_bron) as indeling_bron
    from int_gemeente
),

gebieden as (
    select
        gemeente_code,
        gemeente_naam,
        'gemeente' as soort_gebied,
        provincie_code,
        provincie,
        indelingsjaar,
        indeling_bron
    from int_gemeente
    union all
    select
        bijzonder_gebied.gemeente_code,
        case
            when bijzonder_gebied.gemeente_code = {{ organisatie() }}
                then coalesce(keuze.organisatie_naam, bijzonder_gebied.gemeente_naam)
            else bijzonder_gebied.gemeente_naam
        end as gemeente_naam,
        bijzonder_gebied.soort_gebied,
        null as provincie_code,
        null as provincie,
        publicatie_indeling.indelingsjaar,
        publicatie_indeling.indeling_bron
    from bijzonder_gebied
    cross join publicatie_indeling
    cross join keuze
)

select
    gebieden.gemeente_code,
    gebieden.gemeente_naam,
    gebieden.soort_gebied,
    gebieden.soort_gebied <> 'gemeente' or not keuze.kiest_gemeenten or profiel_gemeente.gemeente_code is not null
        as gekozen,
    gebieden.provincie_code,
    gebieden.provincie,
    gebieden.indelingsjaar,
    gebieden.indeling_bron,
    gemeente_inwoners.inwoners,
    case when gemeente_inwoners.inwoners is not null then gemeente_inwoners.inwoners_jaar end as inwoners_jaar,
    case
        when gebieden.soort_gebied = 'gemeente' and gemeente_inwoners.inwoners is null
            then coalesce(gemeente_inwoners.ontbreekt_reden, 'tabel_ontbreekt')
    end as inwoners_reden,
    gemeente_stedelijkheid.stedelijkheid,
    case
        when gemeente_stedelijkheid.stedelijkheid is not null then gemeente_stedelijkheid.stedelijkheid_jaar
    end as stedelijkheid_jaar,
    case
        when gebieden.soort_gebied = 'gemeente' and gemeente_stedelijkheid.stedelijkheid is null
            then coalesce(gemeente_stedelijkheid.ontbreekt_reden, 'tabel_ontbreekt')
    end as stedelijkheid_reden,
    grootteklasse.grootteklasse,
    case
        when gebieden.soort_gebied = 'gemeente' and gemeente_inwoners.inwoners is null
            then coalesce(gemeente_inwoners.ontbreekt_reden, 'tabel_ontbreekt')
    end as grootteklasse_reden
from gebieden
cross join keuze
left join profiel_gemeente
    on gebieden.gemeente_code = profiel_gemeente.gemeente_code
left join gemeente_inwoners
    on gebieden.gemeente_code = gemeente_inwoners.gemeente_code
left join gemeente_stedelijkheid
    on gebieden.gemeente_code = gemeente_stedelijkheid.gemeente_code
left join grootteklasse
    on
        gebieden.soort_gebied = 'gemeente'
        and gemeente_inwoners.inwoners >= grootteklasse.ondergrens
        and coalesce(gemeente_inwoners.inwoners < grootteklasse.bovengrens, true)
order by gebieden.gemeente_code
