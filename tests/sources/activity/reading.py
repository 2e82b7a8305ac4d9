"""Read one file with the reader of own data: real files in a folder of the test, a mapping as its YAML."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path

from sources.activity.contract import Contract, load_contract
from sources.activity.files import TableFile, hash_file
from sources.activity.mapping import TableMapping, contract_mapping, load_mapping
from sources.activity.records import Batch, RecordStream, open_records

REGISTRY = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds" / "registry"


@cache
def contract() -> Contract:
    """The contract of the registry."""
    return load_contract(REGISTRY)


def table_mapping(folder: Path, tabel: str, text: str) -> TableMapping:
    """The layout of one table, from the YAML of its block."""
    path = folder / "mapping.yaml"
    block = textwrap.indent(textwrap.dedent(text), "    ")
    path.write_text(f"organisatie: org-a\ncontract: v0\nbronsysteem: x\ntabellen:\n  {tabel}:\n{block}\n", "utf-8")
    return load_mapping(path, contract()).tabellen[tabel][0]


def contract_layout(tabel: str) -> TableMapping:
    """The layout of one table in contract form."""
    return contract_mapping(contract()).tabellen[tabel][0]


def open_file(path: Path, layout: TableMapping) -> RecordStream:
    """Open a file."""
    return open_records(TableFile(layout.tabel, path, path.name, *hash_file(path), layout), layout)


class Read:
    """A file that was read to its end.

    Attributes:
        stream: the stream, with its counts.
        batches: what it gave.
    """

    def __init__(self, stream: RecordStream) -> None:
        self.stream = stream
        self.batches: list[Batch] = list(stream.batches())

    @property
    def numbers(self) -> list[int]:
        """Numbers of the records."""
        return [int(row[0] or 0) for batch in self.batches for row in batch.rows]

    @property
    def unreadable(self) -> dict[int, str]:
        """Records that are unreadable as a whole."""
        return {number: reason for batch in self.batches for number, reason in batch.unreadable.items()}

    @property
    def bsn(self) -> set[int]:
        """Records with a BSN in a free column."""
        return {number for batch in self.batches for number in batch.bsn}

    def column(self, name: str | int) -> list[str | None]:
        """The cells of a column, by its name in the header or its place."""
        place = self.stream.columns.index(name) if isinstance(name, str) else name
        return [row[place + 1] for batch in self.batches for row in batch.rows]


def read(path: Path, layout: TableMapping) -> Read:
    """Read a file to its end."""
    return Read(open_file(path, layout))


def read_bytes(folder: Path, content: bytes, layout: TableMapping, name: str = "export.csv") -> Read:
    """Write a file and read it."""
    path = folder / name
    path.write_bytes(content)
    return read(path, layout)
