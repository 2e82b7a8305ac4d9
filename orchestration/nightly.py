"""`python -m orchestration.nightly`: the whole night as one command, with its own exit status.

Exit status: 0 published, or nothing new · 1 failed, the previous publication stands · 2 published, but a source
failed or a warning test did · 3 another refresh is running · 4 wrong settings. Dagster's own status is 0 when a
non-blocking check fails, so it cannot be used.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import click
import dagster as dg
from rich.console import Console

from orchestration.ghosts import PID_TAG, bury_ghosts
from orchestration.jobs import BY_COMMAND, NIGHTLY, STARTED_BY
from orchestration.lock import RefreshBusyError, refresh_lock
from orchestration.processes import be_polite, started_at
from orchestration.profile import read_profile
from orchestration.progress import Progress, terminal_progress
from orchestration.report import LastRun, failed_before_run, finish_run
from orchestration.report_text import print_report
from orchestration.settings import BATCH_VARIABLE, FULL_VARIABLE, Settings, apply_environment, load_settings

EXIT_OK, EXIT_FAILED, EXIT_STALE, EXIT_BUSY, EXIT_USAGE = 0, 1, 2, 3, 4


@click.command(help="Ververs de bronnen, bouw de mart en publiceer hem.")
@click.option("--alleen-manifest", is_flag=True, help="Lees alleen het dbt-project in; haal niets op.")
@click.option(
    "--batch", is_flag=True, help="Publiceer ook de eigen cijfers van de nieuwste levering, als nieuwe batch."
)
@click.option("--volledig", is_flag=True, help="Haal elke tabel opnieuw op en bouw alles opnieuw.")
def main(alleen_manifest: bool, batch: bool, volledig: bool) -> None:
    """Run one refresh and leave with its exit status."""
    try:
        settings = load_settings({**os.environ, FULL_VARIABLE: "ja"} if volledig else None)
        read_profile(settings)
    except ValueError as error:
        click.echo(f"Fout: {error}", err=True)
        sys.exit(EXIT_USAGE)
    apply_environment(settings)
    if batch:
        os.environ[BATCH_VARIABLE] = "nieuw"
    if alleen_manifest:
        from orchestration.project import ensure_manifest  # noqa: PLC0415 - dagster-dbt costs two seconds

        click.echo(ensure_manifest(settings))
        return
    try:
        with refresh_lock(settings.lock):
            sys.exit(refresh(settings, Console(file=sys.stdout)))
    except RefreshBusyError as error:
        click.echo(str(error), err=True)
        sys.exit(EXIT_BUSY)


def refresh(settings: Settings, console: Console) -> int:
    """Run the nightly job in this process and report it; returns the exit status."""
    warnings.filterwarnings("ignore", category=dg.BetaWarning)
    be_polite()
    begun = datetime.fromtimestamp(started_at(os.getpid()) or time.time(), UTC)
    with terminal_progress(console) as progress, output_to(settings.log):
        progress.step("dbt-project inlezen")
        try:
            definitions, before = _read_definitions(settings, progress, begun)
        except Exception as error:
            # Whatever keeps a night from beginning has to be told like a night that failed.
            logging.getLogger(__name__).exception("the night could not begin")
            last_run = failed_before_run(settings, error, begun)
        else:
            last_run = _run(settings, definitions, begun, before)
    print_report(console, last_run)
    if not last_run.gelukt:
        return EXIT_FAILED
    return EXIT_STALE if last_run.warnings else EXIT_OK


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
        bury_ghosts(instance)
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


if __name__ == "__main__":
    main()
