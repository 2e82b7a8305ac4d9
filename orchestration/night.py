"""One night: the whole job in this process, from reading the definitions to the report.

`nightly` is the command around it, which refuses a wrong start before Dagster is imported.
"""

from __future__ import annotations

import logging
import os
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from rich.console import Console

from orchestration.ghosts import PID_TAG
from orchestration.jobs import BY_COMMAND, NIGHTLY, STARTED_BY
from orchestration.processes import be_polite, started_at
from orchestration.progress import Progress, terminal_progress
from orchestration.report import LastRun, bury_and_tell, failed_outside_run, finish_run
from orchestration.report_text import print_report
from orchestration.settings import Settings


def refresh(settings: Settings, console: Console) -> LastRun:
    """Run the nightly job in this process and print what came of it."""
    warnings.filterwarnings("ignore", category=dg.BetaWarning)
    be_polite()
    begun = datetime.fromtimestamp(started_at(os.getpid()) or time.time(), UTC)
    with terminal_progress(console) as progress, output_to(settings.log):
        progress.step("dbt-project inlezen")
        what = "kon niet beginnen"
        try:
            definitions, before = _read_definitions(settings, progress, begun)
            what = "is onderweg gestopt"
            last_run = _run(settings, definitions, begun, before)
        except Exception as error:
            # What a run cannot report itself, such as a history that is not to be written, is a night that failed.
            logging.getLogger(__name__).exception("the night ended outside its run")
            last_run = failed_outside_run(settings, error, begun, what)
    print_report(console, last_run)
    return last_run


def _read_definitions(
    settings: Settings, progress: Progress, begun: datetime
) -> tuple[dg.Definitions, dict[str, float]]:
    """Make the definitions; gives the seconds that took, and those of starting this process before it."""
    from orchestration.definitions import build_defs  # noqa: PLC0415 - after the environment is set

    loaded = time.time()
    definitions = build_defs(settings=settings, progress=progress)
    return definitions, {"starten": loaded - begun.timestamp(), "dbt-project inlezen": time.time() - loaded}


def _run(settings: Settings, definitions: dg.Definitions, begun: datetime, before: dict[str, float]) -> LastRun:
    """Run the job on the history of this installation, and do what comes after it."""
    with dg.DagsterInstance.get() as instance:
        bury_and_tell(settings, instance)
        result = definitions.resolve_job_def(NIGHTLY).execute_in_process(
            instance=instance,
            raise_on_error=False,
            tags={STARTED_BY: BY_COMMAND, PID_TAG: str(os.getpid())},
            run_config={"loggers": {"console": {"config": {"log_level": "WARNING"}}}},
        )
        return finish_run(settings, instance, result.run_id, begun, before=before)


@contextmanager
def output_to(log: Path) -> Iterator[None]:
    """Send what dbt and Dagster print to a file, so that a person sees steps and not 500 lines of tests."""
    log.parent.mkdir(parents=True, exist_ok=True)
    root = logging.getLogger()
    with log.open("w", encoding="utf-8") as handle, redirect_stdout(handle), redirect_stderr(handle):
        # cbsodata logs while it is imported, which gives the root logger a handler on the terminal.
        before, root.handlers = root.handlers, [logging.StreamHandler(handle)]
        try:
            yield
        finally:
            root.handlers = before
