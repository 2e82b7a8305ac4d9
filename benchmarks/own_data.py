"""`make bench`, own data: how time and memory of a delivery grow with its rows, beside the floor and a plain script.

Generates deliveries in contract form, loads and builds each in a process of its own, and holds the loading against two
peers on the same files in the same run: the floor (DuckDB reads the CSV and writes Parquet: no checks, no pseudonyms)
and what a plain Python script takes to pseudonymise the same ids one by one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.measure import Measured, measure
from benchmarks.results import Line, keep

REPOSITORY = Path(__file__).resolve().parents[1]
KEY = "3a7f1c9e5b2d8064f1e2d3c4b5a6978877665544332211ffeeddccbbaa998877"
SIZES = (100_000, 1_000_000)
HOURS_PER_CASE = 10
_GEMEENTEN = ("GM0344", "GM0758", "GM0014", "GM0088")


@dataclass(frozen=True, slots=True)
class Step:
    """One measured step at one size."""

    name: str
    cases: int
    measured: Measured


def write_delivery(folder: Path, cases: int) -> None:
    """Write a delivery of `cases` casussen and ten hour rows each, in contract form."""
    folder.mkdir(parents=True)
    codes = "[" + ", ".join(f"'{code}'" for code in _GEMEENTEN) + "]"
    with duckdb.connect() as connection:
        for name, query in {
            "levering": "select 'bench' as levering_id, 'bench' as organisatie_id, 'generator' as bronsysteem, "
            "'2023-01-01' as periode_van, '2025-12-31' as peildatum, '2026-01-02T03:00:00' as aangemaakt_op",
            "medewerker": "select 'M' || i as medewerker_id, 'medewerker' as soort, '2020-01-01' as in_dienst_van, "
            "null as in_dienst_tot from range(500) t(i)",
            "casus": f"select 'C' || i as casus_id, null as signaal_id, 'D' || (i // 2) as deelnemer_id, "
            f"({codes})[1 + i % 4] as gemeente_code, 1 + i % 7 as leefgebied, 'V' || (i % 20) as vraagstuk, "
            f"(date '2023-01-01' + (i % 1000)::integer)::varchar as startdatum, "
            f"case when i % 3 > 0 then (date '2023-01-01' + (i % 1000 + i % 90)::integer)::varchar end as einddatum, "
            f"null as terugval_van_casus_id from range({cases}) t(i)",
            "urenregistratie": f"select 'U' || i as uren_id, 'M' || (i % 500) as medewerker_id, "
            f"(date '2023-01-01' + (i % 1090)::integer)::varchar as datum, (0.25 * (1 + i % 16))::varchar as uren, "
            f"'casus' as soort, null as interventie_id, 'C' || (i % {cases}) as casus_id, null as vindplaats, "
            f"null as gemeente_code, case i % 3 when 0 then 'true' when 1 then 'false' end as declarabel "
            f"from range({cases * HOURS_PER_CASE}) t(i)",
        }.items():
            connection.execute(f"copy ({query}) to '{folder / name}.csv' (header, delimiter ',')")


def run_size(work: Path, cases: int) -> list[Step]:
    """Load and build one size, each in a fresh data folder, and run both peers on the same files."""
    delivery = work / f"delivery-{cases}"
    write_delivery(delivery, cases)
    environment = {
        "IMPACT_KPI_SOURCES": str(work / "archive"),
        "IMPACT_KPI_DATA": str(work / f"data-{cases}"),
        "IMPACT_KPI_SLEUTEL": KEY,
        "PYTHONPATH": str(REPOSITORY),
    }
    (work / "archive").mkdir(exist_ok=True)
    commands = {
        "load": [sys.executable, "-m", "orchestration.levering", "laden", str(delivery)],
        "build": [sys.executable, "-m", "benchmarks.own_data_build"],
        "floor": [sys.executable, "-m", "benchmarks.own_data_floor", str(delivery), str(work / f"floor-{cases}")],
        "script": [sys.executable, "-m", "benchmarks.own_data_script", str(delivery)],
    }
    steps = []
    for name, command in commands.items():
        measured = measure(command, environment, work / f"{name}-{cases}.log")
        if measured.status != 0:
            sys.exit(f"{name} of {cases} casussen failed ({measured.status}):\n{measured.output[-3000:]}")
        took = f"{measured.seconds:7.1f} s ({measured.cpu_seconds:6.1f} s processor), {measured.peak_mb:6.0f} MB"
        print(f"  {name:7} {cases:>9,} casussen: {took}", flush=True)
        steps.append(Step(name, cases, measured))
    return steps


def results(steps: list[Step]) -> list[Line]:
    """The lines for results.json."""
    by = {(step.name, step.cases): step.measured for step in steps}
    sizes = sorted({step.cases for step in steps})
    small, large = sizes[0], sizes[-1]
    growth = large / small
    lines: list[Line] = []

    def line(name: str, ours: float, peer: float, unit: str) -> None:
        lines.append(Line(name, round(ours, 2), round(peer, 2), unit))

    load, build = by["load", large], by["build", large]
    # Processor time: it compares whatever else the machine was doing meanwhile.
    line("own_load_processor_vs_plain_script", load.cpu_seconds, by["script", large].cpu_seconds, "s")
    line("own_load_processor_vs_floor", load.cpu_seconds, by["floor", large].cpu_seconds, "s")
    line("own_load_peak_mb", load.peak_mb, by["floor", large].peak_mb, "MB")
    line("own_load_growth_vs_rows", load.cpu_seconds / by["load", small].cpu_seconds, growth, "x")
    line("own_build_growth_vs_rows", build.cpu_seconds / by["build", small].cpu_seconds, growth, "x")
    line("own_build_peak_mb_vs_4096", build.peak_mb, 4096, "MB")
    return lines


def main() -> None:
    """Run all sizes and write the results beside those of other benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of casussen")
    arguments = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="impact-kpi-bench-", dir=os.environ.get("IMPACT_KPI_BENCH_DIR")))
    try:
        print(f"Own data: a casus table and {HOURS_PER_CASE} hour rows per casus")
        lines = results([step for cases in arguments.sizes for step in run_size(work, cases)])
    finally:
        shutil.rmtree(work, ignore_errors=True)
    keep(lines)


if __name__ == "__main__":
    main()
