{#- Every value lies between min and max, both included; null passes. -#}
{% test in_range(model, column_name, min=none, max=none) %}
    select {{ column_name }}
    from {{ model }}
    where not (
        coalesce({{ column_name }} >= {{ min if min is not none else column_name }}, true)
        and coalesce({{ column_name }} <= {{ max if max is not none else column_name }}, true)
    )
{% endtest %}
