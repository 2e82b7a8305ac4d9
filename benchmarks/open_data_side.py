"""One side of one comparison, in a process of its own; prints what it took as JSON.

The time is that of the work itself, imports left out on both sides; the memory is that of the whole process.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

# Work measured; its arguments are base address, table ids, folder to work in; it gives rows.
Work = Callable[[str, list[str], Path], int]
_HOST = "opendata.cbs.nl"


def peer(base: str, tables: list[str], work: Path) -> int:  # noqa: ARG001 - every side is called alike
    """Unmodified cbsodata: every table named, whole, one after another; `host/id` or an id of CBS."""
    import cbsodata  # noqa: PLC0415 - only what a side uses counts as its memory

    cbsodata.options.use_https = False
    cbsodata.options.requests = {}
    rows = 0
    for name in tables:
        host, _, table_id = name.rpartition("/")
        address = f"{base.removeprefix('http://')}/_host/{host or _HOST}"
        rows += len(cbsodata.download_data(table_id, catalog_url=address)["TypedDataSet"])
    return rows


def whole(base: str, tables: list[str], work: Path) -> int:
    """Our client: the whole table, with proof, as Parquet."""
    from sources.http import Transport  # noqa: PLC0415
    from sources.odata.client import Client  # noqa: PLC0415
    from sources.odata.whole_table import download_table  # noqa: PLC0415
    from sources.services import Services  # noqa: PLC0415

    with Transport() as transport:
        table = download_table(Client(_HOST, Services.at(base), transport), tables[0], work / tables[0])
    if table.warnings:
        sys.exit("; ".join(table.warnings))
    return table.rows


def pushdown(base: str, tables: list[str], work: Path) -> int:
    """Our client: only what four series of the municipalities need, by the way every table takes at night."""
    from sources.http import Transport  # noqa: PLC0415
    from sources.odata.metadata import parse_properties  # noqa: PLC0415
    from sources.refresh import refresh_odata_host  # noqa: PLC0415
    from sources.registry import Jaren, Registry, SeriesRow, SourceTable  # noqa: PLC0415
    from sources.services import Services  # noqa: PLC0415

    (table_id,) = tables
    records = json.loads((work / "DataProperties.json").read_text(encoding="utf-8"))
    _, topics = parse_properties(table_id, records)
    stems = [topic.stem for topic in topics]
    chosen = [t for t in topics if t.datatype in {"Long", "Double", "Float"} and stems.count(t.stem) == 1]
    if not chosen:
        # A generated table has one stem for all its columns; a real one does not.
        sys.exit(f"{table_id}: no column that is alone in its name")
    bron_id = f"cbs_{table_id}"
    table = SourceTable(bron_id, "cbs", _HOST, table_id, table_id, "2020", "jaarlijks", "CC BY 4.0", "Bron: CBS", True)
    first = SeriesRow(
        series_id="", uitsplitsing="totaal", rol="waarde", onderdeel=1, edition_order=1, bron_id=bron_id,
        measure_stem="", measure_title=None, measure_group=None, dimension_filters={},
        region_dimension="WijkenEnBuurten", eenheid="", multiplier=Decimal(1), aggregation="none",
        periode_soort="tabel", jaren=Jaren(), chain="year_table", gebruik="primair", terugval_voor=None,
        absent="missing",
    )  # fmt: skip
    rows = tuple(replace(first, series_id=t.stem, measure_stem=t.stem, eenheid=t.unit) for t in chosen[:4])
    with Transport() as transport:
        (result,) = refresh_odata_host(
            _HOST,
            Registry({bron_id: table}, rows, {}),
            Services.at(base),
            work / "lake",
            transport,
            now=lambda: datetime.now(UTC),
        )
    if result.edition is None or result.problems:
        sys.exit(f"{result.melding} {result.problems}")
    return result.edition.manifest.rows


def floor(base: str, tables: list[str], work: Path) -> int:  # noqa: ARG001
    """What decoding alone costs: gunzip and DuckDB's parse of the same pages on disk, two at a time, no proof."""
    import gzip  # noqa: PLC0415

    import duckdb  # noqa: PLC0415

    types = json.loads((work / "types.json").read_text(encoding="utf-8"))
    columns = ", ".join(f"'{name}': '{type_}'" for name, type_ in types.items())
    connection = duckdb.connect(config={"threads": 1})

    def decode(page: Path) -> int:
        body = gzip.decompress(page.read_bytes())
        start, end = body.index(b"["), body.rindex(b"]") + 1
        rows = work / f"{page.stem}.rows"
        rows.write_bytes(memoryview(body)[start:end])
        with connection.cursor() as cursor:
            query = f"select count(columns(*)) from read_json('{rows}', columns = {{{columns}}}, format = 'array')"
            counts = cursor.execute(query).fetchall()
        rows.unlink()
        return int(counts[0][0])

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(decode, sorted((work / "pages").glob("*.gz"))))


SIDES: dict[str, Work] = {"peer": peer, "whole": whole, "pushdown": pushdown, "floor": floor}
_IMPORTS = {
    "peer": ["cbsodata"],
    "whole": ["sources.odata.whole_table"],
    "pushdown": ["sources.refresh"],
    "floor": ["duckdb"],
}


def main(side: str, base: str, tables: str, work: str) -> None:
    """Do it and say what it took."""
    for name in _IMPORTS[side]:
        __import__(name)
    folder = Path(work)
    started, used = time.perf_counter(), time.process_time()
    rows = SIDES[side](base, tables.split(","), folder)
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    for left in ("lake", *tables.split(",")):
        shutil.rmtree(folder / left, ignore_errors=True)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "peak_mb": peak, "rows": rows}))


if __name__ == "__main__":
    main(*sys.argv[1:])
