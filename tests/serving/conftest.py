"""A miniature warehouse with a dbt manifest beside it, and the publication made from them: real files, real DuckDB."""

import functools
import json
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from serving.extras import Extras
from serving.locations import Locations
from serving.publish import PublicationResult, publish, published_tables

NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)


def _feature(code: str, name: str, west: float, south: float) -> dict[str, object]:
    ring = [
        [west, south],
        [west + 0.2, south],
        [west + 0.2, south + 0.1],
        [west, south + 0.1],
        [west, south],
    ]
    return {
        "type": "Feature",
        "properties": {"statcode": code, "statnaam": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


BOUNDARIES = {
    "type": "FeatureCollection",
    "features": [_feature("GM0758", "Breda", 4.7, 51.5), _feature("GM0518", "'s-Gravenhage", 4.2, 52.0)],
}
CONTRACTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"
TABLES = (
    "aandachtspunten",
    "bron",
    "buurgroep",
    "gemeente",
    "kpi",
    "kpi_dekking",
    "kpi_gemeente",
    "kpi_trend",
    "kpi_vergelijking",
    "kpi_waarde",
    "resultaatketen",
    "resultaatketen_schakel",
)


class Mini:
    """The miniature: `warehouse` (DuckDB), `manifest` (of dbt) and `locations` (where it is published)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.locations = Locations(folder / "data", "demo")
        self.warehouse = self.locations.warehouse
        self.manifest = folder / "manifest.json"

    def build(self) -> None:
        """Make the warehouse, with the columns that the real contracts have, and the manifest."""
        self.warehouse.parent.mkdir(parents=True)
        self.sql("create schema marts")
        for table in TABLES:
            columns = ", ".join(f"{column['name']} {column['data_type']}" for column in contract(table)["columns"])
            self.sql(f"create table marts.{table} ({columns})")
        self.sql(Path(__file__).with_name("mini.sql").read_text(encoding="utf-8"))
        self.write_manifest()

    def copy(self, folder: Path) -> "Mini":
        """Copy everything, publications included."""
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        return Mini(folder)

    @property
    def publications(self) -> Path:
        return self.locations.publications

    @property
    def link(self) -> Path:
        return self.publications / "actueel"

    @property
    def boundaries(self) -> Path:
        return self.folder / "gemeente.geojson"

    def sql(self, statements: str) -> None:
        """Change the warehouse, as a next dbt build would."""
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute(statements)

    def current(self) -> PublicationResult:
        """The current publication, as the call that made it returned it."""
        folder = self.link.resolve()
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return PublicationResult("gepubliceerd", folder.name, folder, manifest["rijen"], manifest["content_hash"])

    def write_manifest(self, edit: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Write the part of a dbt manifest that publishing reads, in the shape dbt 1.11 gives it."""
        with duckdb.connect(str(self.warehouse)) as connection:
            rows = connection.execute(
                "select table_name, column_name, data_type from duckdb_columns() "
                "where schema_name = 'marts' order by table_name, column_index"
            ).fetchall()
        nodes: dict[str, Any] = {}
        for table, column, data_type in rows:
            node = nodes.setdefault(f"model.impact_kpi.{table}", _node(table))
            node["columns"][column] = {
                "name": column,
                "description": f"Kolom {column} van\n{table} (proef).",
                "data_type": data_type.lower(),
                "constraints": [],
                "config": {"meta": {}},
            }
        exposure = {"name": "kpi_mart", "depends_on": {"nodes": list(nodes)}}
        manifest = {"nodes": nodes, "exposures": {"exposure.impact_kpi.kpi_mart": exposure}}
        if edit is not None:
            edit(manifest)
        self.manifest.write_text(json.dumps(manifest), encoding="utf-8")

    def publish(self, **changes: Any) -> PublicationResult:
        """Publish what is in the warehouse now."""
        arguments: dict[str, Any] = {
            "soort": "demo",
            "software_version": "0.1.0",
            "editions": [{"bron_id": "cbs_1", "edition_id": "20261120T010000Z-aa"}],
            "run_id": "run-1",
            "now": NOW,
        }
        return publish(self.warehouse, published_tables(self.manifest), self.publications, **(arguments | changes))

    def read(self, sql: str, path: Path | None = None) -> Sequence[tuple[Any, ...]]:
        """Query the current publication with a plain DuckDB connection."""
        with duckdb.connect(str((path or self.link.resolve()) / "impact_kpi.duckdb"), read_only=True) as reader:
            return reader.execute(sql).fetchall()

    def hidden(self) -> list[str]:
        """What lies in the folder of publications besides publications."""
        return sorted(path.name for path in self.publications.iterdir() if path.name.startswith("."))


@functools.cache
def contract(table: str) -> dict[str, Any]:
    """The contract of a published table, as its YAML has it."""
    (model,) = yaml.safe_load((CONTRACTS / f"{table}.yml").read_text(encoding="utf-8"))["models"]
    found: dict[str, Any] = model
    return found


def _node(table: str) -> dict[str, Any]:
    return {
        "name": table,
        "alias": table,
        "schema": "marts",
        "description": f"Eén rij per {table} (proef, 'met aanhaling').",
        "constraints": [],
        "config": {"meta": contract(table)["config"]["meta"]},
        "columns": {},
    }


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """A miniature without a publication, to copy from: copying is faster than making."""
    mini = Mini(tmp_path_factory.mktemp("template"))
    mini.build()
    return mini


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, template: Mini) -> Mini:
    """A miniature that is published once; for tests that only look."""
    mini = template.copy(tmp_path_factory.mktemp("published"))
    mini.publish()
    return mini


@pytest.fixture(scope="session")
def site_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the chart library is kept, for all workers together: making it takes seconds."""
    return tmp_path_factory.getbasetemp().parent / "cache-van-de-site"


@pytest.fixture(scope="session")
def complete(tmp_path_factory: pytest.TempPathFactory, template: Mini, site_cache: Path) -> Mini:
    """A miniature that is published once with its site and a map; for tests that only look."""
    mini = template.copy(tmp_path_factory.mktemp("complete"))
    mini.boundaries.write_text(json.dumps(BOUNDARIES), encoding="utf-8")
    mini.publish(extras=Extras(mini.boundaries, site_cache))
    mini.locations.last_run.write_text('{"gelukt": true}', encoding="utf-8")
    return mini


@pytest.fixture
def mini(tmp_path: Path, template: Mini) -> Mini:
    """A miniature of its own, not yet published."""
    return template.copy(tmp_path)


@pytest.fixture
def standing(tmp_path: Path, published: Mini) -> Mini:
    """A miniature of its own with one publication standing."""
    return published.copy(tmp_path)
