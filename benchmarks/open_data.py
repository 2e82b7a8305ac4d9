"""`make bench`, open data: our client beside unmodified cbsodata on the same replay server, in the same run.

The server runs in a process of its own with 40 ms injected before each answer, gzip for whoever asks for it, and the
pages of rows made and compressed before the clock starts. Each side runs in a fresh process, in turn; figures are
medians. The floor is what decoding the same pages from disk costs: no HTTP, no proof, nothing written.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import requests

from benchmarks.measure import measure
from benchmarks.open_data_nights import run_nights
from benchmarks.open_data_tables import HOST, start_archive, write_long_table, write_wide_table
from benchmarks.replay_process import Replay, Sent, replaying
from benchmarks.results import Line, keep
from sources.odata.metadata import parse_properties

REPOSITORY = Path(__file__).resolve().parents[1]
RECORDED = Path(os.environ.get("IMPACT_KPI_RECORDED", REPOSITORY.parent / "shared" / "recorded"))
LATENCY = 0.04
WIDE = "84799NED"
LONG = {"table_2m": ("80900NED", 2_000_000), "table_200k": ("80901NED", 200_000)}
_PARTS = ("open", "nacht", "eigen")
_JSON_TYPES = {"Long": "BIGINT", "Double": "DOUBLE", "Float": "DOUBLE"}


@dataclass
class Runs:
    """The runs of one side on one table."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    rows: int = 0
    sent: Sent = field(default_factory=lambda: Sent(0, 0, 0))

    def __str__(self) -> str:
        """One line of the report."""
        spread = f"{min(self.seconds):.2f}-{max(self.seconds):.2f}"
        wire = f"{self.sent.requests:>4} requests {self.sent.bytes / 1e6:>8.2f} MB" if self.sent.requests else ""
        return (
            f"{median(self.seconds):>7.2f} s ({spread}, {median(self.cpu):.2f} s processor) "
            f"{median(self.peaks):>6.0f} MB {wire}"
        )


def run_side(side: str, base: str, table: str, work: Path) -> dict[str, float]:
    """Run one side in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.open_data_side", side, base, table, str(work)]
    measured = measure(command, {"PYTHONPATH": str(REPOSITORY)}, work / f"{side}.log")
    if measured.status != 0:
        sys.exit(f"{side} on {table} failed ({measured.status}):\n{measured.output[-3000:]}")
    outcome: dict[str, float] = json.loads(measured.output.splitlines()[-1])
    outcome["peak_mb"] = max(outcome["peak_mb"], measured.peak_mb)
    return outcome


def warm(replay: Replay, table: str, work: Path) -> None:
    """Have every page made and compressed, and keep the compressed ones for the floor."""
    pages = work / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir()
    home = f"{replay.base}/_host/{HOST}/ODataFeed/odata/{table}"
    properties = requests.get(f"{home}/DataProperties?$format=json", timeout=60).json()["value"]
    (work / "DataProperties.json").write_text(json.dumps(properties), encoding="utf-8")
    dimensions, topics = parse_properties(table, properties)
    types = {"ID": "BIGINT", **{dimension.key: "VARCHAR" for dimension in dimensions}}
    types |= {topic.key: _JSON_TYPES.get(topic.datatype, "VARCHAR") for topic in topics}
    (work / "types.json").write_text(json.dumps(types), encoding="utf-8")
    skip, more = 0, True
    while more:
        address = f"{home}/TypedDataSet?$format=json" + (f"&$skip={skip}" if skip else "")
        plain, packed = (_body(address, coding) for coding in ("identity", "gzip"))
        (pages / f"{skip:09d}.gz").write_bytes(packed)
        more = b'"odata.nextLink"' in plain[-1000:]
        skip += 10_000
    replay.sent()


def _body(address: str, coding: str) -> bytes:
    with requests.get(address, headers={"Accept-Encoding": coding}, stream=True, timeout=300) as answer:
        body: bytes = answer.raw.read(decode_content=False)
        return body


def compare(replay: Replay, table: str, sides: Iterable[str], times: int, work: Path) -> dict[str, Runs]:
    """Run the sides in turn, several times."""
    warm(replay, table, work)
    runs = {side: Runs() for side in sides}
    for _ in range(times):
        for side, known in runs.items():
            outcome = run_side(side, replay.base, table, work)
            known.seconds.append(outcome["seconds"])
            known.cpu.append(outcome["cpu_seconds"])
            known.peaks.append(outcome["peak_mb"])
            known.rows = int(outcome["rows"])
            known.sent = replay.sent()
    rows = {known.rows for known in runs.values()}
    if len(rows) != 1:
        sys.exit(f"{table}: the sides disagree on the number of rows: {sorted(rows)}")
    print(f"{table}: {rows.pop():,} rows", flush=True)
    for side, known in runs.items():
        print(f"  {side:9} {known}", flush=True)
    return runs


def open_data(times: int, work: Path) -> list[Line]:
    """Whole tables, and what a KPI needs of one."""
    archive = RECORDED
    if not (archive / "odata" / HOST / WIDE).is_dir():
        print(f"No recorded archive at {archive} (IMPACT_KPI_RECORDED): {WIDE} is generated in its shape")
        archive = start_archive(work / "wide")
        write_wide_table(archive, WIDE, rows=17_341, topics=116)
    lines: list[Line] = []
    with replaying(archive, LATENCY) as replay:
        runs = compare(replay, WIDE, ("whole", "peer", "floor"), times, work)
        lines += _lines(f"full_{WIDE}", runs)
        pushed = compare(replay, WIDE, ("pushdown",), 1, work)["pushdown"]
        lines.append(Line("pushdown_bytes", pushed.sent.bytes, runs["peer"].sent.bytes, "bytes"))
    archive = start_archive(work / "long")
    for name, (table, rows) in LONG.items():
        write_long_table(archive, table, rows)
        with replaying(archive, LATENCY) as replay:
            lines += _lines(name, compare(replay, table, ("whole", "peer", "floor"), times, work))
    return lines


def _lines(name: str, runs: dict[str, Runs]) -> list[Line]:
    ours, peer, floor = (runs[side] for side in ("whole", "peer", "floor"))

    def mid(values: list[float]) -> float:
        return round(median(values), 3)

    return [
        Line(f"{name}_seconds", mid(ours.seconds), mid(peer.seconds), "s"),
        # Processor time does not suffer from other work; nor does it know of a second core or of waiting.
        Line(f"{name}_processor", mid(ours.cpu), mid(peer.cpu), "s"),
        Line(f"{name}_peak_mb", mid(ours.peaks), mid(peer.peaks), "MB"),
        Line(f"{name}_wire_bytes", ours.sent.bytes, peer.sent.bytes, "bytes"),
        Line(f"{name}_seconds_vs_floor", mid(ours.seconds), mid(floor.seconds), "s"),
    ]


def main() -> None:
    """Run the parts asked for and write their lines beside those of other benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alleen", nargs="+", choices=_PARTS, default=["open", "nacht"], help="parts to run")
    parser.add_argument("--keer", type=int, default=3, help="runs of each side (default: %(default)s)")
    arguments = parser.parse_args()
    print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; latency {LATENCY * 1000:.0f} ms")
    work = Path(tempfile.mkdtemp(prefix="impact-kpi-bench-", dir=os.environ.get("IMPACT_KPI_BENCH_DIR")))
    try:
        if "open" in arguments.alleen:
            keep(open_data(arguments.keer, work))
        if "nacht" in arguments.alleen:
            keep(run_nights(arguments.keer, LATENCY, work))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if "eigen" in arguments.alleen:
        subprocess.run([sys.executable, "-m", "benchmarks.own_data"], check=True)
    print(f"Load of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
