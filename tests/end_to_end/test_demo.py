"""The main job on the demo archive, as `make mart` runs it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.lock import refresh_lock
from tests.end_to_end.conftest import REPOSITORY, Night, run_night

pytestmark = pytest.mark.xdist_group("demo")

# What demo data must fill: every KPI of the model that has an open series.
OPEN_KPIS = 33
_NOTHING_CHANGED = "de mart blijft zoals hij is"


def test_every_kpi_with_an_open_series_has_figures(demo_night: Night) -> None:
    """A series that fails to resolve would leave its KPI empty while the run is green."""
    found = demo_night.query(
        "select count(distinct kpi_id) from kpi_waarde where waarde is not null and herkomst = 'open'"
    )
    assert found[0][0] >= OPEN_KPIS


def test_every_kpi_of_the_model_has_a_row_in_kpi_dekking(demo_night: Night) -> None:
    """A KPI would silently disappear."""
    families = dict(
        demo_night.query(
            """select familie, count(distinct kpi_id) from kpi_dekking
            join kpi using (kpi_id, model_versie) group by familie"""
        )
    )
    assert families == {
        "impact": 40,
        "effect": 35,
        "activiteit": 42,
        "kwaliteit": 4,
        "professional": 8,
        "bereik": 7,
    }
    assert demo_night.query("select count(*) from kpi_dekking where status <> 'beschikbaar' and reden is null") == [
        (0,)
    ]


def test_all_gemeenten_are_there(demo_night: Night) -> None:
    """A gemeente would be missing from every list."""
    assert demo_night.query("select count(*) from gemeente where soort_gebied = 'gemeente'") == [(342,)]


def test_a_missing_figure_always_has_a_reason_and_a_figure_never_has_one(demo_night: Night) -> None:
    """An advisor would meet a bare null, or a figure that says that it is not there."""
    assert demo_night.query(
        "select count(*) from kpi_waarde where (waarde is null) <> (ontbreekt_reden is not null)"
    ) == [(0,)]


def test_demo_data_says_so(demo_night: Night) -> None:
    """Somebody would use invented figures."""
    assert demo_night.query("select soort from publicatie") == [("demo",)]
    assert "demo" in (demo_night.publication / "LEESMIJ.txt").read_text(encoding="utf-8").lower()


def test_each_figure_leads_to_its_table_edition_and_request(demo_night: Night) -> None:
    """A figure could not be traced to its source."""
    bron_id, editie = demo_night.query(
        "select bron_id, editie from kpi_waarde where kpi_id = 'I 3.3.2' and waarde is not null limit 1"
    )[0]
    manifest = json.loads((demo_night.data / "demo" / "lake" / bron_id / editie / "manifest.json").read_text())
    pages = [request for request in manifest["requests"] if "TypedDataSet?" in request["url"]]
    assert pages
    assert all(len(page["sha256"]) == 64 for page in pages)
    # Every figure comes with a row for each of its two bounds, which are not counted as figures.
    assert sum(page["rows"] for page in pages) == 3 * manifest["rows"]
    assert manifest["schema_fingerprint"]


@pytest.fixture(scope="module")
def quiet_night(demo_night: Night) -> Night:
    """A night in which nothing changed: `demo_night` itself, where it went on from what `make mart` left."""
    return demo_night if _NOTHING_CHANGED in demo_night.output else run_night(demo_night.data, "demo")


@pytest.fixture
def history(quiet_night: Night, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """What Dagster heard of every night."""
    monkeypatch.setenv("IMPACT_KPI_DAGSTER", str(quiet_night.data / "demo" / "dagster"))
    with dg.DagsterInstance.from_config(str(REPOSITORY)) as instance:
        yield instance


def test_a_night_with_nothing_changed_downloads_builds_and_publishes_nothing(quiet_night: Night) -> None:
    """Every night would download and build everything again."""
    assert quiet_night.status == 0, quiet_night.output
    assert _NOTHING_CHANGED in quiet_night.output
    assert "Publicatie ongewijzigd" in quiet_night.output
    assert quiet_night.last_run["publicatie"]["state"] == "ongewijzigd"
    states = {source["state"] for source in quiet_night.last_run["bronnen"]}
    assert states <= {"ongewijzigd", "niet_nodig", "ontbreekt"}
    assert sum(source["bytes"] for source in quiet_night.last_run["bronnen"]) == 0


@pytest.mark.parametrize(
    "key",
    [("lake", "cbs", "03759ned"), ("marts", "kpi_waarde"), ("marts", "kpi_gemeente"), ("publicatie", "mart")],
    ids="/".join,
)
def test_what_did_not_change_keeps_its_data_version(history: dg.DagsterInstance, key: tuple[str, ...]) -> None:
    """An unchanged table would look like a revision to whoever watches the asset."""
    found = history.fetch_materializations(dg.AssetKey(key), limit=2).records
    versions = [record.asset_materialization.tags["dagster/data_version"] for record in found]
    assert len(versions) == 2
    assert versions[0] == versions[1]


def test_a_mart_that_was_left_alone_says_so(history: dg.DagsterInstance) -> None:
    """Green and silent, it would look as if it had been built."""
    event = history.get_latest_materialization_event(dg.AssetKey(["marts", "kpi_gemeente"]))
    assert event.asset_materialization.metadata["ongewijzigd"].value is True


def test_the_readmes_query_gives_the_readmes_answer(demo_night: Night) -> None:
    """A newcomer's first query would give something else than the README promises."""
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    shown = re.search(r'^\$ \S+impact-kpi query "(?P<sql>.*?)"\n(?P<answer>.*?)\n```', readme, re.DOTALL | re.MULTILINE)
    assert shown is not None
    asked = subprocess.run(
        [str(Path(sys.executable).with_name("impact-kpi")), "--soort", "demo", "query", shown["sql"]],
        env={**os.environ, "IMPACT_KPI_DATA": str(demo_night.data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert [line.rstrip() for line in asked.stdout.splitlines()] == shown["answer"].splitlines()


def test_two_refreshes_at_once_are_refused_and_say_who_has_the_lock(demo_night: Night) -> None:
    """Two nights would write the same warehouse."""
    with refresh_lock(demo_night.data / "demo" / "ververs.lock"):
        refused = run_night(demo_night.data, "demo")
    assert refused.status == 3
    assert f"Er loopt al een verversing (proces {os.getpid()}, sinds " in refused.output
