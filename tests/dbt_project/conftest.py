"""One dbt build on a small lake, made once; the tests ask its tables what became of each cell."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult

from tests.dbt_project.lake import Lake
from tests.dbt_project.small_lake import fill

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
REGISTRY = PROJECT / "seeds" / "registry"


@dataclass(frozen=True, slots=True)
class Build:
    """What one dbt command left: the outcome of every node, and the warehouse opened read-only."""

    results: Mapping[str, str]
    messages: Mapping[str, str | None]
    connection: duckdb.DuckDBPyConnection

    def query(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask the warehouse; schema `marts` is the default."""
        return self.connection.execute(sql, list(parameters)).fetchall()

    def one(self, sql: str, *parameters: Any) -> tuple[Any, ...]:
        """Ask for exactly one row."""
        rows = self.query(sql, *parameters)
        assert len(rows) == 1, f"{len(rows)} rows: {rows[:5]}"
        return rows[0]

    def figure(self, kpi_id: str, variant: str, gemeente_code: str, periode: str) -> dict[str, Any]:
        """One row of kpi_waarde."""
        return self.row("kpi_waarde", kpi_id=kpi_id, variant=variant, gemeente_code=gemeente_code, periode=periode)

    def source_figure(self, kpi_id: str, variant: str, gemeente_code: str, periode: str) -> dict[str, Any]:
        """One row of kpi_waarde_bron."""
        return self.row("kpi_waarde_bron", kpi_id=kpi_id, variant=variant, gemeente_code=gemeente_code, periode=periode)

    def row(self, table: str, **key: Any) -> dict[str, Any]:
        """The one row of a table with these values, by column name."""
        where = " and ".join(f"{column} = ?" for column in key)
        cursor = self.connection.execute(f"from {table} where {where}", list(key.values()))
        names = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
        assert len(rows) == 1, f"{table} has {len(rows)} rows for {key}"
        return dict(zip(names, rows[0], strict=True))


RunDbt = Callable[..., Build]


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The project as dbt understands it: parsed once, for every command of these tests."""
    folder = tmp_path_factory.mktemp("parse")
    result = _invoke(dbtRunner(), ["parse"], _settings(folder, None))
    assert result.success
    return result.result


@pytest.fixture(scope="session")
def run_dbt(parsed: Any) -> Iterator[RunDbt]:
    """Run one dbt command with a target folder and a warehouse of its own, and open a copy of that warehouse.

    A copy, because dbt's own connection may live on in this process with another configuration.
    """
    with ExitStack() as opened:

        def run(folder: Path, pins: Path | None, *command: str, **environment: str) -> Build:
            result = _invoke(dbtRunner(manifest=parsed), list(command), _settings(folder, pins) | environment)
            copy = folder / "read.duckdb"
            shutil.copyfile(folder / "warehouse.duckdb", copy)
            connection = opened.enter_context(duckdb.connect(str(copy), read_only=True))
            if connection.execute("from duckdb_schemas() where schema_name = 'marts'").fetchall():
                connection.execute("use marts")
            nodes: list[Any] = list(result.result or ())  # type: ignore[arg-type]
            return Build(
                results={node.node.unique_id: str(node.status) for node in nodes},
                messages={node.node.unique_id: node.message for node in nodes},
                connection=connection,
            )

        yield run


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory, run_dbt: RunDbt) -> Build:
    """The small lake, built once."""
    folder = tmp_path_factory.mktemp("dbt")
    lake = Lake(folder / "lake", REGISTRY)
    fill(lake)
    return run_dbt(folder, lake.pins(folder / "pins.json"), "build")


@pytest.fixture(scope="session")
def manifest(parsed: Any) -> Mapping[str, Any]:
    """The manifest as the publication reads it."""
    content: dict[str, Any] = json.loads(json.dumps(parsed.writable_manifest().to_dict(omit_none=False), default=str))
    return content


def _settings(folder: Path, pins: Path | None) -> dict[str, str]:
    return {
        "IMPACT_KPI_WAREHOUSE": str(folder / "warehouse.duckdb"),
        "IMPACT_KPI_PINS": str(pins or ""),
        "IMPACT_KPI_INDELINGSJAAR": "",
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DO_NOT_TRACK": "1",
    }


def _invoke(runner: dbtRunner, command: list[str], settings: Mapping[str, str]) -> dbtRunnerResult:
    before = dict(os.environ)
    os.environ.update(settings)
    project = ["--quiet", "--no-write-json", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    try:
        result = runner.invoke([*command, *project])
    finally:
        DuckDBConnectionManager.close_all_connections()
        os.environ.clear()
        os.environ.update(before)
    if result.exception:
        raise result.exception
    return result
