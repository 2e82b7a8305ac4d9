{#- None of the columns is ever empty; a failing row says which one is. One test a seed instead of one a column: a
    hundred tests fewer to start every night. -#}
{% test columns_filled(model, columns) %}
    {% for column in columns %}
        select
            '{{ column }}' as lege_kolom,
            *
        from {{ model }}
        where {{ column }} is null
        {{ "union all" if not loop.last }}
    {% endfor %}
{% endtest %}
