"""A failed dbt test says in Dutch what rule it is, of which table, and where the rows are."""

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.dbt_checks import explained, rule_sentence


def dbt_test(kind: str, column: str | None = None, **arguments: Any) -> dict[str, Any]:
    """A test as the manifest of dbt 1.11 has it."""
    return {
        "name": f"{kind}_kpi_waarde",
        "resource_type": "test",
        "attached_node": "model.impact_kpi.kpi_waarde",
        "column_name": column,
        "description": "",
        "test_metadata": {"name": kind, "kwargs": arguments},
    }


@pytest.mark.parametrize(
    ("test", "rule"),
    [
        (dbt_test("not_null", "waarde"), "kolom waarde mag niet leeg zijn"),
        (dbt_test("accepted_values", "status", values=["a", "b"]), "kolom status kent alleen de waarden a, b"),
        (dbt_test("unique_combination", columns=["kpi_id", "jaar"]), "de combinatie (kpi_id, jaar) komt één keer voor"),
        (dbt_test("relationships", "kpi_id", to="ref('kpi')"), "elke waarde van kolom kpi_id staat ook in ref('kpi')"),
        (dbt_test("own_rule"), "regel own_rule_kpi_waarde houdt"),
    ],
)
def test_a_rule_without_a_description_is_said_in_words(test: dict[str, Any], rule: str) -> None:
    """The engineer of the night would get the name of a test, cut off at sixty letters."""
    sentence = rule_sentence(test)
    assert sentence.startswith(f"Tabel kpi_waarde: {rule}. ")
    assert f"{test['name']}.sql" in sentence


def test_a_description_goes_before_the_general_words() -> None:
    """What was written for this rule says more."""
    test = dbt_test("not_null", "waarde") | {"description": "A figure without\n a reason."}
    assert rule_sentence(test).startswith("Tabel kpi_waarde: A figure without a reason. De rijen")


@pytest.mark.parametrize(("passed", "described"), [(True, False), (False, True)])
def test_only_a_failed_check_is_explained(tmp_path: Path, passed: bool, described: bool) -> None:
    """Hundreds of sentences a night would hide the one that matters."""
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": {"t": dbt_test("not_null", "waarde")}}), encoding="utf-8")
    result = dg.AssetCheckResult(passed=passed, asset_key=dg.AssetKey("x"), check_name="not_null_kpi_waarde")
    assert bool(explained(result, manifest).description) is described
