"""Bring the records of the delivered files into the work database: guarded, typed and pseudonymised, batch by batch.

Cells exist in memory alone: the landing database has no file and may not spill, only what has been typed and
pseudonymised goes to the work database beside it. What does not belong here: rules between rows (`checks`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from sources.activity.contract import Contract, ContractTable
from sources.activity.files import TableFile
from sources.activity.key import Key
from sources.activity.landing_sql import Source, insert_statement
from sources.activity.layout import create_statement, work_columns, work_table
from sources.activity.mapping_types import SourceColumn
from sources.activity.pseudonym import forget_key, install_key
from sources.activity.records import Batch, RecordStream, open_records
from sources.errors import DeliveryError
from sources.results import OnProgress, Progress

# Planning the statement costs a tenth of a second, so a few batches of the reader share one.
ROWS_PER_STATEMENT = 60_000
MEMORY_LIMIT = "1200MB"
THREADS = 2
WORK = "werk"

_SCHEMA = f"{WORK}.main."


@dataclass(frozen=True, slots=True)
class Landed:
    """What one file gave.

    Attributes:
        bestand: name within the delivery.
        tabel: contract table.
        sha256: hash of its bytes.
        bytes: its size.
        records: records read, also those that go to quarantine.
        totaalregels: totals rows left out.
        mojibake_hersteld: cells of which wrongly read characters were put right.
        kolommen: contract columns that the file gives.
        ontbrekend: contract columns that the mapping names and the file does not have.
        ongebruikt: columns of the file that nothing is read from.
        weggelaten: columns dropped unread.
        meldingen: what else there is to say, in Dutch.
    """

    bestand: str
    tabel: str
    sha256: str
    bytes: int
    records: int
    totaalregels: int
    mojibake_hersteld: int
    kolommen: tuple[str, ...]
    ontbrekend: tuple[str, ...]
    ongebruikt: tuple[str, ...]
    weggelaten: tuple[str, ...]
    meldingen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Landing:
    """Where and how records land.

    Attributes:
        connection: the landing database, with the work database attached.
        contract: the contract.
        organisatie_id: organisation of the delivery.
        peildatum: last day on which the delivery is complete.
        on_progress: told of every batch.
    """

    connection: duckdb.DuckDBPyConnection = field(repr=False)
    contract: Contract
    organisatie_id: str
    peildatum: date
    on_progress: OnProgress


@contextmanager
def open_landing(work: Path, key: Key) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that never touches the disk, with the work database attached; forgets the key at the end.

    Args:
        work: file of the work database; made when it is not there.
        key: to pseudonymise with.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": "",
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
    }
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute(f"ATTACH '{str(work).replace(chr(39), chr(39) * 2)}' AS {WORK}")
        install_key(connection, key)
        try:
            yield connection
        finally:
            forget_key(connection)


def create_work_tables(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Make the empty tables of the work database."""
    connection.execute("BEGIN")
    for table in contract.tables.values():
        connection.execute(create_statement(_SCHEMA + work_table(table.tabel), work_columns(table)))
    connection.execute("COMMIT")


def land_file(landing: Landing, number: int, file: TableFile) -> Landed:
    """Land all records of one file.

    Args:
        landing: where to.
        number: number of the file within the delivery.
        file: the file.

    Raises:
        DeliveryError: the file cannot be read as its mapping says.
        DeliveryRefusedError: the guards found what may not come in; nothing of those records was written, and what was
            written before them has to go.
    """
    try:
        stream = open_records(file, file.mapping)
        return _land(landing, number, file, stream)
    except OSError as error:
        raise DeliveryError(f"{file.naam}: is niet te lezen ({error.strerror}).") from None


def _land(landing: Landing, number: int, file: TableFile, stream: RecordStream) -> Landed:
    table = landing.contract.tables[file.tabel]
    source = Source(
        table=table,
        mapping=file.mapping,
        places=_places(stream),
        peildatum=landing.peildatum,
        organisatie_id=landing.organisatie_id,
        is_workbook=stream.is_iso,
    )
    statement = insert_statement(source, _SCHEMA + work_table(table.tabel))
    records = 0
    for batch in _gather(stream.batches()):
        _insert(landing, statement, number, file, batch)
        records += len(batch.rows)
        landing.on_progress(Progress(file.naam, "rijen", records))
    return _landed(file, stream, source, records)


def _gather(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Some batches of the reader as one."""
    gathered = Batch()
    for batch in batches:
        gathered.rows.extend(batch.rows)
        gathered.unreadable.update(batch.unreadable)
        gathered.bsn.update(batch.bsn)
        if len(gathered.rows) >= ROWS_PER_STATEMENT:
            yield gathered
            gathered = Batch()
    if gathered.rows:
        yield gathered


def _places(stream: RecordStream) -> dict[SourceColumn, int]:
    found = ((source, stream.place(source)) for source in stream.mapping.sources)
    return {source: place for source, place in found if place is not None}


def _insert(landing: Landing, statement: str, number: int, file: TableFile, batch: Batch) -> None:
    parameters: Mapping[str, object] = {
        "rijen": json.dumps(batch.rows, ensure_ascii=False, separators=(",", ":")),
        "bestand": number,
        "bsn": sorted(batch.bsn),
        "onleesbaar": sorted(batch.unreadable),
    }
    try:
        landing.connection.execute(statement, parameters)
    except duckdb.Error as error:
        # The text of the error may quote a cell, so nothing of it goes on, not even as the cause of another one.
        kind = type(error).__name__
    else:
        return
    if kind == duckdb.OutOfMemoryException.__name__:
        raise DeliveryError(f"{file.naam}: er is te weinig geheugen om dit bestand te lezen.")
    first, last = batch.rows[0][0], batch.rows[-1][0]
    raise DeliveryError(
        f"{file.naam}: de rijen {first} tot en met {last} zijn niet te verwerken ({kind}). Zoek daar naar tekens die "
        "geen tekst zijn."
    )


def _landed(file: TableFile, stream: RecordStream, source: Source, records: int) -> Landed:
    used = set(source.places.values())
    given = tuple(kolom for kolom in source.table.names if kolom in source.readings)
    return Landed(
        bestand=file.naam,
        tabel=file.tabel,
        sha256=file.sha256,
        bytes=file.bytes,
        records=records,
        totaalregels=stream.totals_dropped,
        mojibake_hersteld=stream.mojibake_repaired,
        kolommen=given,
        ontbrekend=_absent(source.table, given),
        ongebruikt=tuple(column for place, column in enumerate(stream.columns) if place not in used),
        weggelaten=tuple(sorted(str(column) for column in file.mapping.weglaten)),
        meldingen=tuple(stream.guard.warnings),
    )


def _absent(table: ContractTable, given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(kolom for kolom in table.names if kolom not in given)
