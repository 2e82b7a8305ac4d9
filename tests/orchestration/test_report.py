"""What a night says of itself, read from Dagster's history: the command and the daemon report alike."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from rich.console import Console

from orchestration.ghosts import PID_TAG
from orchestration.jobs import BY_COMMAND, BY_SCHEDULE, NIGHTLY, STARTED_BY, build_jobs
from orchestration.lock import REFUSED
from orchestration.publication import PUBLICATION_KEY
from orchestration.report import LastRun, bury_and_tell, failed_outside_run, finish_run
from orchestration.report_text import print_report
from orchestration.results import store_result
from orchestration.sensors import build_sensors
from orchestration.settings import REGISTRY, Settings, load_settings
from serving.last_run import read_last_run
from sources.registry import load_registry
from sources.results import TableResult

WARN, ERROR = dg.AssetCheckSeverity.WARN, dg.AssetCheckSeverity.ERROR
TABLE = "rivm_50150NED"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"IMPACT_KPI_DATA": str(tmp_path / "data")})


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:
        yield instance


def key(bron_id: str = TABLE) -> dg.AssetKey:
    table = load_registry(REGISTRY).tables[bron_id]
    return dg.AssetKey(["lake", table.bron, table.table_id])


def night(
    instance: dg.DagsterInstance,
    *,
    source: dg.AssetCheckSeverity | None = None,
    mart: dg.AssetCheckSeverity | None = None,
    broken: bool = False,
    refused: bool = False,
    tags: dict[str, str] | None = None,
) -> str:
    """Run a night of three steps with the names of the real one; gives its run id.

    Args:
        instance: the history.
        source: a check of the source table fails with this severity.
        mart: a check of the mart fails with this severity; with an error nothing is published.
        broken: the step of the mart raises.
        refused: the first step did not get the lock.
        tags: of the run.
    """

    @dg.multi_asset(
        name="bron_dataderden",
        specs=[dg.AssetSpec(key())],
        check_specs=[dg.AssetCheckSpec("versheid", asset=key())],
    )
    def bron() -> Iterator[Any]:
        if refused:
            raise dg.Failure("Er loopt al een verversing (proces 4242).", metadata={REFUSED: True})
        check = dg.AssetCheckResult(
            asset_key=key(),
            check_name="versheid",
            passed=source is None,
            severity=source or WARN,
            metadata={"melding": "I 3.3.2, tabel 50150NED: te oud; kijk bij de dienst"},
        )
        yield dg.MaterializeResult(asset_key=key(), check_results=[check])

    @dg.multi_asset(
        name="kpi_mart",
        specs=[dg.AssetSpec(["marts", "kpi_waarde"], deps=[key()])],
        check_specs=[dg.AssetCheckSpec("bereik", asset=["marts", "kpi_waarde"], blocking=True)],
    )
    def kpi_mart() -> Iterator[Any]:
        if broken:
            raise ValueError("het bestand is stuk\nmet een tweede regel")
        check = dg.AssetCheckResult(
            asset_key=["marts", "kpi_waarde"],
            check_name="bereik",
            passed=mart is None,
            severity=mart or WARN,
            description="een percentage ligt buiten 0 en 100",
            metadata={"kpis": ["A 3", "I 1.1.1"]},
        )
        yield dg.MaterializeResult(asset_key=["marts", "kpi_waarde"], check_results=[check])

    @dg.asset(key=PUBLICATION_KEY, deps=[dg.AssetKey(["marts", "kpi_waarde"])])
    def publicatie() -> dg.MaterializeResult[None]:
        metadata = {"staat": "gepubliceerd", "publicatie_id": "2026-11-22T033412-3f9c2a", "herziene_cijfers": 2}
        return dg.MaterializeResult(metadata=metadata)

    job = dg.define_asset_job(NIGHTLY, executor_def=dg.in_process_executor)
    defs = dg.Definitions(assets=[bron, kpi_mart, publicatie], jobs=[job])
    done = defs.resolve_job_def(NIGHTLY).execute_in_process(instance=instance, raise_on_error=False, tags=tags)
    return done.run_id


def told(last_run: LastRun) -> str:
    file = io.StringIO()
    print_report(Console(file=file, width=200), last_run)
    return file.getvalue()


def look(settings: Settings, state: Any = "ongewijzigd", since: datetime | None = None) -> None:
    """Keep a look at the table, as the source step does."""
    result = TableResult(bron_id=TABLE, state=state, edition=None, melding="dienst weg", verouderd_sinds=since)
    store_result(settings.results, result)


def test_a_good_night_is_reported_from_the_history(settings: Settings, instance: dg.DagsterInstance) -> None:
    """The report of the daemon would say something else than that of the command, or nothing."""
    started = datetime.now(UTC)
    look(settings)
    last_run = finish_run(settings, instance, night(instance), started)
    assert (last_run.gelukt, last_run.warnings, last_run.failures) == (True, [], [])
    assert last_run.publicatie == {
        "state": "gepubliceerd", "publicatie_id": "2026-11-22T033412-3f9c2a", "herzien": 2
    }  # fmt: skip
    stored = json.loads(settings.locations.last_run.read_text(encoding="utf-8"))
    # Read by others: what was there stays there.
    assert {"gestart", "klaar", "soort", "run_id", "gelukt", "bronnen", "publicatie", "warnings", "failures"} <= set(
        stored
    )
    (source,) = stored["bronnen"]
    assert {
        "bron_id", "tabel", "titel", "state", "rijen", "bytes", "verzoeken", "editie", "melding", "problemen",
        "gekeken_op", "verouderd_sinds",
    } <= set(source)  # fmt: skip
    assert "I 3.3.2" in source["kpis"]
    read = read_last_run(settings.locations.last_run)
    assert read is not None
    assert read.gelukt
    assert read.stale == []


def test_the_times_of_the_parts_add_up_and_stand_on_one_line(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Nobody could tell which part of the night to make faster."""
    started = datetime.now(UTC) - timedelta(seconds=3)
    before = {"starten": 1.25, "dbt-project inlezen": 1.0}
    times = finish_run(settings, instance, night(instance), started, before=before).tijden
    assert list(times) == [
        "starten", "dbt-project inlezen", "run klaarzetten", "bron dataderden", "dbt", "publiceren", "rest", "totaal"
    ]  # fmt: skip
    parts = sum(seconds for name, seconds in times.items() if name != "totaal")
    assert parts == pytest.approx(times["totaal"], abs=0.05)
    assert times["totaal"] >= 3.0
    assert times["dbt"] > 0
    shown = told(finish_run(settings, instance, night(instance), started, before=before))
    line = next(line for line in shown.splitlines() if line.startswith("Tijd "))
    assert re.fullmatch(
        r"Tijd [\d,]+ s: starten 1,2, dbt-project inlezen 1,0, run klaarzetten [\d,]+, "
        r"bron dataderden [\d,]+, dbt [\d,]+, publiceren [\d,]+, "
        r"rest [\d,]+",
        line,
    )


@pytest.mark.parametrize("severity", [WARN, ERROR])
def test_a_check_of_a_source_is_a_warning_whatever_its_severity(
    settings: Settings, instance: dg.DagsterInstance, severity: dg.AssetCheckSeverity
) -> None:
    """An edition that was refused never came into use: the night is published, and must not read as failed."""
    look(settings)
    last_run = finish_run(settings, instance, night(instance, source=severity), datetime.now(UTC))
    sentence = "lake/rivm/50150NED, toets versheid: I 3.3.2, tabel 50150NED: te oud; kijk bij de dienst"
    assert (last_run.gelukt, last_run.warnings, last_run.failures) == (True, [sentence], [])
    (check,) = last_run.controles
    assert check["bron_id"] == TABLE
    assert "I 3.3.2" in check["kpis"]
    assert check["ernst"] == ("fout" if severity == ERROR else "waarschuwing")
    assert last_run.bronnen[0]["controles"][0]["naam"] == "versheid"
    assert f"Let op: {sentence}" in told(last_run)


def test_a_blocking_check_stops_the_publication_and_is_a_failure(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    """Nobody would see which test kept the figures back."""
    last_run = finish_run(settings, instance, night(instance, mart=ERROR), datetime.now(UTC))
    assert not last_run.gelukt
    assert last_run.publicatie is None
    assert "marts/kpi_waarde, toets bereik: een percentage ligt buiten 0 en 100" in last_run.failures
    assert last_run.controles[0]["kpis"] == ["A 3", "I 1.1.1"]
    assert "Niet gepubliceerd." in told(last_run)


def test_a_step_that_raises_is_named_with_one_line(settings: Settings, instance: dg.DagsterInstance) -> None:
    """A page of Python would be mailed at night."""
    last_run = finish_run(settings, instance, night(instance, broken=True), datetime.now(UTC))
    assert last_run.failures == ["stap kpi_mart: ValueError: het bestand is stuk"]
    assert not last_run.gelukt


def test_what_is_stale_stands_there_with_its_kpis(settings: Settings, instance: dg.DagsterInstance) -> None:
    """An engineer would have to look up which figures a broken table touches, and since when."""
    look(settings, "fout", datetime(2026, 11, 19, 2, 31, tzinfo=UTC))
    last_run = finish_run(settings, instance, night(instance, source=WARN), datetime.now(UTC))
    line = next(line for line in told(last_run).splitlines() if line.startswith("Verouderd sinds"))
    assert line.startswith("Verouderd sinds 19-11-2026: 50150NED (")
    assert re.search(r"voedt [IE] \d", line)
    read = read_last_run(settings.locations.last_run)
    assert read is not None
    assert [source["bron_id"] for source in read.stale] == [TABLE]


def test_a_night_that_could_not_begin_is_reported_without_places(settings: Settings) -> None:
    """The report of the night before would pass for that of this one."""
    error = RuntimeError(f"dbt could not parse {settings.locations.data}/x\nmore")
    last_run = failed_outside_run(settings, error, datetime.now(UTC))
    assert last_run.failures == ["de verversing kon niet beginnen: dbt could not parse IMPACT_KPI_DATA/x"]
    read = read_last_run(settings.locations.last_run)
    assert read is not None
    assert not read.gelukt
    assert "Mislukt: de verversing kon niet beginnen" in told(last_run)


def test_a_run_that_is_reported_late_does_not_replace_a_newer_report(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    """A ghost that is buried in the morning would make a night that went well read as failed."""
    run_id = night(instance)
    newest = finish_run(settings, instance, run_id, datetime.now(UTC))
    finish_run(settings, instance, night(instance, broken=True), datetime.now(UTC) - timedelta(days=1))
    stored = json.loads(settings.locations.last_run.read_text(encoding="utf-8"))
    assert stored["run_id"] == newest.run_id == run_id


def test_a_full_disk_changes_nothing_about_how_the_night_ended(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    """A night that was published would end in a Python error after all."""
    run_id = night(instance)
    settings.locations.publications.parent.mkdir(parents=True)
    settings.locations.publications.write_text("a file where the folder should be")
    assert finish_run(settings, instance, run_id, datetime.now(UTC)).gelukt


def test_a_run_that_was_refused_beside_another_leaves_the_report_to_that_one(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    """The night that is running would publish, and pages and terminal would say until the next one that it failed."""
    last_run = finish_run(settings, instance, night(instance, refused=True), datetime.now(UTC))
    assert last_run.failures == ["stap bron_dataderden: Er loopt al een verversing (proces 4242)."]
    assert not settings.locations.last_run.exists()


@pytest.mark.parametrize(("by", "reported"), [(BY_COMMAND, True), (BY_SCHEDULE, False)])
def test_a_night_that_was_killed_is_reported_by_the_next_one(
    settings: Settings, instance: dg.DagsterInstance, by: str, reported: bool
) -> None:
    """Killed every night for want of memory, it would never be told; the sensor tells those of the daemon already."""
    tags = {STARTED_BY: by, PID_TAG: str(_dead_process())}
    instance.create_run_for_job(_empty_night, status=dg.DagsterRunStatus.STARTED, tags=tags)
    bury_and_tell(settings, instance)
    assert settings.locations.last_run.exists() is reported
    if reported:
        read = read_last_run(settings.locations.last_run)
        assert read is not None
        assert not read.gelukt
        stored = json.loads(settings.locations.last_run.read_text(encoding="utf-8"))
        assert any("afgebroken voordat het klaar was" in failure for failure in stored["failures"])


@dg.job(name=NIGHTLY)
def _empty_night() -> None:
    """Stands for a night whose steps do not matter."""


def _dead_process() -> int:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    return process.pid


@pytest.mark.parametrize(("by", "reported"), [(BY_SCHEDULE, True), (None, True), (BY_COMMAND, False)])
def test_the_sensor_finishes_a_run_that_did_not_come_from_the_command(
    settings: Settings, instance: dg.DagsterInstance, by: str | None, reported: bool
) -> None:
    """A night of the daemon would leave no report; one of the command would be reported and mailed twice."""
    (succeeded, _) = build_sensors(settings, build_jobs()[0])
    run_id = night(instance, tags={STARTED_BY: by} if by else None)
    record = instance.get_run_record_by_id(run_id)
    (event,) = instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_SUCCESS)
    context = dg.build_run_status_sensor_context(
        sensor_name="nacht_gelukt",
        dagster_event=event.dagster_event,
        dagster_instance=instance,
        dagster_run=record.dagster_run,
    )
    succeeded(context)
    assert settings.locations.last_run.exists() is reported
