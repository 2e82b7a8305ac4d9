{#-
    Counting rules of the organisation's own figures: one place for every KPI model in models/eigen.
    `periode` is the alias of int_periode in the query that uses them; d is the last day that a period can be known of.
-#}

{#- An event falls in a period. -#}
{% macro in_periode(datum, periode="periode") -%}
    {{ datum }} between {{ periode }}.van and {{ periode }}.d
{%- endmacro %}


{#- In treatment at some time in a period; the end date itself still counts. -#}
{% macro overlapt(start, eind, periode="periode") -%}
    {{ start }} <= {{ periode }}.d and ({{ eind }} is null or {{ eind }} >= {{ periode }}.van)
{%- endmacro %}


{#- In stock on a day; an end date is the first day no longer active. -#}
{% macro actief_op(start, eind, dag="periode.d") -%}
    {{ start }} <= {{ dag }} and ({{ eind }} is null or {{ eind }} > {{ dag }})
{%- endmacro %}


{#- Every gemeente and, counted anew from the same rows, the organisation; `extra` are columns that both keep. -#}
{% macro per_gebied(extra=[]) -%}
    {%- set vast = (["periode"] + extra) | join(", ") -%}
    grouping sets ((gemeente_code, {{ vast }}), ({{ vast }}))
{%- endmacro %}


{#- Name of the area of a row that is grouped with per_gebied. -#}
{% macro gebied(column="gemeente_code") -%}
    coalesce({{ column }}, {{ organisatie() }})
{%- endmacro %}


{#- Median or another quantile, linear between two order statistics. -#}
{% macro kwantiel(column, deel) -%}
    quantile_cont(({{ column }})::double, {{ deel }})
{%- endmacro %}


{#- Numbers left out, per reason: a dict of reason to column, written as JSON without the reasons that do not occur. -#}
{% macro json_telling(redenen) -%}
    '{' || concat_ws(
        ','{% for reden, aantal in redenen.items() %},
        case when {{ aantal }} > 0 then '"{{ reden }}":' || ({{ aantal }})::bigint end{% endfor %}
    ) || '}'
{%- endmacro %}


{#- The names of the figures that a request of this complexity is in: of highly complex cases '', of all '_alle'. -#}
{% macro hoog_en_alle(complexiteit) -%}
    unnest(case when {{ complexiteit }} = 'laag' then ['_alle'] else ['', '_alle'] end)
{%- endmacro %}


{#-
    The columns of every KPI model, in order: expressions over a relation with gemeente_code and periode.
    waarde only where it is not factor * teller / noemer; n counts the units that disclosure control asks for; spreiding is
    the sample standard deviation of the values that a mean is made of.
-#}
{% macro eigen_rij(
    kpi_id, variant, teller, n, eenheden, met_waarde, uitsplitsing="'totaal'", noemer="null", waarde="null",
    uitgesloten="'{}'", grootste="null", grootste_twee="null", spreiding="null", voorlopig="false", reden="null"
) -%}
    ({{ kpi_id }})::varchar as kpi_id,
    ({{ variant }})::varchar as variant,
    ({{ uitsplitsing }})::varchar as uitsplitsing,
    gemeente_code::varchar as gemeente_code,
    periode::varchar as periode,
    ({{ teller }})::double as teller,
    ({{ noemer }})::double as noemer,
    ({{ waarde }})::double as waarde,
    ({{ n }})::bigint as n,
    ({{ eenheden }})::bigint as eenheden,
    ({{ met_waarde }})::bigint as eenheden_met_waarde,
    ({{ uitgesloten }})::varchar as uitgesloten,
    ({{ grootste }})::double as grootste,
    ({{ grootste_twee }})::double as grootste_twee,
    ({{ spreiding }})::double as spreiding,
    ({{ voorlopig }})::boolean as voorlopig,
    ({{ reden }})::varchar as reden
{%- endmacro %}
