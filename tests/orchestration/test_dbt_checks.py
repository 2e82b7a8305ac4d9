"""A failed dbt test says in Dutch which KPIs and which table it is about, what rule it is, and what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.dbt_checks import dbt_tests, explained, has_failed, rule_sentence
from orchestration.dbt_kpis import Touched
from orchestration.settings import Settings, load_settings

# One worker makes the manifest for all tests that read it.
pytestmark = pytest.mark.xdist_group("orchestration")

SOME = Touched(("I 3.3.2",), "KPI I 3.3.2")
TABLE = "kpi_waarde"
# Words that an English description begins with; none of them is Dutch.
ENGLISH = re.compile(r"\b(the|would|which|that|warning)\b", re.IGNORECASE)


def dbt_test(kind: str, column: str | None = None, melding: str = "", **arguments: Any) -> dict[str, Any]:
    """A test as the manifest of dbt 1.11 has it."""
    return {
        "name": f"{kind}_{TABLE}",
        "alias": f"{kind}_{TABLE}",
        "resource_type": "test",
        "attached_node": f"model.impact_kpi.{TABLE}",
        "original_file_path": f"models/marts/{TABLE}.yml",
        "fqn": ["impact_kpi", "marts", f"{kind}_{TABLE}"],
        "column_name": column,
        "description": "A figure would be wrong.",
        "config": {"meta": {"melding": melding} if melding else {}},
        "test_metadata": {"name": kind, "kwargs": arguments},
    }


@pytest.mark.parametrize(
    ("test", "rule"),
    [
        (dbt_test("not_null", "waarde"), "kolom waarde mag niet leeg zijn"),
        (dbt_test("accepted_values", "status", values=["a", "b"]), "kolom status kent alleen de waarden a, b"),
        (dbt_test("values_allowed", kolommen={"a": [1], "b": [2]}), "elke kolom kent alleen haar eigen codes (a, b)"),
        (dbt_test("unique_combination", columns=["kpi_id", "jaar"]), "de combinatie (kpi_id, jaar) komt één keer voor"),
        (dbt_test("relationships", "kpi_id", to="ref('kpi')"), "elke waarde van kolom kpi_id staat ook in ref('kpi')"),
        (dbt_test("own_rule"), "regel own_rule_kpi_waarde houdt"),
    ],
)
def test_a_rule_without_a_sentence_is_said_in_words_with_kpi_table_and_remedy(test: dict[str, Any], rule: str) -> None:
    """The engineer of the night would get the name of a test, or an English description, and not what to do."""
    sentence = rule_sentence(test, SOME)
    assert sentence.startswith(f"KPI I 3.3.2: tabel kpi_waarde: {rule}. Zoek op welke bron of welk model ze maakt; ")
    assert "dbt_project/models/marts/kpi_waarde.yml" in sentence
    assert sentence.endswith(f"draai dbt/mislukte_toetsen/{test['name']}.sql op warehouse.duckdb.")


def test_a_sentence_of_its_own_goes_before_the_general_words() -> None:
    """What was written for this rule says more, and knows its own remedy."""
    test = dbt_test("not_null", "waarde", melding="Een cijfer\n zonder reden. Vul de reden.")
    assert rule_sentence(test, SOME, kept=False) == (
        "KPI I 3.3.2: tabel kpi_waarde: Een cijfer zonder reden. Vul de reden."
    )


def test_a_seed_is_mended_in_its_file() -> None:
    """Nobody finds the source of a line that somebody typed."""
    test = dbt_test("unique", "kpi_id") | {"attached_node": "seed.impact_kpi.kpi_register"}
    assert "Verbeter die rijen in dbt_project/seeds/registry/kpi_register.csv." in rule_sentence(test, SOME)


def test_every_test_of_the_project_has_a_table_and_a_dutch_sentence(first_load: object, settings: Settings) -> None:
    """A test in a file of its own hangs on no table and has no general words: its message would say nothing."""
    assert first_load is not None
    tests = dbt_tests(settings.manifest)
    sentences = {name: rule_sentence(test, SOME, kept=False) for name, test in tests.items()}
    assert len(sentences) > 300
    assert [name for name, said in sentences.items() if "tabel : " in said or f"regel {name} houdt" in said] == []
    ours = {name: said for name, said in sentences.items() if tests[name]["config"]["meta"].get("melding")}
    assert {name for name, test in tests.items() if not test.get("attached_node")} <= set(ours)
    assert [name for name, said in ours.items() if ENGLISH.search(said)] == []


@pytest.fixture
def settings_of_a_build(tmp_path: Path) -> Settings:
    """What a build leaves: a manifest, compiled SQL in the folder of its run, and a warehouse."""
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path / "data")})
    settings.target.mkdir(parents=True)
    with duckdb.connect(str(settings.locations.warehouse)) as connection:
        connection.execute("create table waarde as select * from (values ('I 3.3.2', 1), ('I 1.1.1', 9)) t(kpi_id, n)")
    return settings


def failed(settings: Settings, sql: str | None, **changes: Any) -> dg.AssetCheckResult:
    """The check of one failed test of a build whose compiled SQL this is."""
    test = dbt_test("not_null", "waarde") | changes
    table = {"name": TABLE, "resource_type": "model", "fqn": test["fqn"]}
    settings.manifest.write_text(json.dumps({"nodes": {"t": test, "m": table}}), encoding="utf-8")
    dbt_tests.cache_clear()
    run = settings.target / "kpi_mart-0123abc-def4567"
    if sql is not None:
        compiled = run / "compiled" / "impact_kpi" / "models" / f"{test['alias']}.sql"
        compiled.parent.mkdir(parents=True, exist_ok=True)
        compiled.write_text(sql, encoding="utf-8")
    result = dg.AssetCheckResult(
        passed=False,
        asset_key=dg.AssetKey(["marts", TABLE]),
        check_name=str(test["name"]),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"dagster_dbt/failed_row_count": 3},
    )
    (said,) = explained([result], settings, run)
    return said


def kpis(check: dg.AssetCheckResult) -> list[str]:
    metadata: Mapping[str, Any] = check.metadata or {}
    listed = metadata["kpis"].value
    assert isinstance(listed, list)
    return listed


def test_the_kpis_of_the_failing_rows_are_named(settings_of_a_build: Settings) -> None:
    """Whoever reads it at seven would not know which pages of the site to distrust."""
    said = failed(settings_of_a_build, "select kpi_id from waarde where n > 1 -- the last line")
    assert (said.description or "").startswith("KPI I 1.1.1: tabel kpi_waarde: ")
    assert kpis(said) == ["I 1.1.1"]
    assert said.severity == dg.AssetCheckSeverity.WARN
    assert (said.metadata or {})["dagster_dbt/failed_row_count"].value == 3


def test_rows_of_a_series_lead_to_the_kpis_that_it_feeds(settings_of_a_build: Settings) -> None:
    """An intermediate table knows series and no KPI: every KPI would be named for the fault of one."""
    said = failed(settings_of_a_build, "select 'cbs_laag_inkomen_1jaar' as reeks_id")
    assert kpis(said) == ["I 1.1.1"]


@pytest.mark.parametrize("sql", [None, "select 1 as n", "select kpi_id from was_never_built"])
def test_without_a_kpi_in_the_rows_all_of_them_are_named(settings_of_a_build: Settings, sql: str | None) -> None:
    """An empty list reads as: no figure is touched."""
    said = failed(settings_of_a_build, sql)
    assert (said.description or "").startswith("alle KPI's: tabel kpi_waarde: ")
    assert {"I 1.1.1", "A 3"} < set(kpis(said))


def test_a_table_of_own_data_touches_own_kpis_only(settings_of_a_build: Settings) -> None:
    """The open figures would be distrusted for a fault in a delivery."""
    said = failed(settings_of_a_build, None, fqn=["impact_kpi", "eigen", TABLE])
    assert (said.description or "").startswith("alle KPI's uit eigen gegevens: ")
    assert "A 3" in kpis(said)
    assert "I 1.1.1" not in kpis(said)


def test_the_sql_of_a_failed_test_outlives_the_night(settings_of_a_build: Settings) -> None:
    """The folder of the run is removed the same night: the message would name a file that is not there."""
    folder = settings_of_a_build.locations.dbt / "mislukte_toetsen"
    folder.mkdir()
    (folder / "of_the_night_before.sql").write_text("select 1", encoding="utf-8")
    said = failed(settings_of_a_build, "select kpi_id from waarde")
    (named,) = re.findall(r"draai (\S+) op warehouse.duckdb", said.description or "")
    assert (settings_of_a_build.locations.root / named).read_text(encoding="utf-8") == "select kpi_id from waarde"
    assert [path.name for path in folder.iterdir()] == [Path(named).name]


def test_a_long_name_is_kept_under_the_name_that_dbt_gave_its_file(settings_of_a_build: Settings) -> None:
    """Dbt shortens the file of a test with a long name; it would never be found."""
    said = failed(settings_of_a_build, "select kpi_id from waarde", name="x" * 90, alias="x_5f52159e")
    assert "dbt/mislukte_toetsen/x_5f52159e.sql" in (said.description or "")


def test_a_build_in_which_all_tests_pass_clears_the_folder(settings_of_a_build: Settings) -> None:
    """Yesterday's SQL beside a sound mart says that something is still wrong."""
    folder = settings_of_a_build.locations.dbt / "mislukte_toetsen"
    folder.mkdir()
    assert list(explained([], settings_of_a_build, settings_of_a_build.target)) == []
    assert not folder.exists()


@pytest.mark.parametrize("passed", [True, False])
def test_only_a_failed_check_is_explained(passed: bool) -> None:
    """Hundreds of sentences a night would hide the one that matters."""
    result = dg.AssetCheckResult(passed=passed, asset_key=dg.AssetKey("x"), check_name="not_null_kpi_waarde")
    assert has_failed(result) is not passed
