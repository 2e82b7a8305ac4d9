"""Make `data-<version>.tar.xz`: a data folder as a release left it, for the test that a newer one reads it.

    python -m tests.endurance.make_upgrade_data <folder with the code of that release> <file to write>

Two nights with the old code on a few tables; between them a figure is revised, so that there is a revision to carry on.
Of the publication only the tables that a later one is compared with are kept, and its manifest names only those: the
rest follows from them and would make the file twenty times as large. No history of runs: it holds paths of the machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import duckdb

from sources.replay.demo import generate
from tests.archives import CBS, edit

TABLES = ("86247NED", "81064ned", "84926NED")
REVISED, COLUMN, GEMEENTE = "84926NED", "PersonenMetUitgesprokenSchuldsanering_1", "GM0758"
MODIFIED = "2026-11-20T02:00:00"
PARQUET = ("kpi_waarde", "gemeente", "kpi_revisie", "publicatie", "bron")
KEPT = ("lake", "dbt/bronnen", "dbt/pins.json", "publicatie")


def main(code: Path, target: Path) -> None:
    """Make the file."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        archive = _archive(work, code)
        _night(code, archive, work / "data")
        revise(archive, MODIFIED)
        _night(code, archive, work / "data")
        root = work / "data" / "recorded"
        _thin(root / "publicatie")
        _move(root / "dbt" / "pins.json")
        with tarfile.open(target, "w:xz", preset=9) as tar:
            tar.add(archive, "archief", filter=_nobody)
            for part in KEPT:
                tar.add(root / part, f"data/recorded/{part}", filter=_nobody)


def revise(archive: Path, modified: str) -> None:
    """Raise the figures of one gemeente, under a later `Modified`."""
    folder = archive / "odata" / CBS / REVISED
    file = folder / "TypedDataSet.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table t as from '{file}'")
        connection.execute(f"update t set {COLUMN} = {COLUMN} + 5 where trim(RegioS) = '{GEMEENTE}'")
        connection.execute(f"copy (from t order by ID) to '{file}' (format parquet, compression zstd)")
    for resource in ("catalog", "TableInfos"):
        edit(folder, resource, {"Modified": modified})
    edit(folder, "catalog", {"Updated": modified})


def _archive(work: Path, code: Path) -> Path:
    generate(work / "geheel", code / "dbt_project" / "seeds" / "registry")
    archive = work / "archief"
    for table in TABLES:
        shutil.copytree(work / "geheel" / "odata" / CBS / table, archive / "odata" / CBS / table)
    (archive / "archive.json").write_text(
        json.dumps({"kind": "test", "title": "Verzonnen cijfers: een kleine wereld van een eerdere versie"})
    )
    return archive


def _night(code: Path, archive: Path, data: Path) -> None:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("IMPACT_KPI_", "DBT_", "DAGSTER_"))}
    env |= {"IMPACT_KPI_SOURCES": str(archive), "IMPACT_KPI_DATA": str(data), "PYTHONPATH": str(code)}
    done = subprocess.run([sys.executable, "-m", "orchestration.nightly"], cwd=code, env=env, check=False)
    if done.returncode not in {0, 2}:
        raise SystemExit(f"the night with the old code ended with {done.returncode}")


def _thin(publications: Path) -> None:
    """Leave of every publication what a later one is compared with, and let its manifest say so."""
    for manifest in publications.glob("*-*/manifest.json"):
        folder = manifest.parent
        content = json.loads(manifest.read_text(encoding="utf-8"))
        files = {name: print_ for name, print_ in content["bestanden"].items() if Path(name).stem in PARQUET}
        for path in folder.rglob("*"):
            if path.is_file() and path != manifest and path.relative_to(folder).as_posix() not in files:
                path.unlink()
        manifest.chmod(0o644)
        manifest.write_text(json.dumps({**content, "bestanden": files}, indent=2, ensure_ascii=False) + "\n")
        manifest.chmod(0o444)


def _move(pins: Path) -> None:
    """Name another place than this machine's: a data folder may have been moved too."""
    content = json.loads(pins.read_text(encoding="utf-8"))
    pins.write_text(json.dumps({**content, "lake": "/elders/recorded/lake"}, ensure_ascii=False, indent=1) + "\n")


def _nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
