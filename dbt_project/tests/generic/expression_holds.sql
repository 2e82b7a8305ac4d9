{#- The expression is true for every row; null counts as untrue. -#}
{% test expression_holds(model, expression, waar="true") %}
    select *
    from {{ model }}
    where ({{ waar }}) and not coalesce({{ expression }}, false)
{% endtest %}
