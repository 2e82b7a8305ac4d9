{#- How the base models of own data place a record: one spelling of the two areas that are no gemeente. -#}

{#- Records whose gemeente is not known; a literal of SQL. -#}
{% macro onbekende_gemeente() -%}
    'GM9999'
{%- endmacro %}


{#- The organisation as a whole; a literal of SQL. -#}
{% macro organisatie() -%}
    'ORG'
{%- endmacro %}


{#- The gemeente of a record on the publication's division: its own code as delivered, after a left join with
int_levering_gemeente; when it has none or one that never existed, the gemeente of what it hangs under; never empty. -#}
{% macro gemeente_van(geleverd, anders=[], indeling='indeling.gemeente_code') -%}
    coalesce(
        {{ indeling }},
        case when {{ geleverd }} = {{ onbekende_gemeente() }} then {{ onbekende_gemeente() }} end,
        {{ (anders + [onbekende_gemeente()]) | join(', ') }}
    )
{%- endmacro %}


{#- Whether a record has a gemeente of its own; unknown on purpose, or for want of one successor, is one too. -#}
{% macro heeft_gemeente(geleverd, indeling='indeling.gemeente_code') -%}
    ({{ indeling }} is not null or coalesce({{ geleverd }} = {{ onbekende_gemeente() }}, false))
{%- endmacro %}
