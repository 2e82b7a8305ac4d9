{#- How a served region and period code become the gemeente_code and periode of the mart. -#}

{#- Tables call the country NL00 or NL01; everything else keeps its own code. -#}
{% macro gemeente_code(column) -%}
    case when trim({{ column }}) like 'NL%' then '{{ var("land_code") }}' else trim({{ column }}) end
{%- endmacro %}


{#- Only the country and gemeenten have figures in the mart: no provinces, police units or regions. -#}
{% macro is_land_of_gemeente(column) -%}
    regexp_full_match(trim({{ column }}), '(NL|GM)[0-9]+')
{%- endmacro %}


{#- '' for a table without periods, so that joins need no null-safe comparison. -#}
{% macro periode_code(column) -%}
    coalesce(trim({{ column }}), '')
{%- endmacro %}


{% macro periode_jaar(column) -%}
    try_cast(left(trim({{ column }}), 4) as integer)
{%- endmacro %}


{% macro periode_soort(column) -%}
    case substring(trim({{ column }}), 5, 2)
        when 'JJ' then 'jaar'
        when 'SJ' then 'schooljaar'
        when 'KW' then 'kwartaal'
        when 'HJ' then 'halfjaar'
        when 'MM' then 'maand'
        else 'overig'
    end
{%- endmacro %}


{#- '2024', '2023/24', '2024-Q1', '2024-H1', '2024-12'. -#}
{% macro periode_label(column) -%}
    case substring(trim({{ column }}), 5, 2)
        when 'JJ' then left(trim({{ column }}), 4)
        when 'SJ' then left(trim({{ column }}), 4) || '/' || right(({{ periode_jaar(column) }} + 1)::varchar, 2)
        when 'KW' then left(trim({{ column }}), 4) || '-Q' || right(trim({{ column }}), 1)
        when 'HJ' then left(trim({{ column }}), 4) || '-H' || right(trim({{ column }}), 1)
        when 'MM' then left(trim({{ column }}), 4) || '-' || right(trim({{ column }}), 2)
        else coalesce(trim({{ column }}), '')
    end
{%- endmacro %}
