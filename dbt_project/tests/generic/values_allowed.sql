{#- Every column holds only its own values; null passes, columns_filled and contracts see to that. A failing row says
    which column and which value. One test a table instead of one a column: a hundred tests fewer to start. -#}
{% test values_allowed(model, kolommen) %}
    {% for column, allowed in kolommen.items() %}
        select
            '{{ column }}' as kolom,
            {{ column }}::varchar as waarde,
            count(*) as rijen
        from {{ model }}
        where {{ column }}::varchar not in ('{{ allowed | join("', '") }}')
        group by all
        {{ "union all" if not loop.last }}
    {% endfor %}
{% endtest %}
