"""A small hand-made archive with a server on it, and the generated demo archive, for the tests of the replay server."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

from orchestration.settings import load_settings
from sources.replay import ReplayServer
from sources.replay.demo import ensure_demo_archive
from tests.sources.replay.demo_reader import DemoReader

CBS = "opendata.cbs.nl"
THIRD = "dataderden.cbs.nl"
FILES = "bestanden.example"
SMALL = "90001NED"
BIG = "90002ned"
BIG_ROWS = 25_001


def _write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def _dimension(position: int, key: str, kind: str = "Dimension") -> dict[str, Any]:
    return {
        "odata.type": f"Cbs.OData.{kind}",
        "ID": position,
        "Position": position,
        "ParentID": None,
        "Type": kind,
        "Key": key,
        "Title": key,
        "Description": "",
    }


def _topic(position: int, key: str, datatype: str, decimals: int = 0) -> dict[str, Any]:
    return {
        "odata.type": "Cbs.OData.Topic",
        "ID": position,
        "Position": position,
        "ParentID": None,
        "Type": "Topic",
        "Key": key,
        "Title": key,
        "Description": "",
        "Datatype": datatype,
        "Unit": "aantal",
        "Decimals": decimals,
        "Default": "Missing",
        "PresentationType": "Absolute",
    }


def write_table(archive: Path, host: str, table_id: str, props: list[dict[str, Any]], sql: str) -> None:
    """Add a table to an archive folder: its rows are those of a DuckDB query."""
    folder = archive / "odata" / host / table_id
    stamps = {"Modified": "2026-01-15T02:00:00", "MetaDataModified": "2026-01-15T02:00:00"}
    info = {"ID": 0, "Title": f"Tabel {table_id}", "Identifier": table_id, "Summary": "", **stamps}
    _write_json(folder / "TableInfos.json", [info])
    _write_json(folder / "DataProperties.json", props)
    _write_json(folder / "CategoryGroups.json", [])
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({sql}) TO '{folder / 'TypedDataSet.parquet'}'")
        rows = connection.execute(f"SELECT count(*) FROM ({sql})").fetchall()[0][0]
    record = {"Updated": stamps["Modified"], **info, "ID": len(table_id), "RecordCount": rows}
    _write_json(folder / "catalog.json", record)


def _write_small(archive: Path) -> None:
    props = [
        _dimension(0, "RegioS", "GeoDimension"),
        _dimension(1, "Perioden", "TimeDimension"),
        _topic(2, "Huishoudens_1", "Long"),
        _topic(3, "Aandeel_2", "Double", 1),
        _topic(4, "Snelheid_3", "Float", 1),
        _topic(5, "Naam_4", "String"),
    ]
    sql = """
        SELECT row_number() OVER () - 1 AS "ID", * FROM (VALUES
            ('NL01  ', '2023JJ00', 7559, 7559.0::DOUBLE, 7888.2::FLOAT, 'Nederland '),
            ('NL01  ', '2024JJ00', 7600, 12.5, NULL, 'Nederland '),
            ('GM0014', '2023JJ00', NULL, NULL, 1.5, '      9711'),
            ('GM0014', '2024JJ00', 12, 0.1, 2.0, NULL)
        ) AS t("RegioS", "Perioden", "Huishoudens_1", "Aandeel_2", "Snelheid_3", "Naam_4")"""
    write_table(archive, CBS, SMALL, props, sql)
    folder = archive / "odata" / CBS / SMALL
    regions = [("NL01  ", "Nederland"), ("GM0014", "Groningen (gemeente)")]
    _write_json(
        folder / "RegioS.json",
        [{"Key": key, "Title": title, "Description": None, "CategoryGroupID": None} for key, title in regions],
    )
    periods = [("2023JJ00", "2023", "Definitief"), ("2024JJ00", "2024*", "Voorlopig")]
    _write_json(
        folder / "Perioden.json",
        [{"Key": key, "Title": title, "Description": None, "Status": status} for key, title, status in periods],
    )


def _write_big(archive: Path) -> None:
    props = [_dimension(0, "Soort"), _dimension(1, "RegioS", "GeoDimension"), _topic(2, "Aantal_1", "Long")]
    sql = f"""
        SELECT i AS "ID", CASE WHEN i < 15000 THEN '1.4.3 ' ELSE '2.6.10' END AS "Soort",
               'GM' || lpad((i % 400)::VARCHAR, 4, '0') AS "RegioS", i * 2 AS "Aantal_1"
        FROM range({BIG_ROWS}) AS t(i)"""
    write_table(archive, CBS, BIG, props, sql)
    folder = archive / "odata" / CBS / BIG
    _write_json(folder / "Soort.json", [{"Key": key, "Title": key.strip()} for key in ("1.4.3 ", "2.6.10")])
    _write_json(folder / "RegioS.json", [{"Key": f"GM{i:04d}", "Title": f"Gemeente {i}"} for i in range(10_500)])


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a small and a big table, a table on another host, and two plain files."""
    folder = tmp_path_factory.mktemp("archive")
    _write_json(folder / "archive.json", {"kind": "test", "title": "Klein archief", "tables": [], "files": []})
    _write_small(folder)
    _write_big(folder)
    write_table(
        folder,
        THIRD,
        "47999NED",
        [_dimension(0, "RegioS", "GeoDimension")],
        'SELECT 0 AS "ID", \'NL01  \' AS "RegioS"',
    )
    _write_json(folder / "odata" / THIRD / "47999NED" / "RegioS.json", [{"Key": "NL01  ", "Title": "Nederland"}])
    index = {
        f"GET {FILES}/a/b.geojson?service=WFS&typeName=lbm3:laag": {
            "file": "b.geojson",
            "content_type": "application/json",
        },
        f"GET {FILES}/scores.zip": {"file": "scores.zip", "content_type": "application/zip"},
    }
    _write_json(folder / "files" / "index.json", index)
    _write_json(folder / "files" / "b.geojson", {"type": "FeatureCollection", "features": []})
    (folder / "files" / "scores.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    return folder


@pytest.fixture
def serve(archive: Path) -> Callable[..., AbstractContextManager[ReplayServer]]:
    """Make a server on the small archive with the switches of one test."""

    def make(**switches: Any) -> ReplayServer:
        return ReplayServer(archive, **switches)

    return make


@pytest.fixture
def server(archive: Path) -> Iterator[ReplayServer]:
    """A server on the small archive, without switches."""
    with ReplayServer(archive) as running:
        yield running


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """A session that ignores proxies of the machine."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture(scope="session")
def registry_folder() -> Path:
    """The seeds of the registry of this project."""
    return Path(__file__).resolve().parents[3] / "dbt_project" / "seeds" / "registry"


@pytest.fixture(scope="session")
def demo(registry_folder: Path, pytestconfig: pytest.Config) -> DemoReader:
    """The demo archive; kept between runs and made anew when the registry or the generator changed.

    It begins as a copy of the one that `make mart` made, if any.
    """
    cache = pytestconfig.cache
    assert cache is not None
    kept = Path(cache.mkdir("demo")) / "archief"
    made = load_settings({"IMPACT_KPI_SOURCES": "demo"}).locations.root / "archief"
    if made.is_dir() and not kept.exists():
        shutil.copytree(made, kept)
    return DemoReader(ensure_demo_archive(kept, registry_folder))


@pytest.fixture(scope="session")
def small_registry(registry_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with three tables only, for tests that generate more than once."""
    folder = tmp_path_factory.mktemp("register")
    for seed in registry_folder.glob("*.csv"):
        (folder / seed.name).write_bytes(seed.read_bytes())
    kept = {"cbs_84926NED", "politie_47021NED", "rivm_50140NED", "gebieden_86247NED"}
    tables = _filter_csv(registry_folder, folder, "source_table.csv", lambda row: row["bron_id"] in kept)
    assert len(tables) == len(kept)
    series = _filter_csv(registry_folder, folder, "series.csv", lambda row: row["bron_id"] in kept)
    known = {row["series_id"] for row in series} | {"handmatig"}
    _filter_csv(registry_folder, folder, "kpi_formula.csv", lambda row: row["variant"] in known)
    return folder


def _filter_csv(source: Path, target: Path, name: str, keep: Callable[[dict[str, str]], bool]) -> list[dict[str, str]]:
    """Copy the lines of a seed that are wanted."""
    with (source / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if keep(row)]
        header = list(reader.fieldnames or [])
    with (target / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows
