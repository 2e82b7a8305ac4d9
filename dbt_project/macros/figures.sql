{#- The arithmetic of figures: one place, used for the source's own division and for the publication's. -#}

{#- Nine significant digits: sums over two threads differ in the last bits; every night would look like a revision. -#}
{% macro round_significant(column) -%}
    case
        when {{ column }} is null or {{ column }} = 0 then {{ column }}
        else round({{ column }}, 8 - floor(log10(abs({{ column }})))::integer)
    end
{%- endmacro %}


{#- Decimals add up the same in every order; doubles do not. -#}
{% macro exact_sum(expression) -%}
    sum(({{ expression }})::decimal(38, 12))::double
{%- endmacro %}


{% macro ratio(teller, noemer, factor) -%}
    case when {{ noemer }} <> 0 then {{ factor }} * {{ teller }} / {{ noemer }} end
{%- endmacro %}


{#- Why a ratio has no value; null when it has one. -#}
{% macro ratio_reden(teller, teller_reden, noemer) -%}
    case
        when {{ teller }} is null then {{ teller_reden }}
        when {{ noemer }} is null then 'noemer_ontbreekt'
        when {{ noemer }} = 0 then 'noemer_nul'
    end
{%- endmacro %}


{#- A figure made of parts is as final as its least final part: higher is less final. -#}
{% macro status_rang(column) -%}
    case {{ column }} when 'definitief' then 1 when 'nader_voorlopig' then 2 when 'voorlopig' then 3 end
{%- endmacro %}


{% macro status_naam(column) -%}
    case {{ column }} when 1 then 'definitief' when 2 then 'nader_voorlopig' when 3 then 'voorlopig' end
{%- endmacro %}


{#- Of several missing parts, a secret cell says more than a row that is not there. -#}
{% macro zwaarste_reden(column) -%}
    case
        when bool_or({{ column }} = 'geheim_bron') then 'geheim_bron'
        else coalesce(min({{ column }}), 'niet_gepubliceerd')
    end
{%- endmacro %}


{#- The year of the municipal division asked for; null for the newest one there is. -#}
{% macro gewenst_indelingsjaar() -%}
    try_cast('{{ env_var("IMPACT_KPI_INDELINGSJAAR", "") }}' as integer)
{%- endmacro %}


{#- z of a 95 % interval. -#}
{% macro z_95() -%}
    1.959963984540054
{%- endmacro %}


{#- Wilson's bound of a proportion, as a share of 1 (Wilson 1927); kant is -1 for the lower and 1 for the upper one. -#}
{% macro wilson(teller, noemer, kant) -%}
    case
        when {{ noemer }} > 0 and {{ teller }} between 0 and {{ noemer }}
            then
                (
                    2 * {{ teller }} + {{ z_95() }} * {{ z_95() }}
                    + {{ kant }} * {{ z_95() }} * sqrt(
                        {{ z_95() }} * {{ z_95() }} + 4 * {{ teller }} * (1 - {{ teller }} / {{ noemer }})
                    )
                ) / (2 * ({{ noemer }} + {{ z_95() }} * {{ z_95() }}))
    end
{%- endmacro %}


{#- Byar's bounds of a count of ten or more (Breslow and Day 1987); a smaller one needs the exact Poisson bounds. -#}
{% macro byar_laag(aantal) -%}
    case
        when {{ aantal }} >= 10
            then
                {{ aantal }}
                * power(1 - 1 / (9 * {{ aantal }}) - {{ z_95() }} / (3 * sqrt({{ aantal }})), 3)
    end
{%- endmacro %}


{% macro byar_hoog(aantal) -%}
    case
        when {{ aantal }} >= 10
            then
                ({{ aantal }} + 1)
                * power(1 - 1 / (9 * ({{ aantal }} + 1)) + {{ z_95() }} / (3 * sqrt({{ aantal }} + 1)), 3)
    end
{%- endmacro %}
