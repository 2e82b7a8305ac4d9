"""What came of a night: `laatste_run.json` for machines, and what has to happen after a night, however it was started.

What a person reads of it is made in report_text.py; who is told when something is wrong, in notify.py.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from orchestration.checks import kpis_of
from orchestration.ghosts import bury_ghosts
from orchestration.jobs import BY_COMMAND, STARTED_BY
from orchestration.night_events import MART_STEP, SOURCE_STEP, FailedCheck, NightEvents, read_events
from orchestration.notify import tell
from orchestration.places import without_places
from orchestration.results import LastLook, load_results
from orchestration.retention import prune
from orchestration.settings import REGISTRY, Settings
from sources.registry import Registry, SourceTable, load_registry
from sources.whole_file import write_whole

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastRun:
    """One refresh in figures.

    Attributes:
        gestart, klaar: UTC ISO times.
        soort: demo, recorded or live.
        run_id: Dagster run; empty when it came to none.
        gelukt: whether every step succeeded.
        bronnen: one entry per source table of the registry.
        publicatie: its state and id, or None when nothing was published.
        warnings: failed checks that did not stop the publication.
        failures: steps and tests that did.
        tijden: seconds per part of the night.
        controles: every check that failed, with asset, name, severity, sentence and KPIs.
    """

    gestart: str
    klaar: str
    soort: str
    run_id: str
    gelukt: bool
    bronnen: list[dict[str, Any]]
    publicatie: dict[str, Any] | None
    warnings: list[str]
    failures: list[str]
    tijden: dict[str, float] = field(default_factory=dict)
    controles: list[dict[str, Any]] = field(default_factory=list)

    @property
    def stale(self) -> list[dict[str, Any]]:
        """Sources whose edition could not be checked or renewed."""
        return [source for source in self.bronnen if source["verouderd_sinds"]]


def finish_run(
    settings: Settings,
    instance: dg.DagsterInstance,
    run_id: str,
    started: datetime,
    *,
    before: Mapping[str, float] | None = None,
) -> LastRun:
    """Report a run that has ended, tell who wants to know, and clean up.

    Args:
        settings: of the run.
        instance: whose history the run is in.
        run_id: the run.
        started: when the night began.
        before: seconds of what came before the run itself, by part.
    """
    last_run = _report(settings, instance, run_id, started, before or {})
    prune(settings, instance)
    return last_run


def bury_and_tell(settings: Settings, instance: dg.DagsterInstance) -> None:
    """Mark the runs whose process was killed as failed, and report those that the command had started.

    Nobody else does: the command is gone, and the sensors leave its runs to it.
    """
    for run in bury_ghosts(instance):
        if run.tags.get(STARTED_BY) == BY_COMMAND:
            record = instance.get_run_record_by_id(run.run_id)
            begun = record.create_timestamp if record is not None else datetime.now(UTC)
            _report(settings, instance, run.run_id, begun.astimezone(UTC), {})


def _report(
    settings: Settings, instance: dg.DagsterInstance, run_id: str, started: datetime, before: Mapping[str, float]
) -> LastRun:
    events = read_events(instance, run_id)
    registry = load_registry(REGISTRY)
    looks = load_results(settings.results, settings.locations.lake, registry.tables.values())
    last_run = LastRun(
        gestart=started.isoformat(timespec="seconds"),
        klaar=datetime.now(UTC).isoformat(timespec="seconds"),
        soort=settings.locations.soort,
        run_id=run_id,
        gelukt=events.gelukt,
        bronnen=[
            _source(table, looks[table.bron_id], started, registry, events)
            for table in registry.tables.values()
            if table.bron_id in looks
        ],
        publicatie=events.publicatie,
        warnings=[check.sentence for check in events.checks if not check.stops],
        failures=[*(check.sentence for check in events.checks if check.stops), *events.failures],
        tijden=_times(events, started, before),
        controles=[_check(check, registry) for check in events.checks],
    )
    if events.refused:
        # Whoever held the lock reports what became of the data tonight.
        tell(settings, asdict(last_run))
    else:
        finish(settings, last_run)
    return last_run


def failed_outside_run(
    settings: Settings, error: BaseException, started: datetime, what: str = "kon niet beginnen"
) -> LastRun:
    """Report a night that no run can speak for: what it is made of, or its history, could not be read or written."""
    last_run = _without_run(settings, error, started, what)
    finish(settings, last_run)
    return last_run


def tell_refusal(settings: Settings, error: BaseException) -> None:
    """Tell that no night can begin with these settings; the report stays that of the last night there was."""
    tell(settings, asdict(_without_run(settings, error, datetime.now(UTC), "kon niet beginnen")))


def _without_run(settings: Settings, error: BaseException, started: datetime, what: str) -> LastRun:
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return LastRun(
        gestart=started.isoformat(timespec="seconds"),
        klaar=datetime.now(UTC).isoformat(timespec="seconds"),
        soort=settings.locations.soort,
        run_id="",
        gelukt=False,
        bronnen=[],
        publicatie=None,
        warnings=[],
        failures=[f"de verversing {what}: {without_places(line, settings)}"],
    )


def finish(settings: Settings, last_run: LastRun) -> None:
    """Write the report and tell whoever wants to know; neither can change how the night ended."""
    try:
        write_last_run(settings, last_run)
    except OSError as error:
        # A full disk: the night has its outcome, and whoever is told has to hear of it.
        _log.warning("laatste_run.json could not be written: %s", error)
    tell(settings, asdict(last_run))


def write_last_run(settings: Settings, last_run: LastRun) -> None:
    """Write `laatste_run.json` beside the link `actueel`, unless a later night has done so already."""
    target = settings.locations.last_run
    if _started_of(settings) > last_run.gestart:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, json.dumps(asdict(last_run), ensure_ascii=False, indent=1) + "\n")


def _started_of(settings: Settings) -> str:
    try:
        return str(json.loads(settings.locations.last_run.read_text(encoding="utf-8"))["gestart"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _source(
    table: SourceTable, look: LastLook, started: datetime, registry: Registry, events: NightEvents
) -> dict[str, Any]:
    found = look.result
    fresh = look.looked_at >= started
    asset = _asset(table)
    return {
        "bron_id": table.bron_id,
        "tabel": table.table_id,
        "titel": table.titel,
        "state": found.state,
        "rijen": found.rows,
        "bytes": found.bytes if fresh else 0,
        "verzoeken": found.requests if fresh else 0,
        "editie": found.edition.edition_id if found.edition else None,
        "melding": found.melding,
        "problemen": [problem.melding for problem in found.problems],
        "gekeken_op": look.looked_at.isoformat(timespec="seconds"),
        "verouderd_sinds": found.verouderd_sinds.isoformat() if found.verouderd_sinds else None,
        "kpis": kpis_of(table, registry),
        "controles": [
            {"naam": check.naam, "melding": check.melding} for check in events.checks if check.asset == asset
        ],
    }


def _check(check: FailedCheck, registry: Registry) -> dict[str, Any]:
    table = next((table for table in registry.tables.values() if _asset(table) == check.asset), None)
    return {
        "asset": check.asset,
        "naam": check.naam,
        "ernst": "fout" if check.fout else "waarschuwing",
        "melding": check.melding,
        "bron_id": table.bron_id if table else None,
        "kpis": kpis_of(table, registry) if table else list(check.kpis),
    }


def _asset(table: SourceTable) -> str:
    return f"lake/{table.bron}/{table.table_id}"


def _times(events: NightEvents, started: datetime, before: Mapping[str, float]) -> dict[str, float]:
    """Seconds per part; `rest` is what no part accounts for, so that the parts add up to `totaal`."""
    parts = dict(before) or {"starten": max(0.0, events.planned - started.timestamp())}
    parts["run klaarzetten"] = events.started - events.planned
    for step, seconds in events.seconds.items():
        name = step
        if step.startswith(SOURCE_STEP):
            name = f"bron {step.removeprefix(SOURCE_STEP)}"
        elif step == MART_STEP:
            name = "dbt"
        elif step.startswith("publicatie"):
            name = "publiceren"
        else:
            continue
        parts[name] = seconds
    ended = time.time() if before else events.ended
    total = ended - started.timestamp()
    parts["rest"] = max(0.0, total - sum(parts.values()))
    return {name: round(seconds, 2) for name, seconds in {**parts, "totaal": total}.items()}
