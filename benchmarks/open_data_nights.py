"""Whole nights: `python -m orchestration.nightly` on the demo archive, beside cbsodata fetching the same tables.

cbsodata cannot tell whether anything changed, so its unchanged night is its full one; it builds no mart either.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from statistics import median

from benchmarks.measure import Measured, measure
from benchmarks.replay_process import Replay, replaying
from benchmarks.results import Line

_REPOSITORY = Path(__file__).resolve().parents[1]
_REGISTRY = _REPOSITORY / "dbt_project" / "seeds" / "registry"


def run_nights(times: int, latency: float, work: Path) -> list[Line]:
    """A first night and an unchanged one, several times, each pair on an empty data folder."""
    from sources.replay.demo import ensure_demo_archive  # noqa: PLC0415 - loads the generator

    archive = ensure_demo_archive(work / "demo", _REGISTRY)
    full: list[float] = []
    unchanged: list[float] = []
    peer: list[float] = []
    with replaying(archive, latency) as replay:
        # The first pair has the pages made and compressed; it does not count.
        for number in range(times + 1):
            data = work / "data"
            shutil.rmtree(data, ignore_errors=True)
            first = _night(replay, data, work, "first")
            _print_parts(data)
            second = _night(replay, data, work, "unchanged")
            _print_parts(data)
            if number:
                full.append(first.seconds)
                unchanged.append(second.seconds)
            peer += [_peer(replay, data, work)] if number else []
    return [
        Line("full_refresh_seconds", round(median(full), 2), round(median(peer), 2), "s"),
        Line("unchanged_night_seconds", round(median(unchanged), 2), round(median(peer), 2), "s"),
    ]


def _night(replay: Replay, data: Path, work: Path, name: str) -> Measured:
    environment = {
        "IMPACT_KPI_SOURCES": replay.base,
        "IMPACT_KPI_DATA": str(data),
        "PYTHONPATH": str(_REPOSITORY),
    }
    measured = measure([sys.executable, "-m", "orchestration.nightly"], environment, work / f"{name}.log")
    # 2: published, with remarks; the demo archive has a table that is out of date.
    if measured.status not in {0, 2}:
        sys.exit(f"the {name} night failed ({measured.status}):\n{measured.output[-3000:]}")
    sent = replay.sent()
    print(
        f"  {name:9} night {measured.seconds:7.1f} s ({measured.cpu_seconds:.1f} s processor) "
        f"{measured.peak_mb:6.0f} MB, {sent.requests} requests, {sent.bytes / 1e6:.2f} MB; "
        f"load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return measured


def _peer(replay: Replay, data: Path, work: Path) -> float:
    """The peer on every table that the night loaded."""
    tables = sorted(
        {
            f"{manifest['host']}/{manifest['table_id']}"
            for path in data.glob("*/lake/*/*/manifest.json")
            for manifest in [json.loads(path.read_text(encoding="utf-8"))]
            if manifest["bron"] in {"cbs", "rivm", "politie"}
        }
    )
    command = [sys.executable, "-m", "benchmarks.open_data_side", "peer", replay.base, ",".join(tables), str(work)]
    measured = measure(command, {"PYTHONPATH": str(_REPOSITORY)}, work / "peer.log")
    if measured.status != 0:
        sys.exit(f"cbsodata failed ({measured.status}):\n{measured.output[-3000:]}")
    sent = replay.sent()
    print(
        f"  cbsodata, {len(tables)} tables {measured.seconds:7.1f} s {measured.peak_mb:6.0f} MB, "
        f"{sent.requests} requests, {sent.bytes / 1e6:.2f} MB",
        flush=True,
    )
    return measured.seconds


def _print_parts(data: Path) -> None:
    """Where the time of the last night went, where the report of the night says so."""
    for path in data.glob("*/publicatie/laatste_run.json"):
        parts = json.loads(path.read_text(encoding="utf-8")).get("tijden")
        if parts:
            print("    of which " + ", ".join(f"{name} {took} s" for name, took in parts.items()))
