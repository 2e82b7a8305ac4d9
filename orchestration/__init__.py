"""The night: Dagster definitions that call sources/, dbt and serving/. No business logic of its own."""
