"""What an attacker finds in a new batch, from what is published alone. The attack: serving.disclosure."""

from serving.disclosure.warehouse import Registry, audit


def model(dbt, session):
    """Hand the relations over."""
    dbt.config(materialized="table")
    return audit(
        session,
        batch=dbt.ref("int_batch"),
        protected=dbt.ref("int_eigen_beschermd"),
        previous=dbt.ref("stg_lake__beschermd"),
        registry=Registry(
            kpis=dbt.ref("own_kpi"),
            counts=dbt.ref("own_count"),
            relations=dbt.ref("own_count_relation"),
            parameters=dbt.ref("disclosure_parameter"),
        ),
    )
