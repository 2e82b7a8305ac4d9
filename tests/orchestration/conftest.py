"""One code location for all tests of this folder: making it costs a dbt parse."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import build_defs
from orchestration.settings import Settings, load_settings

Load = subprocess.CompletedProcess[str]

# Fails on any attempt to reach beyond this machine.
NO_NETWORK = """
import socket
def refuse(*_args, **_kwargs):
    raise OSError("a definition tried to reach the network")
socket.getaddrinfo = refuse
socket.create_connection = refuse
"""


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings({"IMPACT_KPI_DATA": str(tmp_path_factory.mktemp("data")), "IMPACT_KPI_SOURCES": "demo"})


@pytest.fixture(scope="session")
def first_load(settings: Settings, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Load:
    """The location as a fresh clone loads it, in a process of its own; leaves the manifest for the other tests."""
    return load(
        "from orchestration.definitions import defs\nprint(len(defs().assets))",
        home=tmp_path_factory.mktemp("home"),
        data=settings.locations.data,
        repository=repository,
    )


def load(code: str, *, home: Path, data: Path, repository: Path) -> Load:
    """Run code of the location without network and without any setting but the data folder."""
    return subprocess.run(
        [sys.executable, "-c", f"{NO_NETWORK}\n{code}"],
        cwd=repository,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "IMPACT_KPI_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def defs(settings: Settings, first_load: Load) -> dg.Definitions:
    assert first_load.returncode == 0, first_load.stderr[-2000:]
    before = dict(os.environ)
    try:
        return build_defs(settings=settings)
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).resolve().parents[2]
