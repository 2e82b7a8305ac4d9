{#- Makes the views through which dbt meets the lake, on exactly the editions that the pins file names.

One build thus sees one consistent set of editions, also while a download moves a pointer. Types are written
out everywhere: DuckDB's inference turns a column that is null for long into nulls for good. A family without an
edition becomes an empty, typed view, so that the rest of the mart builds. -#}
{% macro make_raw_views() %}
    {% if execute %}
        {{ _raw_views(env_var('IMPACT_KPI_PINS', '')) }}
    {% endif %}
{% endmacro %}


{% macro _raw_views(pins) %}
    {% set editions = _pinned_editions(pins) %}
    create schema if not exists raw;
    {% for family in ['cbs', 'rivm', 'politie', 'leefbaarometer', 'handmatig'] %}
        create or replace view raw.observation_{{ family }} as {{ _observation_query(editions, family) }};
    {% endfor %}
    create or replace view raw.series_selection as {{ _selection_query(editions) }};
    create or replace view raw.gemeente_roster as {{ _roster_query(editions) }};
    create or replace view raw.edition as {{ _pins_list_query(pins, 'editions', _edition_columns()) }};
    create or replace view raw.series_problem as {{ _pins_list_query(pins, 'problems', _problem_columns()) }};
    create or replace view raw.profiel as {{ _profile_query(pins) }};
    {% for list_name, columns in _profile_lists().items() %}
        create or replace view raw.profiel_{{ list_name }} as {{ _profile_query(pins, list_name, columns) }};
    {% endfor %}
    {% for source in graph.sources.values() if source.config.meta.bestand %}
        create or replace view raw.{{ source.identifier }} as {{ _table_query(editions, source) }};
    {% endfor %}
{% endmacro %}


{% macro _require_pins_file(pins) %}
    {% set found = run_query("select count(*) from glob(" ~ _file_pattern(pins) ~ ")").columns[0].values()[0] %}
    {% if found == 0 %}
        {% do exceptions.raise_compiler_error(
            "IMPACT_KPI_PINS names " ~ pins ~ ", but there is no such file. The refresh writes it before it starts dbt:"
            ~ " run `impact-kpi refresh`, or leave IMPACT_KPI_PINS empty for a mart without data."
        ) %}
    {% endif %}
{% endmacro %}


{#- A list of dicts: bron_id, bron, folder (absolute), observation, series; only what has an edition. -#}
{% macro _pinned_editions(pins) %}
    {% set editions = [] %}
    {% if pins %}
        {% do _require_pins_file(pins) %}
        {% set sql %}
            with pins as (select lake, unnest(editions) as edition from {{ _read_pins(pins) }})
            select edition.bron_id, edition.bron, lake || '/' || edition.path, edition.observation, edition.series
            from pins where edition.path is not null order by edition.bron_id
        {% endset %}
        {% for row in run_query(sql).rows %}
            {% do editions.append(
                {'bron_id': row[0], 'bron': row[1], 'folder': row[2], 'observation': row[3], 'series': row[4]}
            ) %}
        {% endfor %}
    {% endif %}
    {{ return(editions) }}
{% endmacro %}


{% macro _observation_query(editions, family) %}
    {% set files = [] %}
    {% for edition in editions if edition.bron == family and edition.observation %}
        {% do files.append(_file_pattern(edition.folder, '/observation/*.parquet')) %}
    {% endfor %}
    {{ return(_parquet_query(files, _observation_columns())) }}
{% endmacro %}


{% macro _selection_query(editions) %}
    {% set files = [] %}
    {% for edition in editions if edition.series %}
        {% do files.append(_file_pattern(edition.folder, '/series.parquet')) %}
    {% endfor %}
    {% if not files %}
        {{ return(_parquet_query(files, _selection_columns())) }}
    {% endif %}
    {#- Editions of before a column was added have none; the empty part gives it to a lake in which all are so. -#}
    {{ return(
        "(" ~ _parquet_query([], _selection_columns()) ~ ") union all by name "
        ~ "(select * from read_parquet([" ~ files | join(', ') ~ "], union_by_name = true))"
    ) }}
{% endmacro %}


{% macro _roster_query(editions) %}
    {% set parts = [] %}
    {% for edition in editions if edition.bron == 'gebieden' %}
        {% set files = [_file_pattern(edition.folder, '/gemeente.parquet')] %}
        {% set query = _parquet_query(files, _roster_columns()) %}
        {% do parts.append("select " ~ _sql_text(edition.bron_id) ~ " as bron_id, r.* from (" ~ query ~ ") as r") %}
    {% endfor %}
    {% if not parts %}
        {% set query = _parquet_query([], _roster_columns()) %}
        {% do parts.append("select null::varchar as bron_id, r.* from (" ~ query ~ ") as r") %}
    {% endif %}
    {{ return(parts | join(' union all ')) }}
{% endmacro %}


{#- A source whose meta names a file of its family's edition: its columns and their types stand in its YAML, so that a
column is added in one place. -#}
{% macro _table_query(editions, source) %}
    {% set meta = source.config.meta %}
    {% set files = [] %}
    {% for edition in editions if edition.bron == meta.bron %}
        {% do files.append(_file_pattern(edition.folder, '/' ~ meta.bestand)) %}
    {% endfor %}
    {% set columns = {} %}
    {% for column in source.columns.values() %}
        {% do columns.update({column.name: column.data_type}) %}
    {% endfor %}
    {{ return(_parquet_query(files, columns)) }}
{% endmacro %}


{% macro _pins_list_query(pins, list_name, columns) %}
    {% set selected = [] %}
    {% for name, type in columns.items() %}
        {% do selected.append(("item." ~ name if pins else "null") ~ "::" ~ type ~ " as " ~ name) %}
    {% endfor %}
    {% if pins %}
        {{ return(
            "select " ~ selected | join(', ') ~ " from (select unnest(" ~ list_name ~ ") as item from " ~ _read_pins(pins) ~ ")"
        ) }}
    {% endif %}
    {{ return("select " ~ selected | join(', ') ~ " where false") }}
{% endmacro %}


{#- The profile of the organisation, or one of its lists; no row when there is no profile. -#}
{% macro _profile_query(pins, list_name='', columns={}) %}
    {% set item = 'item' if list_name else 'profiel' %}
    {% set selected = [] %}
    {% for name, type in (columns or _profile_columns()).items() %}
        {% do selected.append((item ~ "." ~ name if pins else "null") ~ "::" ~ type ~ " as " ~ name) %}
    {% endfor %}
    {% set query = "select " ~ selected | join(', ') %}
    {% if not pins %}
        {{ return(query ~ " where false") }}
    {% elif list_name %}
        {{ return(query ~ " from (select unnest(profiel." ~ list_name ~ ") as item from " ~ _read_pins(pins) ~ ")") }}
    {% endif %}
    {{ return(query ~ " from " ~ _read_pins(pins) ~ " where profiel is not null") }}
{% endmacro %}


{% macro _parquet_query(files, columns) %}
    {% set selected = [] %}
    {% for name, type in columns.items() %}
        {% do selected.append((name if files else "null") ~ "::" ~ type ~ " as " ~ name) %}
    {% endfor %}
    {% if files %}
        {{ return(
            "select " ~ selected | join(', ') ~ " from read_parquet([" ~ files | join(', ') ~ "], union_by_name = true)"
        ) }}
    {% endif %}
    {{ return("select " ~ selected | join(', ') ~ " where false") }}
{% endmacro %}


{% macro _read_pins(pins) %}
    {{ return(
        "read_json(" ~ _file_pattern(pins) ~ ", format = 'unstructured', maximum_object_size = 268435456, columns = {"
        ~ "lake: 'VARCHAR', editions: '" ~ _struct_list(_edition_columns()) ~ "', problems: '"
        ~ _struct_list(_problem_columns()) ~ "', profiel: '" ~ _profile_struct() ~ "'})"
    ) }}
{% endmacro %}


{% macro _profile_struct() %}
    {% set fields = _profile_columns() %}
    {% for list_name, columns in _profile_lists().items() %}
        {% do fields.update({list_name: _struct_list(columns)}) %}
    {% endfor %}
    {{ return(_struct_list(fields)[:-2]) }}
{% endmacro %}


{% macro _struct_list(columns) %}
    {% set fields = [] %}
    {% for name, type in columns.items() %}
        {% do fields.append('"' ~ name ~ '" ' ~ type) %}
    {% endfor %}
    {{ return("STRUCT(" ~ fields | join(', ') ~ ")[]") }}
{% endmacro %}


{% macro _sql_text(text) %}
    {{ return("'" ~ (text | string).replace("'", "''") ~ "'") }}
{% endmacro %}


{#- A quoted file pattern in which the characters of the given path stand for themselves. -#}
{% macro _file_pattern(path, pattern='') %}
    {% set escaped = (path | string).replace('[', '[[]').replace('*', '[*]').replace('?', '[?]') %}
    {{ return(_sql_text(escaped ~ pattern)) }}
{% endmacro %}


{% macro _observation_columns() %}
    {{ return({
        'source_id': 'VARCHAR', 'table_id': 'VARCHAR', 'edition': 'VARCHAR', 'ref_area': 'VARCHAR',
        'time_period': 'VARCHAR', 'measure': 'VARCHAR', 'dimensions': 'VARCHAR', 'obs_value': 'DOUBLE',
        'obs_status': 'VARCHAR', 'unit_measure': 'VARCHAR',
    }) }}
{% endmacro %}


{% macro _selection_columns() %}
    {{ return({
        'source_id': 'VARCHAR', 'edition': 'VARCHAR', 'series_id': 'VARCHAR', 'uitsplitsing': 'VARCHAR',
        'rol': 'VARCHAR', 'onderdeel': 'INTEGER', 'edition_order': 'INTEGER', 'measure': 'VARCHAR',
        'dimensions': 'VARCHAR', 'multiplier': 'DOUBLE', 'periode_soort': 'VARCHAR', 'jaren': 'VARCHAR',
        'absent': 'VARCHAR', 'indelingsjaar': 'INTEGER', 'n_codes': 'INTEGER', 'grens': 'VARCHAR',
    }) }}
{% endmacro %}


{% macro _roster_columns() %}
    {{ return({
        'gemeente_code': 'VARCHAR', 'gemeente_naam': 'VARCHAR', 'provincie_code': 'VARCHAR', 'provincie': 'VARCHAR',
        'inwoners': 'BIGINT', 'indelingsjaar': 'INTEGER',
    }) }}
{% endmacro %}


{% macro _edition_columns() %}
    {{ return({
        'bron_id': 'VARCHAR', 'bron': 'VARCHAR', 'host': 'VARCHAR', 'table_id': 'VARCHAR', 'titel': 'VARCHAR',
        'edition_id': 'VARCHAR', 'path': 'VARCHAR', 'modified': 'VARCHAR', 'loaded_at': 'VARCHAR', 'rows': 'BIGINT',
        'sha256': 'VARCHAR', 'indelingsjaar': 'INTEGER', 'licentie': 'VARCHAR', 'bronvermelding': 'VARCHAR',
        'state': 'VARCHAR', 'verouderd_sinds': 'VARCHAR', 'melding': 'VARCHAR', 'observation': 'BOOLEAN',
        'series': 'BOOLEAN',
    }) }}
{% endmacro %}


{% macro _problem_columns() %}
    {{ return({
        'series_id': 'VARCHAR', 'uitsplitsing': 'VARCHAR', 'bron_id': 'VARCHAR', 'table_id': 'VARCHAR',
        'reden': 'VARCHAR', 'melding': 'VARCHAR',
    }) }}
{% endmacro %}


{% macro _profile_columns() %}
    {{ return({
        'naam': 'VARCHAR', 'benchmark': 'VARCHAR', 'kiest_kpis': 'BOOLEAN', 'kiest_gemeenten': 'BOOLEAN',
        'kiest_werksoorten': 'BOOLEAN',
    }) }}
{% endmacro %}


{% macro _profile_lists() %}
    {{ return({
        'kpi': {'kpi_id': 'VARCHAR', 'gekozen': 'BOOLEAN', 'label': 'VARCHAR', 'richting': 'VARCHAR'},
        'gemeente': {'gemeente_code': 'VARCHAR'},
        'werksoort': {'werksoort': 'VARCHAR'},
    }) }}
{% endmacro %}
