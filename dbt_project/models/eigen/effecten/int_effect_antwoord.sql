with

vragenlijst_antwoord as (
    select * from {{ ref('int_vragenlijst_antwoord') }}
),

effect_question as (
    select * from {{ ref('effect_question') }}
),

indicator as (
    select * from {{ ref('int_effect_indicator') }}
),

-- Parts are numbered in the order of the questions; a single question has no parts.
vraag as (
    select
        indicator_id,
        vragenlijst,
        vraagcode,
        row_number() over (partition by indicator_id order by max(deel), vraagcode) = 1 as is_eerste
    from effect_question
    group by indicator_id, vragenlijst, vraagcode
),

-- n.v.t. is an answer, but says neither yes nor no.
geteld as (
    select
        antwoord.afname_id,
        indicator.indicator_id,
        indicator.regel,
        count(*) filter (where antwoord.oordeel in ('positief', 'niet_positief')) as geldig,
        count(*) filter (where antwoord.oordeel = 'positief') as positief,
        count(*) filter (where antwoord.oordeel = 'nvt') as nvt,
        count(*) filter (
            where vraag.is_eerste and antwoord.oordeel in ('positief', 'niet_positief')
        ) as eerste_geldig,
        count(*) filter (where vraag.is_eerste and antwoord.oordeel = 'positief') as eerste_positief,
        count(*) filter (where vraag.is_eerste and antwoord.oordeel = 'nvt') as eerste_nvt
    from vragenlijst_antwoord as antwoord
    inner join vraag
        on
            antwoord.vragenlijst = vraag.vragenlijst
            and antwoord.vraagcode = vraag.vraagcode
    inner join indicator
        on vraag.indicator_id = indicator.indicator_id
    group by antwoord.afname_id, indicator.indicator_id, indicator.regel
),

naar_regel as (
    select
        afname_id,
        indicator_id,
        regel,
        positief,
        case when regel = 'eerste_vraag' then eerste_geldig else geldig end as geldig,
        case when regel = 'eerste_vraag' then eerste_nvt else nvt end as nvt,
        case regel
            when 'minstens_een' then (positief > 0)::integer
            when 'alle' then (positief = geldig)::integer
            when 'gemiddelde_van_items' then positief / nullif(geldig, 0)
            when 'eerste_vraag' then eerste_positief
        end::double as score
    from geteld
)

select
    afname_id,
    indicator_id,
    geldig > 0 as is_geldig,
    geldig = 0 and nvt > 0 as is_nvt,
    case when geldig > 0 then score end as score
from naar_regel
