"""Deliveries in contract form or with a mapping for tests of the landing side, and what came of them in the lake."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from sources.activity.key import Key, make_key
from sources.activity.load import Installation, LoadOptions, load_delivery
from sources.activity.outcome import DeliveryOutcome, LoadOutcome
from sources.lake import current_edition
from tests.sources.plain_archives import SEEDS

KEY = make_key(bytes(range(32)))
NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
HEADER = {
    "levering_id": "2025",
    "organisatie_id": "org-a",
    "bronsysteem": "test 1",
    "periode_van": "2024-01-01",
    "peildatum": "2025-12-31",
    "aangemaakt_op": "2026-01-02T08:00:00",
}


def csv_text(lines: Sequence[Sequence[str]], separator: str = ",") -> str:
    """Lines as CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(lines)
    return text.getvalue()


def deliver(folder: Path, tables: Mapping[str, str], **levering: str) -> Path:
    """Write a delivery in contract form; each table is CSV text with a header, indented as the test likes."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    header = HEADER | levering
    (folder / "levering.csv").write_text(csv_text([list(header), list(header.values())]), encoding="utf-8")
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return folder


def deliver_mapped(
    folder: Path, mapping: str, files: Mapping[str, str], encoding: str = "utf-8", **levering: str
) -> Path:
    """Write an organisation's own files and a `mapping.yaml`, which gets the part about the delivery."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    header = HEADER | levering
    top = f"organisatie: {header['organisatie_id']}\ncontract: v0\nbronsysteem: {header['bronsysteem']}\n"
    keys = ("levering_id", "periode_van", "peildatum", "aangemaakt_op")
    top += "levering:\n" + "".join(f'  {key}: "{header[key]}"\n' for key in keys)
    (folder / "mapping.yaml").write_text(top + textwrap.dedent(mapping), encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(textwrap.dedent(text).lstrip("\n"), encoding=encoding)
    return folder


def installation(lake: Path, key: Key = KEY) -> Installation:
    """Where test deliveries land."""
    return Installation(lake, SEEDS, key, now=lambda: NOW)


def load(folder: Path, lake: Path, *, key: Key = KEY, **options: bool) -> LoadOutcome:
    """Load a delivery; a mapping.yaml in its folder is used."""
    mapping = folder / "mapping.yaml"
    return load_delivery(
        folder,
        installation(lake, key),
        mapping=mapping if mapping.exists() else None,
        options=LoadOptions(**options),
    )


def landed(folder: Path, lake: Path, **options: Any) -> DeliveryOutcome:
    """Load a delivery and give what it turned out to be."""
    outcome = load(folder, lake, **options)
    assert outcome.delivery is not None
    return outcome.delivery


def rows(lake: Path, table: str, columns: str = "*", *, where: str = "true") -> list[tuple[Any, ...]]:
    """Rows of one table of the current edition, in the order of the files."""
    edition = current_edition(lake, "levering")
    assert edition is not None
    path = edition.folder / "tabel" / f"{table}.parquet"
    query = f"select {columns} from read_parquet('{path}') where {where} order by _bronbestand, _bronregel"
    return duckdb.execute(query).fetchall()


def about(lake: Path, name: str, query: str) -> list[tuple[Any, ...]]:
    """Query one of the Parquet files beside the tables; `{}` stands for it."""
    edition = current_edition(lake, "levering")
    assert edition is not None
    return duckdb.execute(query.format(f"read_parquet('{edition.folder / name}.parquet')")).fetchall()


def quarantine(lake: Path) -> list[tuple[str, int, str, str]]:
    """(table, line, column, reason) of every fault of the current edition."""
    return about(lake, "quarantaine", "select tabel, regel, kolom, reden from {} order by all")


def warnings(outcome: DeliveryOutcome) -> dict[str, int]:
    """Count per rule that warned."""
    found: dict[str, int] = {}
    for warn in outcome.waarschuwingen:
        found[warn.regel_code] = found.get(warn.regel_code, 0) + warn.aantal
    return found
