"""`python -m orchestration.nightly`: the whole night as one command, with its own exit status.

Exit status: 0 published, or nothing new · 1 failed, the previous publication stands · 2 published, but a source
failed or a warning test did · 3 another refresh is running · 4 wrong settings. Dagster's own status is 0 when a
non-blocking check fails, so it cannot be used.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console

from orchestration.lock import RefreshBusyError, refresh_lock
from orchestration.profile import read_profile
from orchestration.project import ensure_manifest
from orchestration.settings import BATCH_VARIABLE, FULL_VARIABLE, apply_environment, load_settings

if TYPE_CHECKING:
    from orchestration.report import LastRun
    from orchestration.settings import Settings

EXIT_OK, EXIT_FAILED, EXIT_STALE, EXIT_BUSY, EXIT_USAGE = 0, 1, 2, 3, 4


@click.command(help="Ververs de bronnen, bouw de mart en publiceer hem.")
@click.option("--alleen-manifest", is_flag=True, help="Lees alleen het dbt-project in; haal niets op.")
@click.option(
    "--batch", is_flag=True, help="Publiceer ook de eigen cijfers van de nieuwste levering, als nieuwe batch."
)
@click.option("--volledig", is_flag=True, help="Haal elke tabel opnieuw op en bouw alles opnieuw.")
def main(alleen_manifest: bool, batch: bool, volledig: bool) -> None:
    """Run one refresh and leave with its exit status."""
    settings: Settings | None = None
    try:
        settings = load_settings({**os.environ, FULL_VARIABLE: "ja"} if volledig else None)
        read_profile(settings)
    except ValueError as error:
        click.echo(f"Fout: {error}", err=True)
        if settings is not None:
            _tell(settings, error)
        sys.exit(EXIT_USAGE)
    apply_environment(settings)
    if batch:
        os.environ[BATCH_VARIABLE] = "nieuw"
    if alleen_manifest:
        click.echo(ensure_manifest(settings))
        return
    try:
        with refresh_lock(settings.lock):
            from orchestration.night import refresh  # noqa: PLC0415 - Dagster takes seconds; a refusal must not

            sys.exit(_status(refresh(settings, Console(file=sys.stdout))))
    except RefreshBusyError as error:
        click.echo(str(error), err=True)
        sys.exit(EXIT_BUSY)


def _tell(settings: Settings, error: ValueError) -> None:
    """Tell whoever wants to know that no night can begin: under cron nobody reads the terminal."""
    if settings.notice.wanted:
        from orchestration.report import tell_refusal  # noqa: PLC0415 - Dagster takes seconds

        tell_refusal(settings, error)


def _status(last_run: LastRun) -> int:
    if not last_run.gelukt:
        return EXIT_FAILED
    return EXIT_STALE if last_run.warnings else EXIT_OK


if __name__ == "__main__":
    main()
