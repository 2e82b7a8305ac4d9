{{ config(materialized='view') }}

with

effect_question as (
    select * from {{ ref('effect_question') }}
),

effect_rule as (
    select * from {{ ref('effect_rule') }}
),

kpi_register as (
    select * from {{ ref('kpi_register') }}
    where geldend
),

levering_kolom as (
    select * from {{ ref('stg_levering__levering_kolom') }}
),

indicator as (
    select
        indicator_id,
        vragenlijst,
        max(splits) as splits
    from effect_question
    group by indicator_id, vragenlijst
),

standaard as (
    select regel from effect_rule
    where indicator_id = 'standaard'
),

doelgroep_geleverd as (
    select count(*) > 0 as is_geleverd
    from levering_kolom
    where tabel = 'interventie' and kolom = 'doelgroep' and geleverd
),

-- An indicator that repeats another one is not computed twice.
berekend as (
    select indicator.*
    from indicator
    inner join kpi_register
        on indicator.indicator_id = kpi_register.kpi_id
    where kpi_register.alias_van is null
)

select
    berekend.indicator_id,
    berekend.vragenlijst,
    coalesce(effect_rule.regel, standaard.regel) as regel,
    -- A professional is asked one question per leefgebied: there is nothing to combine.
    case
        when berekend.vragenlijst = 'professionals' then 'percentage'
        else coalesce(effect_rule.regel, standaard.regel)
    end as variant,
    berekend.splits,
    coalesce(berekend.splits = 'huishouden_alleenstaand', false) as is_alleen_alleenstaand,
    -- Where the organisation does not deliver target groups, the indicator is about everybody.
    case
        when doelgroep_geleverd.is_geleverd then string_split(effect_rule.doelgroepen, '|')
    end as doelgroepen
from berekend
cross join standaard
cross join doelgroep_geleverd
left join effect_rule
    on berekend.indicator_id = effect_rule.indicator_id
