{#-
    The recent trend of the last years of a series: how many years, the bound, the sums of the test, the sign of a slope
    and the order of reasons. One place; int_trend_punt, int_trend_toets and kpi_trend use them.
-#}

{#- Years in the test. -#}
{% macro trend_jaren() -%}
    5
{%- endmacro %}


{#- Chi-square with one degree of freedom at 99.8 %. -#}
{% macro trend_grens() -%}
    9.54953570608324
{%- endmacro %}


{#- Why there is no trend, heaviest first: no line at all, then a year that is held back, then years that are not there,
    then figures that cannot be tested. -#}
{% macro trend_redenen() -%}
    [
        'breuk', 'herindeling', 'onderdrukt', 'geheim_bron', 'concept', 'onvolledig', 'geen_waarde', 'onderbroken',
        'te_weinig_jaren', 'geen_inwoners', 'geen_interval', 'telling_nul', 'telling_is_noemer'
    ]
{%- endmacro %}


{#- The pairs of years of the test, each once; without the year `zonder` when that is named. -#}
{% macro trend_paren(zonder=0) -%}
    {%- set paren = [] -%}
    {%- for later in range(2, trend_jaren() | int + 1) -%}
        {%- for eerder in range(1, later) -%}
            {%- if zonder not in (eerder, later) -%}
                {%- do paren.append((eerder, later)) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(paren) }}
{%- endmacro %}


{#-
    Weighted covariance of height and year, over every pair of years: the same number as
    (sum w)(sum wyt) - (sum wt)(sum wy), without the loss of digits when the weights are large; equal heights give 0.
    The columns are called <hoogte>_1, <gewicht>_1 and so on.
-#}
{% macro trend_samenhang(hoogte, gewicht, zonder=0) -%}
    (
        {% for eerder, later in trend_paren(zonder) -%}
            {{ "+ " if not loop.first }}{{ gewicht }}_{{ eerder }} * {{ gewicht }}_{{ later }} * {{ later - eerder }}
            * ({{ hoogte }}_{{ later }} - {{ hoogte }}_{{ eerder }})
        {% endfor -%}
    )
{%- endmacro %}


{#- Weighted spread of the years: (sum w)(sum wt2) - (sum wt)2. -#}
{% macro trend_spreiding(gewicht, zonder=0) -%}
    (
        {% for eerder, later in trend_paren(zonder) -%}
            {{ "+ " if not loop.first }}{{ gewicht }}_{{ eerder }} * {{ gewicht }}_{{ later }} * {{ (later - eerder) ** 2 }}
        {% endfor -%}
    )
{%- endmacro %}


{% macro trend_helling(hoogte, gewicht, zonder=0) -%}
    {{ trend_samenhang(hoogte, gewicht, zonder) }} / {{ trend_spreiding(gewicht, zonder) }}
{%- endmacro %}


{#- Sum over the years of an expression in which <jaar> stands for the year. -#}
{% macro trend_som(uitdrukking) -%}
    (
        {% for jaar in range(1, trend_jaren() | int + 1) -%}
            {{ "+ " if not loop.first }}{{ uitdrukking | replace("<jaar>", jaar | string) }}
        {% endfor -%}
    )
{%- endmacro %}


{#- What is left of a sum that should be 0 is no direction. -#}
{% macro trend_teken(helling, grootste_hoogte) -%}
    case when abs({{ helling }}) > 1e-12 * {{ grootste_hoogte }} then sign({{ helling }}) else 0 end
{%- endmacro %}
