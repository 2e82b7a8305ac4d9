{#- The day of the run in the Netherlands, where a night begins before it does in Greenwich; var batch_dag wins. -#}
{% macro vandaag() -%}
    {%- if run_started_at is defined -%}
        {{- var('batch_dag', run_started_at.astimezone(modules.pytz.timezone('Europe/Amsterdam')).date()) -}}
    {%- else -%}
        {#- A linter reads the SQL without a run. -#}
        1970-01-01
    {%- endif -%}
{%- endmacro %}
