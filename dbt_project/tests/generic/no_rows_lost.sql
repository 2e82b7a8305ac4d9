{#- Every key of `van` (as far as `waar` holds there) is in this model too: no filter or join dropped it silently. -#}
{% test no_rows_lost(model, van, columns, waar="true") %}
    select {{ columns | join(', ') }}
    from {{ van }}
    where {{ waar }}
    except
    select {{ columns | join(', ') }}
    from {{ model }}
{% endtest %}
