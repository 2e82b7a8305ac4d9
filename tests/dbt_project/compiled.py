"""Run models of the dbt project on rows that a test gives: their compiled SQL, on a database in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

Row = Mapping[str, Any]


class Models:
    """The SQL of some models, as dbt compiled it, and the tables they read and make."""

    def __init__(self, compiled: Path, names: Sequence[str], schemas: Iterable[str]) -> None:
        """Take the compiled SQL of these models, in the order in which they build on each other."""
        self._sql = {name: next(compiled.rglob(f"{name}.sql")).read_text(encoding="utf-8") for name in names}
        self._schema = {name: "marts" if name.startswith(("kpi_", "aandacht")) else "intermediate" for name in names}
        self._connection = duckdb.connect()
        self._connection.execute("attach ':memory:' as warehouse")
        for schema in schemas:
            self._connection.execute(f"create schema warehouse.{schema}")

    def given(self, table: str, columns: Mapping[str, str], rows: Iterable[Row]) -> None:
        """Fill a table that the models read; a column that a row does not name is null."""
        structure = json.dumps([dict(columns)])
        self._connection.execute(
            f"create or replace table warehouse.{table} as "
            f"select {', '.join(f'rij.{name}' for name in columns)} "
            f"from (select unnest(from_json(?::json, '{structure}')) as rij)",
            [json.dumps(list(rows))],
        )

    def run(self) -> list[dict[str, Any]]:
        """Make every model and give the rows of the last one."""
        for name, sql in self._sql.items():
            self._connection.execute(f"create or replace table warehouse.{self._schema[name]}.{name} as {sql}")
        last = list(self._sql)[-1]
        cursor = self._connection.execute(f"from warehouse.{self._schema[last]}.{last}")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
