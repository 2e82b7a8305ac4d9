"""A small world to endure: a cut of the demo archive that a replay server serves, and a data folder that nights fill.

The whole pipeline runs on it, in processes of its own; a test changes the archive between two nights the way a service
changes. The server keeps its address, because the address is what editions are known by.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from serving.locations import Locations
from sources.replay import Fault, ReplayServer
from sources.replay.demo import generate
from tests.archives import CBS, DERDEN, edit

REPOSITORY = Path(__file__).resolve().parents[2]
REGISTRY = REPOSITORY / "dbt_project" / "seeds" / "registry"
# Enough for every step of a night: two services, the roster, what moved, the scores of a third, the boundaries.
TABLES = {CBS: ("86247NED", "70739ned", "03759ned", "81064ned", "84926NED"), DERDEN: ("50140NED",)}
PREMIUM, DEBTS, YOUNG = (CBS, "81064ned"), (CBS, "84926NED"), (DERDEN, "50140NED")
PEOPLE = (CBS, "03759ned")
# Table -> the column of a published figure.
COLUMNS = {
    PREMIUM: "PersMetBetalingsachterstandRelatief_1",
    DEBTS: "PersonenMetUitgesprokenSchuldsanering_1",
    YOUNG: "MoeiteMetRondkomen_1",
    PEOPLE: "BevolkingOp1Januari_2",
}
GEMEENTE = "GM0758"
_TIMEOUT = 1800
_OURS = ("IMPACT_KPI_", "DBT_", "DAGSTER_")
_ROWS = "TypedDataSet.parquet"
# Stamps of the recent past: a table that its service forgot would be reported every night.
_MOMENTS = (datetime.now(UTC) - timedelta(days=2) + timedelta(minutes=minute) for minute in itertools.count())

Table = tuple[str, str]


def bron_id(table: Table) -> str:
    """Id of a table in the registry."""
    host, table_id = table
    return f"{'rivm' if host == DERDEN else 'cbs'}_{table_id}"


def cut_archive(whole: Path, target: Path) -> Path:
    """Copy an archive without the tables that the small world can do without, and without the delivery."""
    shutil.copytree(whole, target, ignore=shutil.ignore_patterns("levering"))
    for host, kept in TABLES.items():
        for folder in (target / "odata" / host).iterdir():
            if folder.name not in kept:
                shutil.rmtree(folder)
    return target


def make_archive(folder: Path) -> Path:
    """Generate the demo archive and cut it down."""
    generate(folder / "geheel", REGISTRY)
    return cut_archive(folder / "geheel", folder / "klein")


@dataclass(frozen=True)
class Night:
    """One night that has run: how it ended, what it printed, what it left in `laatste_run.json`."""

    status: int
    output: str
    last_run: Mapping[str, Any]

    def of(self, table: Table) -> Any:
        """What the night says of one table."""
        return {entry["bron_id"]: entry for entry in self.last_run["bronnen"]}[bron_id(table)]

    @property
    def published(self) -> str:
        """State of the publication: `gepubliceerd` or `ongewijzigd`."""
        return str(self.last_run["publicatie"]["state"])


@dataclass
class World:
    """One archive behind one address, and one data folder; `environment` goes to every night."""

    archive: Path
    data: Path
    server: ReplayServer
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def locations(self) -> Locations:
        """The folders that the nights fill."""
        return Locations(self.data, "recorded")

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a night as the leader of a process group of its own; what it prints goes to `uitvoer.txt`."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "uitvoer.txt").open("w", encoding="utf-8") as output:
            return subprocess.Popen(
                [sys.executable, "-m", *(words or ("orchestration.nightly",))],
                cwd=REPOSITORY,
                env=self._environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )

    def night(self, *faults: Fault) -> Night:
        """Play one night to its end, under these faults."""
        self.server.set_faults(faults)
        try:
            status = self.start().wait(_TIMEOUT)
        finally:
            self.server.set_faults(())
        last_run = self.locations.last_run
        told = json.loads(last_run.read_text(encoding="utf-8")) if last_run.is_file() else {}
        return Night(status, self.output(), told)

    def run(self, *words: str) -> tuple[int, str]:
        """Run another command of the project on the same data folder."""
        return self.start(*words).wait(_TIMEOUT), self.output()

    def output(self) -> str:
        """What the last process printed."""
        return (self.data / "uitvoer.txt").read_text(encoding="utf-8")

    def beside(self, name: str) -> World:
        """The same archive, read into another data folder."""
        return World(self.archive, self.data.with_name(name), self.server, dict(self.environment))

    def revise(self, table: Table, step: float = 1.0, *, stamp: bool = True) -> None:
        """Raise the figures of one gemeente in a column, under a new stamp or in silence."""
        column, where = COLUMNS[table], f"trim({_region(self.folder(table))}) = '{GEMEENTE}'"
        change = f"update t set {column} = {column} + {step} where {where} and {column} is not null"
        self._rewrite(table, [change])
        if stamp:
            self.stamp(table)

    def shrink(self, table: Table) -> None:
        """Serve a third of the rows under a new stamp, as a service does when an update is half done."""
        self._rewrite(
            table, ["delete from t where ID % 3 <> 0", "update t set ID = (select count(*) from t o where o.ID < t.ID)"]
        )
        with duckdb.connect() as connection:
            ((rows,),) = connection.execute(f"select count(*) from '{self.folder(table) / _ROWS}'").fetchall()
        edit(self.folder(table), "catalog", {"RecordCount": rows})
        self.stamp(table)

    def stamp(self, table: Table, *, texts_only: bool = False) -> None:
        """Let the service say that a table changed: its figures, or only its texts."""
        moment = f"{next(_MOMENTS):%Y-%m-%dT%H:%M:%S}"
        change = {"MetaDataModified": moment} if texts_only else {"Modified": moment}
        edit(self.folder(table), "catalog", {**change, "Updated": moment})
        edit(self.folder(table), "TableInfos", change)

    def rename(self, table: Table, title: str) -> None:
        """Give a table another title: its texts changed, its figures did not."""
        for resource in ("catalog", "TableInfos"):
            edit(self.folder(table), resource, {"Title": title})
        self.stamp(table, texts_only=True)

    def withdraw(self, table: Table) -> None:
        """Take a table out of the service."""
        self._away(table).parent.mkdir(exist_ok=True)
        self.folder(table).rename(self._away(table))

    def bring_back(self, table: Table) -> None:
        """Put a table back that was withdrawn or kept aside."""
        shutil.rmtree(self.folder(table), ignore_errors=True)
        self._away(table).rename(self.folder(table))

    def keep_aside(self, table: Table) -> None:
        """Keep a copy of a table for `bring_back`."""
        shutil.copytree(self.folder(table), self._away(table))

    def folder(self, table: Table) -> Path:
        """Folder of a table in the archive."""
        return self.archive.joinpath("odata", *table)

    def query(self, sql: str, publication: Path | None = None) -> list[tuple[Any, ...]]:
        """Ask a publication; the current one by default."""
        folder = publication or (self.locations.publications / "actueel").resolve()
        with duckdb.connect(str(folder / "impact_kpi.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def _away(self, table: Table) -> Path:
        return self.archive.parent / "opzij" / table[1]

    def _rewrite(self, table: Table, statements: Sequence[str]) -> None:
        file = self.folder(table) / _ROWS
        with duckdb.connect() as connection:
            connection.execute(f"create table t as from '{file}'")
            for statement in statements:
                connection.execute(statement)
            # Renamed into place: the server may be reading it.
            connection.execute(f"copy (from t order by ID) to '{file}.nieuw' (format parquet)")
        file.with_name(f"{file.name}.nieuw").replace(file)

    def _environment(self) -> dict[str, str]:
        env = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
        return env | {
            "IMPACT_KPI_SOURCES": self.server.base_url,
            "IMPACT_KPI_DATA": str(self.data),
            "PYTHONPATH": str(REPOSITORY),
            **self.environment,
        }


@contextmanager
def open_world(archive: Path, folder: Path, **environment: str) -> Iterator[World]:
    """A world of its own: a copy of the archive, served on one address, and an empty data folder."""
    copy = shutil.copytree(archive, folder / "archief")
    with ReplayServer(copy) as server:
        world = World(copy, folder / "data", server, environment)
        for path in sorted((copy / "odata").glob("*/*")):
            world.stamp((path.parent.name, path.name))
        yield world


def _region(folder: Path) -> str:
    properties = json.loads((folder / "DataProperties.json").read_text(encoding="utf-8"))
    return str(next(entry["Key"] for entry in properties if entry["Type"] in {"GeoDimension", "GeoDetail"}))
