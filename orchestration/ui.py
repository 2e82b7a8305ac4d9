"""`python -m orchestration.ui`: the Dagster UI alone on loopback, to look at history and graph.

Without the daemon, so that looking never starts a night; `python -m orchestration.serve` has both.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import closing
from pathlib import Path

import click

from orchestration.project import ensure_manifest
from orchestration.settings import REPOSITORY, Settings, apply_environment, load_settings

HOST = "127.0.0.1"
PORT = 3000
MODULE = "orchestration.definitions"


class PortTakenError(RuntimeError):
    """Somebody else listens on the port that was asked for."""


@click.command(help="Start the Dagster UI on loopback (no login: put a reverse proxy in front to share it).")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65_535), help="Port on 127.0.0.1.")
def main(port: int) -> None:
    """Set the environment, make the manifest and become the webserver."""
    try:
        settings = prepare(port)
    except (ValueError, PortTakenError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Dagster UI ({settings.locations.soort}): http://{HOST}:{port}  -  stop with Ctrl-C")
    command = webserver(port, "--module-name", MODULE)
    os.chdir(REPOSITORY)
    os.execv(command[0], command)  # noqa: S606 - our own dagster, no shell


def prepare(port: int) -> Settings:
    """Check the port and the settings, and make what the processes of Dagster read.

    Raises:
        ValueError: a setting is wrong.
        PortTakenError: the port is not free.
    """
    settings = load_settings()
    with closing(socket.socket()) as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            free.bind((HOST, port))
        except OSError as error:
            raise PortTakenError(
                f"Poort {port} op {HOST} is bezet ({error.strerror}). "
                "Kies een andere met --port, of stop wat daar draait."
            ) from None
    apply_environment(settings)
    # `telemetry: {enabled: false}` keeps everything here, but its thread makes folders beside the code all the same.
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "ja"
    ensure_manifest(settings)
    return settings


def webserver(port: int, *target: str) -> list[str]:
    """The command that serves the UI on loopback, with the code that `target` says."""
    return [tool("dagster-webserver"), *target, "--host", HOST, "--port", str(port)]


def tool(name: str) -> str:
    """A command of this very environment; PATH may hold another one."""
    return str(Path(sys.executable).with_name(name))


if __name__ == "__main__":
    main()
