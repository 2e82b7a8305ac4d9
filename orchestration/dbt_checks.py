"""What a dbt test says in one Dutch sentence when it fails: which rule, of which table, and where the rows are.

Reads the manifest of dbt. The rules themselves are in dbt_project/; a test with a description of its own keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg

_RULES = {
    "not_null": "kolom {column} mag niet leeg zijn",
    "unique": "elke waarde van kolom {column} komt één keer voor",
    "accepted_values": "kolom {column} kent alleen de waarden {values}",
    "relationships": "elke waarde van kolom {column} staat ook in {to}",
    "unique_combination": "de combinatie ({columns}) komt één keer voor",
    "columns_filled": "verplichte kolommen zijn gevuld ({columns})",
    "in_range": "kolom {column} ligt tussen zijn grenzen",
    "row_count_is": "het aantal rijen klopt",
    "no_rows_lost": "er gaan geen rijen verloren",
    "expression_holds": "voor elke rij geldt: {expression}",
}


@cache
def rule_sentences(manifest: Path) -> Mapping[str, str]:
    """Return what each dbt test checks and what to do when it fails, by name of the test.

    Args:
        manifest: `manifest.json` of dbt.
    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return {node["name"]: rule_sentence(node) for node in nodes if node["resource_type"] == "test"}


def rule_sentence(test: Mapping[str, Any]) -> str:
    """Say what a test of the manifest checks, and where its rows are found."""
    table = str(test.get("attached_node") or "").rpartition(".")[2]
    rule = " ".join((test.get("description") or _rule(test)).split()).rstrip(".")
    place = f"Tabel {table}: {rule}" if table else rule[:1].upper() + rule[1:]
    compiled = f"dbt/target/compiled/…/{test['name']}.sql"
    return f"{place}. De rijen die niet voldoen: draai {compiled} op warehouse.duckdb."


def _rule(test: Mapping[str, Any]) -> str:
    kind = (test.get("test_metadata") or {}).get("name", "")
    arguments = (test.get("test_metadata") or {}).get("kwargs", {})
    pattern = _RULES.get(kind, f"regel {test['name']} houdt")
    return pattern.format(
        column=test.get("column_name") or arguments.get("column_name"),
        values=_listed(arguments.get("values")),
        columns=_listed(arguments.get("columns")),
        to=arguments.get("to"),
        expression=arguments.get("expression"),
    )


def _listed(values: Any) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) else ""


def explained(event: Any, manifest: Path) -> Any:
    """Give a failed check of a dbt build the sentence of its test; any other event as it is."""
    if isinstance(event, dg.AssetCheckResult) and not event.passed and event.check_name:
        return event._replace(description=rule_sentences(manifest).get(event.check_name, event.description))
    return event
