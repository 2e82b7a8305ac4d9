{#-
    Intervals of figures that are counted here: one place for every model. A combination that cannot be (more cases than
    units, nobody at all, a negative count) has no interval, so null. `kant` is -1 for the lower and 1 for the upper limit.
-#}

{#- z of a 95 % interval. -#}
{% macro z_95() -%}
    1.959963984540054
{%- endmacro %}


{#- z of a 99.8 % interval. -#}
{% macro z_998() -%}
    3.090232306167813
{%- endmacro %}


{#- Wilson's limit of a proportion, as a share of 1 (Wilson 1927). -#}
{% macro wilson(teller, noemer, kant, z=none) -%}
    {%- set z = z or z_95() -%}
    case
        when {{ noemer }} > 0 and {{ teller }} between 0 and {{ noemer }}
            then
                (
                    2 * {{ teller }} + {{ z }} * {{ z }}
                    + {{ kant }} * {{ z }} * sqrt(
                        {{ z }} * {{ z }} + 4 * {{ teller }} * (1 - {{ teller }} / {{ noemer }})
                    )
                ) / (2 * ({{ noemer }} + {{ z }} * {{ z }}))
    end
{%- endmacro %}


{#- Limit of a control chart around an expected share, for a group of this size: within it a figure is chance. -#}
{% macro spc(aandeel, noemer, kant, z=none) -%}
    {{ wilson("(" ~ aandeel ~ " * " ~ noemer ~ ")", noemer, kant, z) }}
{%- endmacro %}


{#- Byar's limits of a count of ten or more (Breslow and Day 1987); see poisson_laag for a smaller one. -#}
{% macro byar_laag(aantal, z=none) -%}
    case
        when {{ aantal }} >= 10
            then
                {{ aantal }}
                * power(1 - 1 / (9 * {{ aantal }}) - {{ z or z_95() }} / (3 * sqrt({{ aantal }})), 3)
    end
{%- endmacro %}


{% macro byar_hoog(aantal, z=none) -%}
    case
        when {{ aantal }} >= 10
            then
                ({{ aantal }} + 1)
                * power(1 - 1 / (9 * ({{ aantal }} + 1)) + {{ z or z_95() }} / (3 * sqrt({{ aantal }} + 1)), 3)
    end
{%- endmacro %}


{#-
    Limits of any count: Byar's from ten on, below that the exact ones (Armitage and Berry 2002). `exact` is the column of
    seed poisson_exact, left joined on its aantal: nothing joins what is no whole number of 0 or more, and so it is null.
-#}
{% macro poisson_laag(aantal, exact, z=none) -%}
    coalesce({{ byar_laag(aantal, z) }}, {{ exact }})
{%- endmacro %}


{% macro poisson_hoog(aantal, exact, z=none) -%}
    coalesce({{ byar_hoog(aantal, z) }}, {{ exact }})
{%- endmacro %}


{#-
    Student's 95 % limit of a mean over n measurements with this standard deviation. `t` is t_975 of seed t_quantile, left
    joined on df = n - 1; beyond its last row the normal distribution is near enough.
-#}
{% macro student_t(gemiddelde, spreiding, n, t, kant) -%}
    case
        when {{ n }} >= 2 and {{ spreiding }} >= 0
            then {{ gemiddelde }} + {{ kant }} * coalesce({{ t }}, {{ z_95() }}) * {{ spreiding }} / sqrt({{ n }})
    end
{%- endmacro %}
