"""What must hold on disk at every moment, whatever happened to whoever was writing: asked of the files alone."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from serving.locations import Locations
from serving.publish import read_intact
from serving.shelf import current_folder, kept
from sources.lake import current_edition

# What differs between two folders that hold the same figures: when something was loaded, and under which name.
_OF_THE_FOLDER = frozenset({"editie", "noemer_editie", "loaded_at", "staat", "publicatie_id"})
_ABOUT_ITSELF = frozenset({"publicatie", "kpi_revisie"})


def check_standing(locations: Locations) -> Path:
    """The publication that readers get is whole, and so is every edition that the lake points to; gives its folder."""
    folder = current_folder(locations.publications)
    assert folder is not None, "actueel points to nothing"
    check_publication(folder)
    check_lake(locations.lake)
    return folder


def check_publication(folder: Path) -> Mapping[str, Any]:
    """Every file is what the manifest says, the database opens and agrees with it; gives the manifest."""
    manifest = read_intact(folder)
    assert manifest is not None, f"{folder.name} is not what its manifest says"
    with duckdb.connect(str(folder / "impact_kpi.duckdb"), read_only=True) as connection:
        assert connection.execute("select publicatie_id from publicatie").fetchall() == [(folder.name,)]
        for table, rows in manifest["rijen"].items():
            assert connection.execute(f"select count(*) from {table}").fetchall() == [(rows,)], table
    return manifest


def check_lake(lake: Path) -> None:
    """Every pointer names an edition that is there, can be read, and holds the files it was committed with."""
    for pointer in sorted(lake.glob("*/current")):
        edition = current_edition(lake, pointer.parent.name)
        assert edition is not None
        assert edition_hash(edition.folder) == edition.manifest.sha256, edition.folder


def edition_hash(folder: Path) -> str:
    """Hash of the files of an edition but its manifest, worked out here and not by the code that is on trial."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def leftovers(locations: Locations) -> list[str]:
    """Files and folders that only something unfinished has."""
    places = [locations.lake, locations.publications, locations.dbt]
    hidden = {path for place in places for path in place.rglob(".*") if path.name != ".user.yml"}
    hidden |= set(locations.dbt.rglob("*.nieuw")) | set(locations.dbt.glob("target/kpi_mart-*"))
    hidden |= set(locations.lake.rglob("*-spill"))
    return sorted(path.relative_to(locations.root).as_posix() for path in hidden)


def editions_on_disk(lake: Path) -> set[tuple[str, str]]:
    """(bron_id, edition) of every edition in the lake."""
    return {(path.parent.parent.name, path.parent.name) for path in lake.glob("*/*/manifest.json")}


def editions_wanted(locations: Locations) -> set[tuple[str, str]]:
    """(bron_id, edition) of every edition that is in use or that a kept publication was made of."""
    wanted = {(path.parent.name, path.read_text(encoding="utf-8").strip()) for path in locations.lake.glob("*/current")}
    for folder in kept(locations.publications):
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        wanted |= {(edition["bron_id"], edition["edition_id"]) for edition in manifest["edities"]}
    return wanted


def runs(locations: Locations) -> dict[str, tuple[str, float]]:
    """Run id -> (status, when it was made), from Dagster's own file."""
    file = locations.dagster / "history" / "runs.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        found = connection.execute(
            "select run_id, status, cast(strftime('%s', create_timestamp) as real) from runs"
        ).fetchall()
    return {run_id: (status, moment) for run_id, status, moment in found}


def size_of(*folders: Path) -> int:
    """Bytes of all files below some folders."""
    return sum(path.lstat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())


def content(folder: Path) -> dict[str, str]:
    """Hash of the rows of each published table, without what only says when and under which name it was loaded."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    with duckdb.connect() as connection:
        return {
            table: _table_hash(connection, folder / "parquet" / f"{table}.parquet")
            for table in manifest["rijen"]
            if table not in _ABOUT_ITSELF
        }


def _table_hash(connection: duckdb.DuckDBPyConnection, file: Path) -> str:
    names = [row[0] for row in connection.execute("describe from read_parquet(?)", [str(file)]).fetchall()]
    columns = ", ".join(f'"{name}"' for name in names if name not in _OF_THE_FOLDER)
    rows = connection.execute(f"select {columns} from read_parquet(?) order by all", [str(file)])
    digest = hashlib.sha256(columns.encode())
    while batch := rows.fetchmany(5000):
        digest.update(repr(batch).encode())
    return digest.hexdigest()


def members_of_session(session: int) -> list[int]:
    """Processes that a killed leader left behind: those of its session that still run."""
    return [pid for pid in _processes() if _session_of(pid) == session]


def _processes() -> Iterable[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())


def _session_of(pid: int) -> int | None:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if state[0] == "Z" else int(state[3])


def niceness_of(text: str) -> list[int]:
    """Niceness of every process that has `text` in its environment and is a night or its dbt."""
    found = []
    for pid in _processes():
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if text.encode() in environment and (b"orchestration.nightly" in command or b"dbt\0build" in command):
                found.append(os.getpriority(os.PRIO_PROCESS, pid))
        except OSError:
            continue
    return found
