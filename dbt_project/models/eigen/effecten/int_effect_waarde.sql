with

respondent as (
    select * from {{ ref('int_effect_respondent') }}
),

antwoord_per_indicator as (
    select * from {{ ref('int_effect_antwoord') }}
),

vragenlijst_antwoord as (
    select * from {{ ref('int_vragenlijst_antwoord') }}
),

indicator as (
    select * from {{ ref('int_effect_indicator') }}
),

effect_question as (
    select * from {{ ref('effect_question') }}
),

kpi_register as (
    select * from {{ ref('kpi_register') }}
    where geldend
),

-- leeftijd_18_28_65: younger than 18, 18-27, 28-64, 65 and older.
ondergrenzen as (
    select distinct
        splits,
        unnest([0] || regexp_extract_all(splits, '[0-9]+')::integer[]) as ondergrens
    from indicator
    where starts_with(splits, 'leeftijd')
),

grenzen as (
    select
        splits,
        ondergrens,
        lead(ondergrens) over (partition by splits order by ondergrens) as bovengrens
    from ondergrenzen
),

leeftijdsklassen as (
    select
        splits,
        ondergrens,
        bovengrens,
        case
            when ondergrens = 0 then 'jonger dan ' || bovengrens
            when bovengrens is null then ondergrens || '+'
            else ondergrens || '-' || (bovengrens - 1)
        end as klasse
    from grenzen
),

-- Ages between which no class begins make no difference.
leeftijdsgroepen as (
    select
        leeftijden.leeftijd,
        max(ondergrenzen.ondergrens) as leeftijd_vanaf
    from (select distinct leeftijd from respondent) as leeftijden
    inner join ondergrenzen
        on leeftijden.leeftijd >= ondergrenzen.ondergrens
    group by leeftijden.leeftijd
),

gegroepeerd as (
    select
        respondent.*,
        leeftijdsgroepen.leeftijd_vanaf
    from respondent
    left join leeftijdsgroepen
        on respondent.leeftijd = leeftijdsgroepen.leeftijd
),

gebruikt as (
    select * from gegroepeerd
    where uitgesloten_reden is null
),

-- What is published of an indicator: the figure itself and, where it has several questions, each question.
onderdeel as (
    select
        indicator_id,
        vragenlijst,
        'totaal' as onderdeel
    from indicator
    union all
    select
        indicator.indicator_id,
        indicator.vragenlijst,
        'vraag ' || effect_question.vraagcode as onderdeel
    from indicator
    inner join effect_question
        on
            indicator.indicator_id = effect_question.indicator_id
            and effect_question.deel is not null
),

-- People are counted together as early as the splits allow: a handful of groups instead of every questionnaire.
groepen as (
    select
        vragenlijst,
        gemeente_code,
        periode,
        leeftijd_vanaf,
        huishoudtype,
        doelgroep,
        count(*) filter (where uitgesloten_reden is null) as respondenten,
        count(*) filter (where uitgesloten_reden = 'eerdere_afname') as eerdere_afnames,
        count(*) filter (where uitgesloten_reden = 'andere_versie') as andere_versies
    from gegroepeerd
    group by all
),

aanwezig as (
    select
        onderdeel.indicator_id,
        onderdeel.onderdeel,
        groepen.gemeente_code,
        groepen.periode,
        groepen.leeftijd_vanaf,
        groepen.huishoudtype,
        groepen.doelgroep,
        groepen.respondenten,
        groepen.eerdere_afnames,
        groepen.andere_versies,
        0 as geldig,
        0 as nvt,
        0 as score
    from groepen
    inner join onderdeel
        on groepen.vragenlijst = onderdeel.vragenlijst
),

antwoord_totaal as (
    select
        antwoord_per_indicator.indicator_id,
        'totaal' as onderdeel,
        gebruikt.gemeente_code,
        gebruikt.periode,
        gebruikt.leeftijd_vanaf,
        gebruikt.huishoudtype,
        gebruikt.doelgroep,
        0 as respondenten,
        0 as eerdere_afnames,
        0 as andere_versies,
        count(*) filter (where antwoord_per_indicator.is_geldig) as geldig,
        count(*) filter (where antwoord_per_indicator.is_nvt) as nvt,
        coalesce({{ exact_sum('antwoord_per_indicator.score') }}, 0) as score
    from gebruikt
    inner join antwoord_per_indicator
        on gebruikt.afname_id = antwoord_per_indicator.afname_id
    group by all
),

per_vraag as (
    select
        vragenlijst_antwoord.vraagcode,
        gebruikt.vragenlijst,
        gebruikt.gemeente_code,
        gebruikt.periode,
        gebruikt.leeftijd_vanaf,
        gebruikt.huishoudtype,
        gebruikt.doelgroep,
        count(*) filter (where vragenlijst_antwoord.oordeel in ('positief', 'niet_positief')) as geldig,
        count(*) filter (where vragenlijst_antwoord.oordeel = 'nvt') as nvt,
        count(*) filter (where vragenlijst_antwoord.oordeel = 'positief') as score
    from gebruikt
    inner join vragenlijst_antwoord
        on gebruikt.afname_id = vragenlijst_antwoord.afname_id
    group by all
),

antwoord_deel as (
    select
        onderdeel.indicator_id,
        onderdeel.onderdeel,
        per_vraag.gemeente_code,
        per_vraag.periode,
        per_vraag.leeftijd_vanaf,
        per_vraag.huishoudtype,
        per_vraag.doelgroep,
        0 as respondenten,
        0 as eerdere_afnames,
        0 as andere_versies,
        per_vraag.geldig,
        per_vraag.nvt,
        per_vraag.score
    from per_vraag
    inner join onderdeel
        on
            per_vraag.vragenlijst = onderdeel.vragenlijst
            and 'vraag ' || per_vraag.vraagcode = onderdeel.onderdeel
),

samengebracht as (
    select * from aanwezig
    union all by name
    select * from antwoord_totaal
    union all by name
    select * from antwoord_deel
),

-- Whom the indicator is about; null when that is not known of a respondent.
met_populatie as (
    select
        samengebracht.*,
        indicator.variant,
        indicator.splits,
        case when indicator.is_alleen_alleenstaand then samengebracht.huishoudtype = 'alleenstaand' else true end
            as past_huishouden,
        case
            when indicator.doelgroepen is not null
                then list_contains(indicator.doelgroepen, samengebracht.doelgroep)
            else true
        end as past_doelgroep
    from samengebracht
    inner join indicator
        on samengebracht.indicator_id = indicator.indicator_id
),

met_klasse as (
    select
        met_populatie.*,
        case
            when met_populatie.onderdeel <> 'totaal' then null
            when starts_with(met_populatie.splits, 'leeftijd')
                then coalesce(leeftijdsklassen.klasse, 'leeftijd onbekend')
            when met_populatie.splits = 'huishouden'
                then coalesce(met_populatie.huishoudtype, 'huishouden onbekend')
        end as klasse
    from met_populatie
    left join leeftijdsklassen
        on
            met_populatie.splits = leeftijdsklassen.splits
            and met_populatie.leeftijd_vanaf >= leeftijdsklassen.ondergrens
            and (leeftijdsklassen.bovengrens is null or met_populatie.leeftijd_vanaf < leeftijdsklassen.bovengrens)
),

uitgesplitst as (
    select
        *,
        past_huishouden and past_doelgroep as telt_mee,
        unnest(case when klasse is null then [onderdeel] else [onderdeel, klasse] end) as uitsplitsing
    from met_klasse
),

geteld as (
    select
        {{ gebied() }} as gemeente_code,
        periode,
        indicator_id,
        variant,
        uitsplitsing,
        coalesce(sum(respondenten) filter (where telt_mee), 0) as respondenten,
        coalesce(sum(geldig) filter (where telt_mee), 0) as geldig,
        coalesce(sum(nvt) filter (where telt_mee), 0) as nvt,
        coalesce(sum(score) filter (where telt_mee), 0) as positief,
        coalesce(sum(eerdere_afnames) filter (where telt_mee), 0) as eerdere_afnames,
        coalesce(sum(andere_versies) filter (where telt_mee), 0) as andere_versies,
        coalesce(sum(respondenten) filter (where past_huishouden is null), 0) as huishouden_onbekend,
        coalesce(sum(respondenten) filter (where past_doelgroep is null), 0) as doelgroep_onbekend
    from uitgesplitst
    group by {{ per_gebied(['indicator_id', 'variant', 'uitsplitsing']) }}
),

samengevat as (
    select
        *,
        respondenten - geldig - nvt as niet_beantwoord
    from geteld
),

met_uitgesloten as (
    select
        *,
        {{ json_telling({
            'nvt': 'nvt',
            'niet_beantwoord': 'niet_beantwoord',
            'eerdere_afname': 'eerdere_afnames',
            'andere_versie': 'andere_versies',
            'huishouden_onbekend': 'huishouden_onbekend',
            'doelgroep_onbekend': 'doelgroep_onbekend',
        }) }} as uitgesloten
    from samengevat
),

-- The same figure under another id where the model names it twice.
namen as (
    select
        indicator_id as kpi_id,
        indicator_id
    from indicator
    union all
    select
        kpi_register.kpi_id,
        kpi_register.alias_van as indicator_id
    from kpi_register
    inner join indicator
        on kpi_register.alias_van = indicator.indicator_id
),

cijfers as (
    select
        namen.kpi_id,
        met_uitgesloten.*
    from met_uitgesloten
    inner join namen
        on met_uitgesloten.indicator_id = namen.indicator_id
)

select
    {{ eigen_rij(
        'kpi_id', 'variant', uitsplitsing='uitsplitsing', teller='positief', noemer='geldig', n='geldig',
        eenheden='respondenten', met_waarde='geldig', uitgesloten='uitgesloten'
    ) }}
from cijfers
where respondenten + eerdere_afnames + andere_versies + huishouden_onbekend + doelgroep_onbekend > 0
