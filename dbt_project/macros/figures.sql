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


{#- Sample standard deviation, the same in every order of the rows; null below two of them. -#}
{% macro exact_stddev(expression) -%}
    stddev_samp({{ expression }} order by {{ expression }})
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


{#- How the interval of an open figure came about; a figure that is not there, or has one bound only, has none. -#}
{% macro oi_methode(waarde, laag, hoog) -%}
    case
        when {{ waarde }} is not null and {{ laag }} is not null and {{ hoog }} is not null
            then 'gepubliceerd'
        else 'geen'
    end
{%- endmacro %}
