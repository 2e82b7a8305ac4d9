with

toets as (
    select * from {{ ref('int_trend_toets') }}
),

uitkomst as (
    select
        *,
        case
            when reden is not null then 'niet_te_bepalen'
            when chi2 > {{ trend_grens() }} and is_tekenvast and helling > 0 then 'stijgend'
            when chi2 > {{ trend_grens() }} and is_tekenvast then 'dalend'
            else 'geen_significante_verandering'
        end as trend
    from toets
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    gemeente_code,
    variant,
    van_periode,
    tot_periode,
    n::integer as n,
    methode,
    helling,
    chi2,
    richting,
    trend,
    case
        when trend not in ('stijgend', 'dalend') then null
        when richting = 'neutraal' then 'neutraal'
        when (trend = 'stijgend') = (richting = 'hoger') then 'gunstig'
        else 'ongunstig'
    end as signaal,
    reden
from uitkomst
order by kpi_id, model_versie, uitsplitsing, gemeente_code
