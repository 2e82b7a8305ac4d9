{#-
    Share of the largest contributors in an amount, over rows of one contributor each: dominance in disclosure control.
    Of signed amounts the size counts; null when there is no amount at all.
-#}
{% macro aandeel_grootste(bedrag, aantal) -%}
    list_sum(max(abs({{ bedrag }}), {{ aantal }}))::double / nullif(sum(abs({{ bedrag }})), 0)::double
{%- endmacro %}
