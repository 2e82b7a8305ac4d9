"""Runs of processes that were killed: Dagster keeps them as running until somebody says that they are over.

One of them would hold the only place of `max_concurrent_runs`, and stand in the UI as busy for ever.
"""

from __future__ import annotations

import re
import time

import dagster as dg

from orchestration.processes import is_running, started_at

PID_TAG = "impact_kpi/pid"
_BUSY = (
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)
_PID = re.compile(r"\(pid: (\d+)\)")
# A process that started this much later than its run is another one with the same number.
_SLACK_SECONDS = 5.0
# A run that is starting has no process yet; after this long it never will.
_STARTING_SECONDS = 3600.0


def bury_ghosts(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Mark the runs whose process is gone as failed; gives them."""
    buried = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=list(_BUSY))):
        run = record.dagster_run
        begun = record.start_time or record.create_timestamp.timestamp()
        if _is_ghost(_process_of(instance, run), begun):
            instance.report_run_failed(
                run, message="Het proces van deze verversing is er niet meer: het is afgebroken voordat het klaar was."
            )
            buried.append(run)
    return buried


def _is_ghost(pid: int | None, begun: float) -> bool:
    if pid is None:
        return time.time() - begun > _STARTING_SECONDS
    if not is_running(pid):
        return True
    since = started_at(pid)
    return since is not None and since > begun + _SLACK_SECONDS


def _process_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> int | None:
    tagged = run.tags.get(PID_TAG, "")
    if tagged.isdecimal():
        return int(tagged)
    for entry in instance.all_logs(run.run_id, of_type={dg.DagsterEventType.ENGINE_EVENT}):
        # Only the process of the run itself: a launcher names others.
        if entry.dagster_event is not None and "Executing steps in process" in (entry.dagster_event.message or ""):
            found = _PID.search(entry.dagster_event.message or "")
            if found:
                return int(found[1])
    return None
