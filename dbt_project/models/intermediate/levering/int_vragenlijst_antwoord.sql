with

vragenlijst_antwoord as (
    select * from {{ ref('stg_levering__vragenlijst_antwoord') }}
),

vragenlijst_afname as (
    select * from {{ ref('stg_levering__vragenlijst_afname') }}
),

answer_scale as (
    select * from {{ ref('answer_scale') }}
),

-- Capitals and outer spaces make no other answer.
schaal as (
    select distinct
        vragenlijst,
        versie,
        vraagcode,
        lower(trim(antwoord)) as antwoord,
        oordeel
    from answer_scale
)

select
    vragenlijst_antwoord.afname_id,
    vragenlijst_antwoord.vraagcode,
    vragenlijst_antwoord.antwoord,
    vragenlijst_afname.vragenlijst,
    vragenlijst_afname.versie,
    schaal.oordeel
from vragenlijst_antwoord
inner join vragenlijst_afname
    on vragenlijst_antwoord.afname_id = vragenlijst_afname.afname_id
left join schaal
    on
        vragenlijst_afname.vragenlijst = schaal.vragenlijst
        and vragenlijst_afname.versie = schaal.versie
        and vragenlijst_antwoord.vraagcode = schaal.vraagcode
        and lower(trim(vragenlijst_antwoord.antwoord)) = schaal.antwoord
