{#- Exactly `aantal` rows meet `waar`. -#}
{% test row_count_is(model, aantal, waar="true") %}
    select count(*) as gevonden
    from {{ model }}
    where {{ waar }}
    having count(*) <> {{ aantal }}
{% endtest %}
