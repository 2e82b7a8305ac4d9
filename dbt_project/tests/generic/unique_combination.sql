{#- The named columns together are the key: no two rows alike, none with an empty key column. -#}
{% test unique_combination(model, columns) %}
    select
        {{ columns | join(', ') }},
        count(*) as aantal
    from {{ model }}
    group by all
    having count(*) > 1{% for column in columns %} or {{ column }} is null{% endfor %}
{% endtest %}
