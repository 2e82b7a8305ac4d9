"""The real thing, run as its users run it: `python -m orchestration.nightly` in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
RECORDED = Path(os.environ.get("IMPACT_KPI_RECORDED", REPOSITORY.parent / "shared" / "recorded"))


@dataclass(frozen=True)
class Night:
    """One refresh that has run: its data folder, what it printed and how it ended."""

    data: Path
    soort: str
    status: int
    output: str

    @property
    def publication(self) -> Path:
        return (self.data / self.soort / "publicatie" / "actueel").resolve()

    @property
    def last_run(self) -> dict[str, Any]:
        return json.loads((self.data / self.soort / "publicatie" / "laatste_run.json").read_text())

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.publication / "impact_kpi.duckdb"), read_only=True) as connection:
            return connection.execute(sql, list(values)).fetchall()


def run_night(data: Path, sources: str, *, repository: Path = REPOSITORY, **environment: str) -> Night:
    """Run one refresh in a process of its own."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("IMPACT_KPI_", "DBT_", "DAGSTER_"))}
    env |= {
        "IMPACT_KPI_SOURCES": sources,
        "IMPACT_KPI_DATA": str(data),
        "PYTHONPATH": str(repository),
        **environment,
    }
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.nightly"],
        cwd=repository,
        env=env,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    soort = sources if sources in ("demo", "live") else "recorded"
    return Night(data, soort, done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="session")
def recorded_night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The main job on the recorded archive; skips, visibly, where that archive is not there."""
    if not (RECORDED / "archive.json").is_file():
        pytest.skip(f"no recorded archive at {RECORDED}; set IMPACT_KPI_RECORDED to its folder")
    night = run_night(tmp_path_factory.mktemp("recorded"), str(RECORDED))
    assert night.status == 0, night.output
    return night
