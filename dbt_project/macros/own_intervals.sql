{#- Which interval belongs to an own figure, exact or rounded: one rule for the published and the internal layer. -#}

{#-
    The method, in a query that joins own_kpi and poisson_exact; `cijfer` is the relation with waarde, teller and noemer.
    `spreiding` is the sample standard deviation behind a mean, only known of exact figures.
-#}
{% macro eigen_oi_methode(cijfer, spreiding=none) -%}
    case
        when {{ cijfer }}.waarde is null then 'geen'
        when
            own_kpi.soort_waarde = 'percentage'
            and {{ cijfer }}.noemer > 0
            and {{ cijfer }}.teller between 0 and {{ cijfer }}.noemer
            then 'wilson'
        {% if spreiding %}
            when own_kpi.soort_waarde = 'gemiddelde' and {{ cijfer }}.noemer >= 2 and {{ spreiding }} >= 0 then 't'
        {% endif %}
        when
            own_kpi.soort_waarde <> 'aantal'
            and not (
                own_kpi.soort_waarde = 'verhouding' and own_kpi.noemer_herkomst = 'open' and {{ cijfer }}.noemer > 0
            )
            then 'geen'
        when {{ cijfer }}.teller >= 10 then 'byar'
        when poisson_exact.aantal is not null then 'poisson'
        else 'geen'
    end
{%- endmacro %}


{#- A bound by that method, over oi_methode, factor, teller, noemer, exact_laag and exact_hoog; kant is -1 or 1. -#}
{% macro eigen_oi_grens(kant, met_t=false) -%}
    {%- set poisson -%}
        {{ poisson_laag('teller', 'exact_laag') if kant < 0 else poisson_hoog('teller', 'exact_hoog') }}
    {%- endset -%}
    case
        when oi_methode = 'wilson' then factor * {{ wilson('teller', 'noemer', kant) }}
        {% if met_t %}
            when oi_methode = 't' then {{ student_t('waarde', 'spreiding', 'noemer', 't_975', kant) }}
        {% endif %}
        when oi_methode <> 'geen' and noemer is null then {{ poisson }}
        when oi_methode <> 'geen' then factor * {{ poisson }} / noemer
    end
{%- endmacro %}
