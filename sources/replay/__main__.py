"""Command line of the replay server: serve an archive folder, or the demo archive, until it is interrupted."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from sources.replay.archive import ArchiveError, archive_identity
from sources.replay.server import ReplayServer

_PROJECT = Path(__file__).resolve().parents[2]
_REGISTRY = _PROJECT / "dbt_project" / "seeds" / "registry"
_DEMO = "demo"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted.

    Returns:
        0 after an interruption, 2 when the archive cannot be served.
    """
    options = _parser().parse_args(arguments)
    try:
        archive = _archive(options)
        with ReplayServer(archive, port=options.port, latency=options.latency) as server:
            _say(server.base_url)
            _say(f"archive {archive_identity(archive)}; hosts at {server.base_url}/_host/<host>/; Ctrl-C stops")
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except (ArchiveError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sources.replay",
        description="Serve recorded or invented answers of the open-data services on loopback.",
        epilog="The first line of the output is the base address, for IMPACT_KPI_SOURCES.",
    )
    parser.add_argument("archive", help="folder with archive.json, or 'demo' for the generated archive")
    parser.add_argument("--port", type=int, default=0, help="TCP port (default: a free one)")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that every answer waits first (default 0)")
    parser.add_argument(
        "--demo-folder",
        type=Path,
        default=Path(os.environ.get("IMPACT_KPI_DATA", "data")) / _DEMO / "archief",
        help="where the generated archive is kept (default: %(default)s)",
    )
    parser.add_argument("--registry", type=Path, default=_REGISTRY, help="seeds that the demo is generated from")
    return parser


def _archive(options: argparse.Namespace) -> Path:
    if options.archive != _DEMO:
        return Path(options.archive).resolve()
    # Imported here: serving a recorded archive needs no generator.
    from sources.replay.demo import ensure_demo_archive  # noqa: PLC0415

    return ensure_demo_archive(options.demo_folder, options.registry)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
