"""What the events of one run say: which checks failed, which steps did, and where the time went.

Reads the history that Dagster keeps, so that a run of the command, of the daemon and of the UI are reported alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster import DagsterEventType as Kind

from orchestration.lock import REFUSED
from orchestration.publication import PUBLICATION_KEY

MART_STEP = "kpi_mart"
SOURCE_STEP = "bron_"
_LAKE = "lake"
# A key of a source table: lake / family / table id.
_SOURCE_DEPTH = 3
_ENDED = {Kind.STEP_SUCCESS, Kind.STEP_FAILURE}
_READ = {
    Kind.ASSET_MATERIALIZATION_PLANNED,
    Kind.ASSET_MATERIALIZATION,
    Kind.ASSET_CHECK_EVALUATION,
    Kind.STEP_START,
    Kind.STEP_SUCCESS,
    Kind.STEP_FAILURE,
    Kind.RUN_START,
    Kind.RUN_SUCCESS,
    Kind.RUN_FAILURE,
    Kind.RUN_CANCELED,
}


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that did not pass.

    Attributes:
        asset: key of what was checked, with slashes.
        naam: name of the check.
        fout: whether it is an error, not a warning.
        melding: Dutch sentence: what is wrong, with KPI, table and remedy.
        kpis: ids of the KPIs that a dbt test touches; those of a source table are in the registry.
    """

    asset: str
    naam: str
    fout: bool
    melding: str
    kpis: tuple[str, ...] = ()

    @property
    def of_source(self) -> bool:
        """Whether it is about a source table: its older edition stays in use, so it stops nothing."""
        parts = self.asset.split("/")
        return parts[0] == _LAKE and len(parts) == _SOURCE_DEPTH

    @property
    def stops(self) -> bool:
        """Whether nothing may be published with it."""
        return self.fout and not self.of_source

    @property
    def sentence(self) -> str:
        """As a person reads it."""
        return f"{self.asset}, toets {self.naam}: {self.melding}"


@dataclass(frozen=True, slots=True)
class NightEvents:
    """One run, read from the history.

    Attributes:
        gelukt: whether every step succeeded.
        checks: those that failed, in order.
        failures: steps that failed, and a run that did without one.
        refused: whether it did nothing, because another refresh was running.
        publicatie: state, id and number of revised figures, or None when there is none.
        seconds: per step how long it took.
        planned, started, ended: when Dagster began to write down what the run would do, when the first step could
            begin and when the run was over (seconds since 1970).
    """

    gelukt: bool
    checks: tuple[FailedCheck, ...]
    failures: tuple[str, ...]
    refused: bool
    publicatie: dict[str, Any] | None
    seconds: Mapping[str, float]
    planned: float
    started: float
    ended: float


def read_events(instance: dg.DagsterInstance, run_id: str) -> NightEvents:
    """Read one run from the history."""
    entries = instance.all_logs(run_id, of_type=_READ)
    events = [(entry.timestamp, entry.dagster_event) for entry in entries if entry.dagster_event is not None]
    moments = [at for at, _ in events] or [0.0]
    begun = [at for at, event in events if event.event_type == Kind.RUN_START]
    run = instance.get_run_by_id(run_id)
    only_events = [event for _, event in events]
    return NightEvents(
        gelukt=run is not None and run.status == dg.DagsterRunStatus.SUCCESS,
        checks=tuple(_failed_checks(only_events)),
        failures=tuple(_failures(only_events)),
        refused=any(_is_refusal(event) for event in only_events),
        publicatie=_publication(only_events),
        seconds=_seconds(events),
        planned=min(moments),
        started=begun[0] if begun else min(moments),
        ended=max(moments),
    )


def _failed_checks(events: Sequence[dg.DagsterEvent]) -> list[FailedCheck]:
    # A step that is tried again says the same twice: the last word counts.
    last: dict[tuple[str, str], Any] = {}
    for event in events:
        if event.event_type == Kind.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            last[check.asset_key.to_user_string(), check.check_name] = check
    return [
        FailedCheck(asset, name, check.severity == dg.AssetCheckSeverity.ERROR, _told(check), _kpis(check))
        for (asset, name), check in last.items()
        if not check.passed
    ]


def _kpis(check: Any) -> tuple[str, ...]:
    # Of a source table it is a text, cut short for people.
    listed = getattr(check.metadata.get("kpis"), "value", None)
    return tuple(map(str, listed)) if isinstance(listed, list) else ()


def _told(check: Any) -> str:
    told = check.metadata.get("melding")
    if told is not None and told.value:
        return str(told.value)
    rows = check.metadata.get("dagster_dbt/failed_row_count")
    count = f" ({rows.value} rijen)" if rows is not None else ""
    return (check.description or "niet gehaald; zie het verslag van dbt in ververs.log") + count


def _failures(events: Sequence[dg.DagsterEvent]) -> list[str]:
    steps = [
        f"stap {event.step_key}: {_error_line(event)}" for event in events if event.event_type == Kind.STEP_FAILURE
    ]
    if steps:
        return steps
    return [
        (event.message or "de run is afgebroken").strip().splitlines()[0]
        for event in events
        if event.event_type in (Kind.RUN_FAILURE, Kind.RUN_CANCELED)
    ]


def _is_refusal(event: dg.DagsterEvent) -> bool:
    if event.event_type != Kind.STEP_FAILURE:
        return False
    said = event.step_failure_data.user_failure_data
    return said is not None and REFUSED in said.metadata


def _error_line(event: dg.DagsterEvent) -> str:
    said = event.step_failure_data.user_failure_data
    if said is not None and said.description:
        # A failure of our own: its sentence, without the name of Dagster's class.
        return str(said.description).strip().splitlines()[0]
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    lines = error.message.strip().splitlines() if error is not None else []
    return lines[0] if lines else "onbekend"


def _publication(events: Sequence[dg.DagsterEvent]) -> dict[str, Any] | None:
    for event in events:
        if event.event_type == Kind.ASSET_MATERIALIZATION and event.asset_key == PUBLICATION_KEY:
            metadata = event.step_materialization_data.materialization.metadata
            return {
                "state": metadata["staat"].value,
                "publicatie_id": metadata["publicatie_id"].value,
                "herzien": metadata["herziene_cijfers"].value,
            }
    return None


def _seconds(events: Sequence[tuple[float, dg.DagsterEvent]]) -> dict[str, float]:
    """Seconds per step, tries that failed and the waits between them included."""
    begun: dict[str, float] = {}
    took: dict[str, float] = {}
    for at, event in events:
        if event.step_key is None:
            continue
        if event.event_type == Kind.STEP_START:
            begun.setdefault(event.step_key, at)
        elif event.event_type in _ENDED and event.step_key in begun:
            took[event.step_key] = at - begun[event.step_key]
    return took
