"""`python -m orchestration.serve`, behind `make serve`: the Dagster UI and the daemon that starts every night.

Both on loopback, in one process group: what ends this process ends them, with the run they had started.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import click

from orchestration.lock import RefreshBusyError, refresh_lock
from orchestration.night_settings import TIMEZONE
from orchestration.processes import be_polite
from orchestration.settings import REPOSITORY, Settings
from orchestration.ui import HOST, MODULE, PORT, PortTakenError, prepare, tool, webserver

# A run that is stopped gets this long to say so in the history.
_GRACE_SECONDS = 30.0
_LOOK_SECONDS = 0.5
# Reading the definitions takes seconds, on a small and busy server a minute.
_READY_SECONDS = 300.0
# A sensor that reports a night also cleans up and mails, which may take longer than Dagster's minute.
_SENSOR_SECONDS = "600"


@click.command(help="Start the Dagster UI and the daemon that starts every night, on loopback; stop with Ctrl-C.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65_535), help="Port on 127.0.0.1.")
def main(port: int) -> None:
    """Run both until one of them ends or this process is told to stop."""
    try:
        settings = prepare(port)
        with refresh_lock(settings.locations.root / "serve.lock"):
            raise SystemExit(_serve(settings, port))
    except (ValueError, PortTakenError) as error:
        raise click.ClickException(str(error)) from None
    except RefreshBusyError:
        raise click.ClickException(
            f"Voor {settings.locations.root} draait al een planner (make serve). Stop die eerst."
        ) from None


def _serve(settings: Settings, port: int) -> int:
    # Dagster takes seconds to import, which a refusal must not.
    import dagster as dg  # noqa: PLC0415

    from orchestration.report import bury_and_tell  # noqa: PLC0415

    os.environ["DAGSTER_SENSOR_GRPC_TIMEOUT_SECONDS"] = _SENSOR_SECONDS
    with dg.DagsterInstance.get() as instance:
        bury_and_tell(settings, instance)
    with tempfile.TemporaryDirectory() as folder, _group() as start:
        workspace, address = Path(folder) / "workspace.yaml", Path(folder) / "code.sock"
        workspace.write_text(json.dumps(_workspace(address)), encoding="utf-8")
        # Runs are started from the code server and inherit how polite it is.
        code = start([tool("dagster"), "api", "grpc", "--module-name", MODULE, "--socket", str(address)], polite=True)
        if not _is_ready(address, code):
            click.echo("De definities zijn niet in te lezen; zie hierboven.", err=True)
            return 1
        ui = start(webserver(port, "--workspace", str(workspace)), polite=False)
        daemon = start([tool("dagster-daemon"), "run", "--workspace", str(workspace)], polite=True)
        click.echo(f"Dagster UI ({settings.locations.soort}): http://{HOST}:{port}  -  stoppen met Ctrl-C")
        click.echo(f"Volgende verversing: {next_night(settings, datetime.now(UTC)):%d-%m-%Y %H:%M} ({TIMEZONE})")
        parts = {"de code server": code, "de UI": ui, "de planner": daemon}
        while all(process.poll() is None for process in parts.values()):
            time.sleep(_LOOK_SECONDS)
        ended = next(name for name, process in parts.items() if process.poll() is not None)
    click.echo(f"Gestopt, want {ended} is uit zichzelf gestopt; zie hierboven.", err=True)
    return 1


def _workspace(address: Path) -> dict[str, Any]:
    """One code server for UI and daemon: a daemon that has its own starts a new one every minute.

    The name is the one that `make ui` gives, so that what is switched on or off in the UI stays so.
    """
    return {"load_from": [{"grpc_server": {"socket": str(address), "location_name": MODULE}}]}


def _is_ready(path: Path, server: subprocess.Popen[bytes]) -> bool:
    """Wait until a server listens on its socket; False when it ended or takes too long."""
    deadline = time.monotonic() + _READY_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with closing(socket.socket(socket.AF_UNIX)) as client, suppress(OSError):
            client.connect(str(path))
            return True
        time.sleep(_LOOK_SECONDS)
    return False


def next_night(settings: Settings, now: datetime) -> datetime:
    """When the daemon starts the next night, in the time of the Netherlands."""
    from dagster._utils.schedules import schedule_execution_time_iterator  # noqa: PLC0415

    ticks = schedule_execution_time_iterator(now.timestamp(), settings.cron, TIMEZONE, ascending=True)
    return next(tick for tick in ticks if tick > now).astimezone(ZoneInfo(TIMEZONE))


class _StoppedError(Exception):
    """Somebody asked this process to stop."""


@contextmanager
def _group() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Give a function that starts commands, all in one process group, and end all of it on the way out."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _StoppedError

    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(one, stop)
    started: list[subprocess.Popen[bytes]] = []

    def start(command: list[str], *, polite: bool) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 - our own tools, no shell
            command,
            cwd=REPOSITORY,
            process_group=started[0].pid if started else 0,
            preexec_fn=be_polite if polite else None,  # noqa: PLW1509 - this process has no other thread
        )
        started.append(process)
        return process

    try:
        yield start
    except _StoppedError:
        click.echo("Gestopt.")
        raise SystemExit(0) from None
    finally:
        _end(started)


def _end(started: list[subprocess.Popen[bytes]]) -> None:
    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    if not started:
        return
    group = started[0].pid
    _signal_group(group, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < deadline and _signal_group(group, 0):
        for process in started:
            process.poll()
        time.sleep(0.1)
    _signal_group(group, signal.SIGKILL)
    for process in started:
        process.wait()


def _signal_group(group: int, number: int) -> bool:
    """Send a signal to every process of a group; whether there is any left."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main()
