"""Checks of source tables in Dagster: on real editions, without a service."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.checks import check_specs
from orchestration.progress import SilentProgress
from orchestration.results import load_results, store_result
from orchestration.settings import Settings, load_settings
from orchestration.source_assets import SourceGroup, source_asset, table_key
from sources.edition_checks.model import EditionCheck
from sources.edition_checks.run import APPLIES
from sources.lake import current_edition
from sources.registry import Registry
from sources.results import TableResult
from tests.registries import registry, row, table
from tests.sources.edition_checks.test_edition_checks import BRON, CONTEXT, commit, usual

pytestmark = pytest.mark.xdist_group("orchestration")

ONE, OTHER = table("80001NED"), table("80002NED")
FAILED = EditionCheck("bereik", passed=False, severity="fout", melding="I 1.1.1: buiten bereik", facts={"waarden": 3})
Give = Callable[[], Iterator[TableResult]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"IMPACT_KPI_DATA": str(tmp_path / "data"), "IMPACT_KPI_SOURCES": "http://127.0.0.1:9"})


@pytest.fixture
def known() -> Registry:
    made = registry([ONE, OTHER], [row("80001NED", "aandeel", jaren="2012-")], CONTEXT.kpis)
    return replace(made, expectations=CONTEXT.expectations)


def run(settings: Settings, known: Registry, give: Give, selection: dg.AssetSelection | None = None) -> Any:
    """One run of the step, with what it says of each check by table and name."""
    group = SourceGroup("proef", (ONE, OTHER), lambda _services, _transport, _progress: give())
    asset = source_asset(settings, group, known, SilentProgress())
    return dg.materialize([asset], instance=dg.DagsterInstance.ephemeral(), selection=selection, raise_on_error=False)


def said(result: Any) -> dict[tuple[str, str], dg.AssetCheckEvaluation]:
    return {(one.asset_key.path[-1], one.check_name): one for one in result.get_asset_check_evaluations()}


def ververst(settings: Settings, **more: Any) -> TableResult:
    edition = commit(settings.locations.lake, usual(), identity="live", **more)
    return TableResult(BRON, "ververst", edition, rows=edition.manifest.rows)


def test_a_new_edition_tells_of_every_check(settings: Settings, known: Registry) -> None:
    """A check that is not evaluated looks the same as one that passed a year ago."""
    result = run(settings, known, lambda: iter([ververst(settings)]))
    assert result.success
    evaluated = said(result)
    assert {name for key, name in evaluated if key == "80001NED"} == {"ververst", *APPLIES["cbs"]}
    assert {name for key, name in evaluated if key == "80002NED"} == {"ververst"}
    assert evaluated["80001NED", "landelijk"].passed
    assert evaluated["80001NED", "landelijk"].metadata["vergeleken"].value == 1


def test_an_unchanged_edition_tells_of_its_age_alone(settings: Settings, known: Registry) -> None:
    """Nothing was looked at but the catalogue: saying more would be saying it without looking."""
    edition = commit(settings.locations.lake, usual(), identity="live", modified="2020-01-01T02:00:00")
    result = run(settings, known, lambda: iter([TableResult(BRON, "ongewijzigd", edition)]))
    evaluated = said(result)
    assert {name for key, name in evaluated if key == "80001NED"} == {"ververst", "versheid"}
    late = evaluated["80001NED", "versheid"]
    assert (late.passed, late.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "I 1.1.1, I 1.3.1: tabel 80001NED is jaarlijks" in (late.description or "")
    assert result.success


def test_what_failed_when_an_edition_came_in_is_said_for_as_long_as_it_is_in_use(
    settings: Settings, known: Registry
) -> None:
    """The next night without news would be told as "alles is weer in orde", with the same doubtful figures in use."""
    edition = commit(settings.locations.lake, usual(), identity="live")
    thin = EditionCheck("dekking", passed=False, melding="I 1.1.1: 93 % van de gemeenten")
    doubted = replace(edition, manifest=replace(edition.manifest, checks=(*edition.manifest.checks, thin)))
    result = run(settings, known, lambda: iter([TableResult(BRON, "ongewijzigd", doubted)]))
    assert {name for key, name in said(result) if key == "80001NED"} == {"ververst", "dekking", "versheid"}
    assert (said(result)["80001NED", "dekking"].passed, result.success) == (False, True)


def test_a_refused_edition_shows_its_check_and_stops_nothing(settings: Settings, known: Registry) -> None:
    """The edition of before is sound: stopping the mart for it would punish all other sources."""
    before = commit(settings.locations.lake, usual())
    refused = TableResult(BRON, "fout", before, "geweigerd", checks=(FAILED,), verouderd_sinds=datetime.now(UTC))
    result = run(settings, known, lambda: iter([refused]))
    found = said(result)["80001NED", "bereik"]
    assert (found.passed, found.severity, found.blocking) == (False, dg.AssetCheckSeverity.ERROR, False)
    assert found.description == "I 1.1.1: buiten bereik"
    assert found.metadata["waarden"].value == 3
    assert said(result)["80001NED", "ververst"].passed is False
    assert result.success
    assert current_edition(settings.locations.lake, BRON) == before


def test_a_selection_of_one_table_tells_of_that_one(settings: Settings, known: Registry) -> None:
    """The host is refreshed as a whole, but what was not asked for is not reported as done."""
    result = run(settings, known, lambda: iter([ververst(settings)]), dg.AssetSelection.assets(table_key(OTHER)))
    assert result.success
    done = {event.asset_key.path[-1] for event in result.get_asset_materialization_events() if event.asset_key}
    assert done == {"80002NED"}
    assert {key for key, _ in said(result)} == {"80002NED"}
    assert set(load_results(settings.results, settings.locations.lake, [ONE, OTHER])) == {ONE.bron_id, OTHER.bron_id}


def test_a_check_can_be_run_by_itself(settings: Settings, known: Registry) -> None:
    """The button beside a check in the UI would fail."""
    selection = dg.AssetSelection.checks(dg.AssetCheckKey(table_key(ONE), "landelijk"))
    result = run(settings, known, lambda: iter([ververst(settings)]), selection)
    assert result.success
    assert set(said(result)) == {("80001NED", "landelijk")}


def test_every_check_says_in_one_sentence_what_to_do(known: Registry) -> None:
    """A red check with a bare name sends its reader to the source code."""
    for specs in (check_specs(one, table_key(one)) for one in known.tables.values()):
        assert [spec.name for spec in specs] == ["ververst", *APPLIES["cbs"]]
        assert all("; z" in (spec.description or "") and not spec.blocking for spec in specs)


def test_what_was_checked_is_known_between_runs(settings: Settings, known: Registry) -> None:
    """The report of the night reads it after the run, and so does the site."""
    run(settings, known, lambda: iter([ververst(settings)]))
    look = load_results(settings.results, settings.locations.lake, [ONE])[ONE.bron_id]
    assert {check.name for check in look.result.checks} == set(APPLIES["cbs"])


def test_a_look_of_the_release_before_is_still_read(settings: Settings) -> None:
    """After an upgrade the first thing that runs reads what the old release wrote."""
    store_result(settings.results, TableResult(BRON, "niet_nodig", None, checks=(FAILED,)))
    file = settings.results / f"{BRON}.json"
    stored = json.loads(file.read_text())
    assert stored.pop("checks")[0]["melding"] == FAILED.melding
    file.write_text(json.dumps(stored))
    assert load_results(settings.results, settings.locations.lake, [ONE])[BRON].result.checks == ()


def test_a_refresh_beside_another_is_refused_without_a_retry(settings: Settings, known: Registry) -> None:
    """Two refreshes of one lake, or a run that waits minutes to be told the same again."""
    script = f"""
import time
from pathlib import Path
from orchestration.lock import refresh_lock
with refresh_lock(Path({str(settings.lock)!r})):
    print("bezig", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "bezig\n"
            result = run(settings, known, lambda: iter([ververst(settings)]))
        finally:
            other.kill()
    assert not result.success
    assert not [event for event in result.all_events if event.is_step_up_for_retry]
    assert current_edition(settings.locations.lake, BRON) is None


def test_what_raises_is_tried_again(settings: Settings, known: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that was full for a moment would cost a whole night."""
    tries: list[int] = []

    def give() -> Iterator[TableResult]:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("schijf vol")
        yield ververst(settings)

    monkeypatch.setattr("orchestration.source_assets.RETRY", dg.RetryPolicy(max_retries=2, delay=0))
    assert run(settings, known, give).success
    assert len(tries) == 2
