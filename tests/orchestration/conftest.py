"""One code location for all tests of this folder: making it costs a dbt parse."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import build_defs
from orchestration.settings import Settings, load_settings


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings({"IMPACT_KPI_DATA": str(tmp_path_factory.mktemp("data")), "IMPACT_KPI_SOURCES": "demo"})


@pytest.fixture(scope="session")
def defs(settings: Settings) -> dg.Definitions:
    before = dict(os.environ)
    try:
        return build_defs(settings=settings)
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).resolve().parents[2]
