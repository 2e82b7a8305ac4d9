"""What it takes to build a publication again: kept in its folder as `bouw.json`, and read back by `rebuild`.

Holds no path of this machine and nothing of a person: ids of editions, settings, and what code was used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orchestration.project import project_fingerprint
from orchestration.settings import DBT_PROJECT, REPOSITORY, Settings

RECIPE_VERSION = 1
# Where the pins name the folder of this machine; a rebuild fills in its own.
_PLACE = "lake"
_PACKAGES = ("serving", "orchestration")
_TOOLS = ("duckdb", "dbt-core", "dbt-duckdb")


def make_recipe(settings: Settings, pins: Mapping[str, Any], dag: str) -> dict[str, Any]:
    """Gather what decides the content of a publication.

    Args:
        settings: of the run.
        pins: the editions of the build, as dbt read them.
        dag: day that the build took for today, as ISO text.
    """
    return {
        "bouw_versie": RECIPE_VERSION,
        "code": code_in_use(),
        "gereedschap": tools_in_use(),
        "instellingen": {"indelingsjaar": settings.indelingsjaar},
        "dag": dag,
        "pins": {name: value for name, value in pins.items() if name != _PLACE},
    }


def write_pins(recipe: Mapping[str, Any], lake: Path, editions: list[dict[str, Any]], target: Path) -> None:
    """Write a file of pins as dbt reads it, with these editions in place of those of the recipe."""
    content = {_PLACE: str(lake.resolve()), **recipe["pins"], "editions": editions}
    target.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def code_in_use() -> dict[str, str]:
    """Version of this project, and hashes of all that decides a figure: the dbt project and the code around it."""
    return {
        "versie": version("impact-kpi"),
        "dbt_project": project_fingerprint(DBT_PROJECT),
        "python": _python_fingerprint(REPOSITORY),
    }


def tools_in_use() -> dict[str, str]:
    """Versions of what computes."""
    return {name: version(name) for name in _TOOLS}


def _python_fingerprint(repository: Path) -> str:
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for path in sorted((repository / package).rglob("*.py")):
            digest.update(path.relative_to(repository).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
