with

vragenlijst_afname as (
    select * from {{ ref('int_vragenlijst_afname') }}
),

vragenlijst_antwoord as (
    select * from {{ ref('int_vragenlijst_antwoord') }}
),

deelnemer as (
    select * from {{ ref('int_deelnemer') }}
),

interventie as (
    select * from {{ ref('int_interventie') }}
),

periode as (
    select * from {{ ref('int_periode') }}
),

-- A list without an answer that can be scored says nothing about which version is in use.
beantwoord as (
    select distinct afname_id
    from vragenlijst_antwoord
    where oordeel is not null
),

-- Version 10 comes after version 9 and 2024-2 after 2024-1.
in_periode as (
    select
        vragenlijst_afname.*,
        periode.periode,
        beantwoord.afname_id is not null as is_beantwoord,
        try_cast(regexp_extract_all(vragenlijst_afname.versie, '[0-9]+') as bigint[]) as versienummers
    from vragenlijst_afname
    inner join periode
        on {{ in_periode('vragenlijst_afname.datum') }}
    left join beantwoord
        on vragenlijst_afname.afname_id = beantwoord.afname_id
),

met_versie as (
    select
        *,
        first_value(versie) over (
            partition by vragenlijst, periode order by is_beantwoord desc, versienummers desc nulls last, versie desc
        ) as nieuwste_versie
    from in_periode
),

-- Who answers: a participant once, a professional once per client, and each anonymous questionnaire for itself.
met_eenheid as (
    select
        *,
        versie = nieuwste_versie as is_nieuwste_versie,
        case
            when deelnemer_id is null then 'afname ' || afname_id
            when vragenlijst = 'professionals' then deelnemer_id || ' ' || coalesce(professional_id, '')
            else deelnemer_id
        end as eenheid
    from met_versie
),

-- The last list of a respondent counts; when that is one of another version, no earlier one takes its place.
genummerd as (
    select
        *,
        row_number() over (
            partition by vragenlijst, periode, eenheid order by datum desc, afname_id desc
        ) as volgnummer
    from met_eenheid
)

select
    genummerd.afname_id,
    genummerd.vragenlijst,
    genummerd.versie,
    genummerd.periode,
    genummerd.gemeente_code,
    year(genummerd.datum) - deelnemer.geboortejaar as leeftijd,
    deelnemer.huishoudtype,
    lower(trim(interventie.doelgroep)) as doelgroep,
    case
        when genummerd.volgnummer > 1 then 'eerdere_afname'
        when not genummerd.is_nieuwste_versie then 'andere_versie'
    end as uitgesloten_reden
from genummerd
left join deelnemer
    on genummerd.deelnemer_id = deelnemer.deelnemer_id
left join interventie
    on genummerd.interventie_id = interventie.interventie_id
