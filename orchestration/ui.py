"""`python -m orchestration.ui`: the Dagster UI on loopback, on the same history as the nightly command."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from orchestration.project import ensure_manifest
from orchestration.settings import REPOSITORY, apply_environment, load_settings


@click.command(help="Start the Dagster UI on loopback (no login: put a reverse proxy in front to share it).")
@click.option("--port", default=3000, show_default=True, help="Port on 127.0.0.1.")
def main(port: int) -> None:
    """Set the environment, make the manifest and become `dagster dev`."""
    settings = load_settings()
    apply_environment(settings)
    ensure_manifest(settings)
    dagster = str(Path(sys.executable).with_name("dagster"))
    click.echo(f"Dagster UI ({settings.locations.soort}): http://127.0.0.1:{port}  -  stop with Ctrl-C")
    os.chdir(REPOSITORY)
    os.execv(  # noqa: S606 - our own dagster, no shell
        dagster,
        [
            dagster,
            "dev",
            "--module-name",
            "orchestration.definitions",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ],
    )


if __name__ == "__main__":
    main()
