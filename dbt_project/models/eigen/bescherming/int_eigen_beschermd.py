"""The own figures as they may be published: a new batch, or the one before as it was. Rules: serving.disclosure."""

from serving.disclosure.warehouse import Registry, protected_batch


def model(dbt, session):
    """Hand the relations over."""
    dbt.config(materialized="table")
    # dbt finds a ref only where nothing is called on it.
    gemeente = dbt.ref("int_gemeente")
    return protected_batch(
        session,
        batch=dbt.ref("int_batch"),
        exact=dbt.ref("int_eigen_te_publiceren"),
        previous=dbt.ref("stg_lake__beschermd"),
        registry=Registry(
            kpis=dbt.ref("own_kpi"),
            counts=dbt.ref("own_count"),
            relations=dbt.ref("own_count_relation"),
            parameters=dbt.ref("disclosure_parameter"),
        ),
        indelingsjaar=gemeente.aggregate("max(indelingsjaar)").fetchall()[0][0],
    )
