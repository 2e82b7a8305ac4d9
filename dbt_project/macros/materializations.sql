{#-
    How a model is put in the warehouse: the old relation goes and the new one comes, in one transaction. dbt-duckdb
    builds under another name, renames twice and drops the old one in a second transaction, which costs more than most
    of our queries. DuckDB needs none of it: a reader, or a failed statement, keeps the old state until the commit.
-#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {% set target = this.incorporate(type='table') %}
    {% set language = model['language'] %}
    {% set old = _drop_old_sql(load_cached_relation(this)) %}
    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}
    {% if old and language == 'python' %}
        {% do run_query(old) %}
        {% set old = '' %}
    {% endif %}
    {% call statement('main', language=language) -%}
        {{ old }}
        {{- create_table_as(false, target, compiled_code, language) }}
    {%- endcall %}
    {{ return(_finish_model(target)) }}
{% endmaterialization %}


{% materialization view, adapter='duckdb' %}
    {% set target = this.incorporate(type='view') %}
    {{ run_hooks(pre_hooks, inside_transaction=false) }}
    {{ run_hooks(pre_hooks, inside_transaction=true) }}
    {% call statement('main') -%}
        {{ _drop_old_sql(load_cached_relation(this)) }}
        {{ get_create_view_as_sql(target, sql) }}
    {%- endcall %}
    {{ return(_finish_model(target)) }}
{% endmaterialization %}


{% macro _drop_old_sql(old) %}
    {{ return("drop " ~ old.type ~ " if exists " ~ old ~ " cascade;" if old else "") }}
{% endmacro %}


{% macro _finish_model(target) %}
    {% do persist_docs(target, model) %}
    {{ run_hooks(post_hooks, inside_transaction=true) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=false) }}
    {{ return({'relations': [target]}) }}
{% endmacro %}
