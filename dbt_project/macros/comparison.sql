{#- The one place where a figure is judged against a benchmark; everything else reads the stored outcome. -#}

{#- Outcome of a 95 % interval [laag, hoog] against a benchmark; without a favourable direction it says which side. -#}
{% macro oordeel(laag, hoog, benchmark, richting) -%}
    case
        when {{ hoog }} < {{ benchmark }}
            then case {{ richting }} when 'hoger' then 'ongunstiger' when 'lager' then 'gunstiger' else 'lager' end
        when {{ laag }} > {{ benchmark }}
            then case {{ richting }} when 'hoger' then 'gunstiger' when 'lager' then 'ongunstiger' else 'hoger' end
        when {{ laag }} <= {{ benchmark }} and {{ hoog }} >= {{ benchmark }} then 'vergelijkbaar'
    end
{%- endmacro %}


{#- Why a figure is not judged, first reason first; null when it is. There is no figure; there is nothing to hold it
against; the two do not belong together; the figure has no uncertainty that a test could use. -#}
{% macro reden_niet_vergeleken() -%}
    case
        when ontbreekt_reden in ('onderdrukt', 'geheim_bron') then 'onderdrukt'
        when vergelijkingswaarde is null then 'geen_waarde'
        when is_zelfde_gebied then 'zelfde_gebied'
        when benchmark_waarde is null then coalesce(benchmark_reden, 'geen_benchmark')
        when status in ('concept', 'onvolledig') then 'concept'
        when breuk then 'breuk'
        when meetwijze = 'register' then 'register'
        when coalesce(meetwijze not in ('enquete', 'model'), true) then 'geen_interval'
        when vergelijking_laag is null or vergelijking_hoog is null then 'geen_interval'
    end
{%- endmacro %}


{#- Median of an ordered list without the element at one place (one past the end: nothing is left out). -#}
{% macro mediaan_zonder(waarden, plaats, aantal) -%}
    (
        list_extract({{ waarden }}, {{ _zonder(aantal ~ ' + 1', plaats) }})
        + list_extract({{ waarden }}, {{ _zonder(aantal ~ ' + 2', plaats) }})
    ) / 2
{%- endmacro %}


{% macro _zonder(dubbele_plaats, plaats) -%}
    (({{ dubbele_plaats }}) // 2 + case when ({{ dubbele_plaats }}) // 2 >= {{ plaats }} then 1 else 0 end)::bigint
{%- endmacro %}
