{%- set jaren = range(1, trend_jaren() | int + 1) -%}

with

punt as (
    select * from {{ ref('int_trend_punt') }}
),

-- A proportion is tested on its counts, and its slope is that of the logit; any other figure weighs by its interval.
gewogen_punt as (
    select
        *,
        case when is_aandeel then noemer else 1 / power((hoog - laag) / (2 * 1.96), 2) end as toets_gewicht,
        case when is_aandeel then telling / noemer else vergelijkingswaarde end as toets_hoogte,
        case when is_aandeel then 1 else 1 / power((hoog - laag) / (2 * 1.96), 2) end as gewicht,
        case when is_aandeel then ln(telling / (noemer - telling)) else vergelijkingswaarde end as hoogte
    from punt
    where reden is null
),

-- Two methods, two units or two ways to test never make one line.
lijnen as (
    select
        kpi_id,
        model_versie,
        uitsplitsing,
        gemeente_code,
        arg_max(variant, jaar) as variant,
        arg_max(richting, jaar) as richting,
        case
            when
                count(distinct variant) filter (where vergelijkingswaarde is not null) > 1
                or count(distinct eenheid) filter (where vergelijkingswaarde is not null) > 1
                or count(distinct is_aandeel) filter (where vergelijkingswaarde is not null) > 1
                then list_position({{ trend_redenen() }}, 'breuk')
            else min(list_position({{ trend_redenen() }}, reden))
        end as reden_rang
    from punt
    group by
        kpi_id,
        model_versie,
        uitsplitsing,
        gemeente_code
),

-- One row per line, so that every sum is made in the order of the years and comes out the same every night.
naast_elkaar as (
    select
        kpi_id,
        model_versie,
        uitsplitsing,
        gemeente_code,
        count(*) as n,
        arg_min(periode, jaar) as van_periode,
        arg_max(periode, jaar) as tot_periode,
        bool_and(is_aandeel) as is_aandeel,
        {% for jaar in jaren -%}
            max(toets_gewicht) filter (where tijdstip = {{ jaar }}) as toets_gewicht_{{ jaar }},
            max(toets_hoogte) filter (where tijdstip = {{ jaar }}) as toets_hoogte_{{ jaar }},
            max(gewicht) filter (where tijdstip = {{ jaar }}) as gewicht_{{ jaar }},
            max(hoogte) filter (where tijdstip = {{ jaar }}) as hoogte_{{ jaar }},
        {% endfor -%}
        max(abs(hoogte)) as grootste_hoogte
    from gewogen_punt
    group by
        kpi_id,
        model_versie,
        uitsplitsing,
        gemeente_code
),

getoetst as (
    select
        lijnen.kpi_id,
        lijnen.model_versie,
        lijnen.uitsplitsing,
        lijnen.gemeente_code,
        lijnen.variant,
        lijnen.richting,
        naast_elkaar.van_periode,
        naast_elkaar.tot_periode,
        coalesce(naast_elkaar.n, 0) as n,
        naast_elkaar.is_aandeel,
        list_extract({{ trend_redenen() }}, lijnen.reden_rang) as reden,
        naast_elkaar.grootste_hoogte,
        {{ trend_helling("hoogte", "gewicht") }} as helling,
        {% for jaar in jaren -%}
            {{ trend_helling("hoogte", "gewicht", zonder=jaar) }} as helling_zonder_{{ jaar }},
        {% endfor -%}
        power({{ trend_samenhang("toets_hoogte", "toets_gewicht") }}, 2)
        / {{ trend_spreiding("toets_gewicht") }}
        / {{ trend_som("toets_gewicht_<jaar>") }} as afwijking,
        {{ trend_som("toets_gewicht_<jaar> * toets_hoogte_<jaar>") }}
        / {{ trend_som("toets_gewicht_<jaar>") }} as gemiddelde
    from lijnen
    left join naast_elkaar
        on
            lijnen.kpi_id = naast_elkaar.kpi_id
            and lijnen.model_versie = naast_elkaar.model_versie
            and lijnen.uitsplitsing = naast_elkaar.uitsplitsing
            and lijnen.gemeente_code = naast_elkaar.gemeente_code
),

-- Cochran-Armitage divides by the variance of a proportion; an interval has that of its figure in the weights already.
met_chi2 as (
    select
        *,
        case when is_aandeel then afwijking / (gemiddelde * (1 - gemiddelde)) else afwijking end as chi2
    from getoetst
)

select
    kpi_id,
    model_versie,
    uitsplitsing,
    gemeente_code,
    variant,
    richting,
    van_periode,
    tot_periode,
    n,
    case when is_aandeel then 'proportie' when not is_aandeel then 'gewogen' end as methode,
    case when reden is null then {{ round_significant("helling") }} end as helling,
    {% for jaar in jaren -%}
        case
            when reden is null then {{ round_significant("helling_zonder_" ~ jaar) }}
        end as helling_zonder_{{ jaar }},
    {% endfor -%}
    case when reden is null then {{ round_significant("chi2") }} end as chi2,
    case
        when reden is null
            then
                {% for jaar in jaren -%}
                    {{ "and " if not loop.first }}{{ trend_teken("helling_zonder_" ~ jaar, "grootste_hoogte") }}
                    = {{ trend_teken("helling", "grootste_hoogte") }}
                {% endfor %}
                and {{ trend_teken("helling", "grootste_hoogte") }} <> 0
    end as is_tekenvast,
    reden
from met_chi2
