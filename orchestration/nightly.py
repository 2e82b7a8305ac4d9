"""`python -m orchestration.nightly`: the whole night as one command, with its own exit status.

Exit status: 0 published, or nothing new · 1 failed, the previous publication stands · 2 published, but a source
failed or a warning test did · 3 another refresh is running · 4 wrong settings. Dagster's own status is 0 when a
non-blocking check fails, so it cannot be used.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import click
import dagster as dg
from rich.console import Console

from orchestration.jobs import NIGHTLY
from orchestration.lock import RefreshBusyError, refresh_lock
from orchestration.profile import read_profile
from orchestration.progress import terminal_progress
from orchestration.report import print_report, write_last_run
from orchestration.settings import Settings, apply_environment, load_settings

# Read by dbt (int_batch): asks for a new batch before the first night of the month.
BATCH_VARIABLE = "IMPACT_KPI_BATCH"
EXIT_OK, EXIT_FAILED, EXIT_STALE, EXIT_BUSY, EXIT_USAGE = 0, 1, 2, 3, 4


@click.command(help="Ververs de bronnen, bouw de mart en publiceer hem.")
@click.option("--alleen-manifest", is_flag=True, help="Lees alleen het dbt-project in; haal niets op.")
@click.option(
    "--batch", is_flag=True, help="Publiceer ook de eigen cijfers van de nieuwste levering, als nieuwe batch."
)
def main(alleen_manifest: bool, batch: bool) -> None:
    """Run one refresh and leave with its exit status."""
    try:
        settings = load_settings()
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
    started = datetime.now(UTC)
    from orchestration.definitions import build_defs  # noqa: PLC0415 - after the environment is set

    with terminal_progress(console) as progress, output_to(settings.log):
        progress.step("dbt-project inlezen")
        definitions = build_defs(settings=settings, progress=progress)
        with dg.DagsterInstance.get() as instance:
            result = definitions.resolve_job_def(NIGHTLY).execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config={"loggers": {"console": {"config": {"log_level": "WARNING"}}}},
            )
    prune_dbt_runs(settings)
    last_run = write_last_run(settings, result, started)
    print_report(console, last_run)
    if not result.success:
        return EXIT_FAILED
    return EXIT_STALE if last_run.warnings else EXIT_OK


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


def prune_dbt_runs(settings: Settings) -> None:
    """Remove the folder that each Dagster run leaves in dbt's target folder."""
    for folder in settings.target.glob("kpi_mart-*"):
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
