"""What a failed dbt test says in one Dutch sentence: which KPIs, which table, which rule, and what to do.

Reads the manifest of dbt, where a test may carry a sentence of its own (`meta: melding`); descriptions are English and
for who reads the code. Which KPIs a failed test touches is in `dbt_kpis`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

import dagster as dg

from orchestration.dbt_kpis import Touched, touched
from orchestration.settings import Settings

# Below the folder of dbt: the SQL of the tests that failed in the last build. What else it compiled is gone by morning.
FAILED_TESTS = "mislukte_toetsen"
_RULES = {
    "not_null": "kolom {column} mag niet leeg zijn",
    "unique": "elke waarde van kolom {column} komt één keer voor",
    "accepted_values": "kolom {column} kent alleen de waarden {values}",
    "values_allowed": "elke kolom kent alleen haar eigen codes ({coded})",
    "relationships": "elke waarde van kolom {column} staat ook in {to}",
    "unique_combination": "de combinatie ({columns}) komt één keer voor",
    "columns_filled": "verplichte kolommen zijn gevuld ({columns})",
    "in_range": "kolom {column} ligt tussen zijn grenzen",
    "row_count_is": "het aantal rijen klopt",
    "no_rows_lost": "er gaan geen rijen verloren",
    "expression_holds": "voor elke rij geldt: {expression}",
}


@cache
def dbt_tests(manifest: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the nodes of all dbt tests by name, each with the folder of its table (`fqn`) as its own.

    Args:
        manifest: `manifest.json` of dbt.
    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    folders = {node["name"]: node["fqn"] for node in nodes if node["resource_type"] != "test"}
    tests = (node for node in nodes if node["resource_type"] == "test")
    return {node["name"]: {**node, "fqn": folders.get(table_of(node), node["fqn"])} for node in tests}


def has_failed(event: object) -> TypeGuard[dg.AssetCheckResult]:
    """Whether an event of a dbt build is a check that did not pass."""
    return isinstance(event, dg.AssetCheckResult) and not event.passed


def explained(failed: Iterable[dg.AssetCheckResult], settings: Settings, target: Path) -> Iterator[dg.AssetCheckResult]:
    """Give each failed check its sentence and its KPIs, and keep the SQL that finds its rows until the next build.

    Call it when dbt has ended: before that nobody else can read the warehouse.

    Args:
        failed: checks of one build.
        settings: of the run.
        target: target folder of that build.
    """
    folder = settings.locations.dbt / FAILED_TESTS
    shutil.rmtree(folder, ignore_errors=True)
    for check in failed:
        test = dbt_tests(settings.manifest).get(check.check_name or "")
        if test is None:
            yield check
            continue
        sql = _keep_sql(test, target, folder)
        found = touched(test, sql, settings)
        yield dg.AssetCheckResult(
            passed=False,
            asset_key=check.asset_key,
            check_name=check.check_name,
            severity=check.severity,
            metadata={**(check.metadata or {}), "tabel": table_of(test), "kpis": list(found.kpis)},
            description=rule_sentence(test, found, kept=sql is not None),
        )


def rule_sentence(test: Mapping[str, Any], found: Touched, *, kept: bool = True) -> str:
    """Say which KPIs and which table a failed test of the manifest is about, what it checks and what to do.

    Args:
        test: node of the test.
        found: the KPIs that it touches.
        kept: whether its SQL is in the folder of the tests that failed.
    """
    own = " ".join(str(test["config"].get("meta", {}).get("melding") or "").split())
    said = own or f"{_rule(test)}. {_remedy(test)}"
    rows = f" De rijen die niet voldoen: draai dbt/{FAILED_TESTS}/{test['alias']}.sql op warehouse.duckdb."
    return f"{found.named}: tabel {table_of(test)}: {said}{rows if kept else ''}"


def table_of(test: Mapping[str, Any]) -> str:
    """The table that a test is about: the one it hangs on, or the one that a test in a file of its own names."""
    named = test["config"].get("meta", {}).get("dagster", {}).get("ref", {}).get("name", "")
    return str(test.get("attached_node") or named).rpartition(".")[2]


def _keep_sql(test: Mapping[str, Any], target: Path, folder: Path) -> Path | None:
    """Copy what dbt compiled of a test to a folder that stays; None when dbt left nothing or the disk is full."""
    compiled = next((target / "compiled").rglob(f"{test['alias']}.sql"), None)
    if compiled is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(compiled, folder))
    except OSError:
        return None


def _remedy(test: Mapping[str, Any]) -> str:
    if str(test.get("attached_node") or "").startswith("seed."):
        return f"Verbeter die rijen in dbt_project/seeds/registry/{table_of(test)}.csv."
    return f"Zoek op welke bron of welk model ze maakt; de regel staat in dbt_project/{test['original_file_path']}."


def _rule(test: Mapping[str, Any]) -> str:
    kind = (test.get("test_metadata") or {}).get("name", "")
    arguments = (test.get("test_metadata") or {}).get("kwargs", {})
    pattern = _RULES.get(kind, f"regel {test['name']} houdt")
    return pattern.format(
        column=test.get("column_name") or arguments.get("column_name"),
        values=_listed(arguments.get("values")),
        columns=_listed(arguments.get("columns")),
        coded=_listed(list(arguments.get("kolommen") or {})),
        to=arguments.get("to"),
        expression=" ".join(str(arguments.get("expression")).split()),
    )


def _listed(values: Any) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) else ""
