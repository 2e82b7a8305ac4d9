"""Load one table: from what the registry wants of it to a committed edition, or an error that says why not.

The only place that knows the order of the steps; each step itself lives in a module of its own.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from sources.edition_checks.model import CheckContext
from sources.errors import ChangedMidwayError, ResolveError, SilentEmptyError
from sources.http import Transport
from sources.lake import (
    OBSERVATION,
    SERIES,
    Edition,
    Manifest,
    RequestRecord,
    commit_edition,
    current_edition,
    edition_id_of,
    new_edition,
)
from sources.odata.catalogue import CatalogueRecord
from sources.odata.client import Client
from sources.odata.metadata import TableMetadata, read_metadata, read_table_info
from sources.odata.observations import Converter, open_database
from sources.odata.pages import RowReader, RowsRead
from sources.odata.predicate import Predicate, plan_read, sql_text
from sources.odata.resolve import ResolvedRow, dimensions_text, resolve_row
from sources.registry import Expectations, Grens, SeriesRow, SourceTable
from sources.results import OnProgress, Progress, SeriesProblem
from sources.services import Services

# Part of every request key: raise it when the same answers would be written differently.
_FORMAT = 1
_TABLE_SECONDS = 3600.0
_NOT_PUBLISHED = "niet_gepubliceerd"
_NAMES_IN_REMARK = 3
_LAYOUT_IN_TITLE = re.compile(r"(?:indeling|gemeenten?)\s+((?:19|20)\d{2})", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_SERIES_TYPES = {
    "source_id": "varchar",
    "edition": "varchar",
    "series_id": "varchar",
    "uitsplitsing": "varchar",
    "rol": "varchar",
    "onderdeel": "integer",
    "edition_order": "integer",
    "measure": "varchar",
    "dimensions": "varchar",
    "multiplier": "double",
    "periode_soort": "varchar",
    "jaren": "varchar",
    "absent": "varchar",
    "indelingsjaar": "integer",
    "n_codes": "integer",
    "grens": "varchar",
}


class NothingResolvedError(ResolveError):
    """No series of a table could be tied to it.

    Attributes:
        problems: one per series.
    """

    def __init__(self, message: str, problems: tuple[SeriesProblem, ...]) -> None:
        super().__init__(message)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What loading a table needs besides the table itself.

    Attributes:
        services: where hosts are reached.
        transport: the way out.
        lake: folder of the lake, absolute.
        on_progress: told of every page.
        now: UTC clock.
        stop: set to end between two pages.
    """

    services: Services
    transport: Transport
    lake: Path
    on_progress: OnProgress
    now: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class TableJob:
    """What is wanted of one table.

    Attributes:
        table: the registry's table.
        rows: the series rows it is to give.
        record: what the catalogue says of it.
        kpis: KPI ids per series, for messages.
        expectations: what its figures are held against.
    """

    table: SourceTable
    rows: tuple[SeriesRow, ...]
    record: CatalogueRecord
    kpis: Mapping[str, tuple[str, ...]]
    expectations: Expectations = field(default_factory=Expectations)

    @property
    def request_key(self) -> str:
        """Hash of everything the registry asks of this table."""
        return request_key(self.table, self.rows)


def request_key(table: SourceTable, rows: Iterable[SeriesRow]) -> str:
    """Hash of everything the registry asks of a table; equal keys and equal stamps give equal editions."""
    asked = {
        "format": _FORMAT,
        "table": [table.bron_id, table.host, table.table_id, table.indeling, table.filter_op_dienst],
        "rows": sorted(_asked(row) for row in rows),
    }
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()[:32]


def load_table(job: TableJob, around: Surroundings) -> Edition:
    """Load a table into a new edition and make that the current one.

    A table that is renewed while it is read is read once more from the start.

    Raises:
        NothingResolvedError: no series fits the table.
        SourceError: the table could not be read, or not with proof; the lake is as it was.
        OSError: the lake cannot be written.
    """
    try:
        return _load(job, around)
    except ChangedMidwayError:
        return _load(job, around)


def layout_year(table: SourceTable, metadata: TableMetadata, region: str | None) -> int | None:
    """Layout year of the regions of a table; None when it is that of each period, or is not stated."""
    if table.indeling.isdigit():
        return int(table.indeling)
    if table.indeling == "periode":
        return None
    for dimension in metadata.dimensions:
        if dimension.key == region and dimension.map_year is not None:
            return dimension.map_year
    named = _LAYOUT_IN_TITLE.findall(metadata.info.title) or _YEAR.findall(metadata.info.title)
    return int(named[0]) if len(set(named)) == 1 else None


def _load(job: TableJob, around: Surroundings) -> Edition:
    table = job.table
    client = Client(table.host, around.services, around.transport)
    around.on_progress(Progress(table.bron_id, "metadata"))
    regions = {row.region_dimension for row in job.rows if row.region_dimension is not None}
    metadata = read_metadata(client, table.table_id, regions)
    resolved, problems = _resolve(job, metadata)
    plan = plan_read(metadata, resolved, on_service=table.filter_op_dienst)
    now = around.now()
    with (
        new_edition(around.lake, table.bron_id, now=now) as folder,
        tempfile.TemporaryDirectory(prefix=".bezig-paginas-", dir=folder.parent) as work,
    ):
        (folder / OBSERVATION).mkdir()
        with open_database(Path(work)) as database:
            converter = Converter(database, plan, source_id=table.bron_id, edition=edition_id_of(folder))
            reader = _reader(job, around, converter, work=Path(work), parts=folder / OBSERVATION)
            read = reader.read(job.record.record_count)
            _refuse_changed(client, metadata)
            usable, unequal = _without_unequal_twins(table, resolved, read)
            keys = {name: [member.key for member in members] for name, members in metadata.members.items()}
            emptiness = _Emptiness(reader, plan.predicate, keys)
            filled, empty, silent = _without_empty(job, emptiness, usable, read)
            if silent:
                _refuse_silent(job, around.lake, silent)
            year = layout_year(table, metadata, plan.predicate.region)
            _write_series(database, folder, table.bron_id, year, _whole(filled, job.rows))
        described = _manifest(job, around, metadata, reader, read)
        manifest = replace(
            described,
            loaded_at=now.astimezone(UTC).isoformat(timespec="seconds"),
            rows=_rows_of_figures(resolved, read),
            indelingsjaar=year,
            problems=(*problems, *unequal, *empty, *silent),
            again=bool(silent),
            warnings=(*described.warnings, *_without_interval(filled)),
        )
        rows_expected = bool(filled or silent)
        return commit_edition(
            around.lake,
            table.bron_id,
            folder,
            manifest,
            rows_expected=rows_expected,
            unless_same=True,
            context=CheckContext(job.rows, job.kpis, job.expectations),
        )


def _asked(row: SeriesRow) -> list[str]:
    """A registry row as a list of texts, in a fixed order; its interval only where it has one."""
    filters = sorted((name, wanted.by, *wanted.values) for name, wanted in row.dimension_filters.items())
    interval = [] if row.interval is None else [row.interval.ondergrens, row.interval.bovengrens]
    return [
        str(value)
        for value in (
            row.series_id, row.uitsplitsing, row.rol, row.onderdeel, row.edition_order, row.measure_stem,
            row.measure_title, row.measure_group, filters, row.region_dimension, row.eenheid, row.multiplier,
            row.aggregation, row.periode_soort, row.jaren, row.absent, *interval,
        )
    ]  # fmt: skip


def _resolve(job: TableJob, metadata: TableMetadata) -> tuple[list[ResolvedRow], list[SeriesProblem]]:
    """Tie every series to the table; what cannot be tied is a problem of that series alone."""
    resolved: list[ResolvedRow] = []
    problems: list[SeriesProblem] = []
    for row in job.rows:
        try:
            resolved.append(resolve_row(metadata, row, job.kpis.get(row.series_id, ())))
        except ResolveError as error:
            problems.append(_problem(job.table, row, str(error)))
    complete = _whole(resolved, job.rows)
    if not complete:
        message = f"{job.table.bron_id}: geen enkele reeks past op de tabel. {problems[0].melding}"
        raise NothingResolvedError(message, tuple(problems))
    return complete, problems


def _whole(left: Iterable[ResolvedRow], asked: Iterable[SeriesRow]) -> list[ResolvedRow]:
    """The rows whose fellow parts are all there: a sum with a part missing is a wrong figure, not a smaller one."""
    parts = Counter(_sum_of(row) for row in asked)
    rows = list(left)
    present = Counter(_sum_of(row.row) for row in rows)
    return [row for row in rows if present[_sum_of(row.row)] == parts[_sum_of(row.row)]]


def _sum_of(row: SeriesRow) -> tuple[str, str, str, int]:
    return row.series_id, row.uitsplitsing, row.rol, row.edition_order


def _reader(job: TableJob, around: Surroundings, converter: Converter, *, work: Path, parts: Path) -> RowReader:
    bron_id = job.table.bron_id

    def on_page(done: int, total: int | None) -> None:
        around.on_progress(Progress(bron_id, "rijen", done, total))

    return RowReader(
        host=job.table.host,
        services=around.services,
        transport=around.transport,
        plan=converter.plan,
        converter=converter,
        work=work,
        parts=parts,
        on_page=on_page,
        ends_at=around.transport.clock() + _TABLE_SECONDS,
        stop=around.stop,
    )


def _refuse_changed(client: Client, metadata: TableMetadata) -> None:
    after = read_table_info(client, metadata.table_id)
    if after.modified != metadata.info.modified:
        raise ChangedMidwayError(
            f"{metadata.table_id}: tijdens het lezen vernieuwd (Modified {metadata.info.modified}, daarna "
            f"{after.modified}), ook bij een tweede poging"
        )


def _without_unequal_twins(
    table: SourceTable, resolved: list[ResolvedRow], read: RowsRead
) -> tuple[list[ResolvedRow], list[SeriesProblem]]:
    """Leave out the series whose columns were said to be equal and are not."""
    unequal: Counter[str] = Counter()
    for page in read.pages:
        for (measure, _), rows in page.part.unequal.items():
            unequal[measure] += rows
    good = [row for row in resolved if not (row.twins and unequal[row.measure.key])]
    return good, [
        _problem(
            table,
            row.row,
            f"kolommen {row.measure.key} en {', '.join(row.twins)} horen gelijk te zijn, maar verschillen in "
            f"{unequal[row.measure.key]} rijen. Vul in series.csv een measure_group in die er een aanwijst",
        )
        for row in resolved
        if row.twins and unequal[row.measure.key]
    ]


@dataclass(slots=True)
class _Emptiness:
    """Asks the service, once per combination of codes, whether it has rows that did not come."""

    reader: RowReader
    predicate: Predicate
    keys: Mapping[str, list[str]]
    asked: dict[str, int | None] = field(default_factory=dict)

    def withheld(self, combinations: Mapping[str, Mapping[str, str]]) -> int | None:
        """Rows the service says there are for these combinations; None when it cannot tell."""
        for text, codes in combinations.items():
            if text not in self.asked:
                self.asked[text] = self.reader.count(self.predicate.probe(codes, self.keys))
        counts = [self.asked[text] for text in combinations]
        return None if None in counts else sum(count or 0 for count in counts)


def _without_empty(
    job: TableJob, emptiness: _Emptiness, resolved: list[ResolvedRow], read: RowsRead
) -> tuple[list[ResolvedRow], list[SeriesProblem], list[SeriesProblem]]:
    """Leave out the series without a single row, after asking the service whether that is so.

    Returns:
        The series with rows; the problems of those without; the problems of those that did not come although the
        service counts rows for them.
    """
    received = read.combinations
    filled: list[ResolvedRow] = []
    empty: list[SeriesProblem] = []
    silent: list[SeriesProblem] = []
    for row in resolved:
        texts = {dimensions_text(codes): codes for codes in row.combinations()}
        shown = f"geen rijen voor {' '.join(texts)}"
        withheld = emptiness.withheld({text: codes for text, codes in texts.items() if text not in received})
        if withheld:
            silent.append(_problem(job.table, row.row, f"{shown}, maar de dienst telt er {withheld}"))
        elif any(received[text][1] for text in texts if text in received):
            filled.append(row)
        elif any(text in received for text in texts):
            empty.append(_problem(job.table, row.row, f"{shown} in de jaren {row.row.jaren}"))
        else:
            agrees = "de dienst kan ze niet tellen" if withheld is None else "de dienst telt er ook geen"
            empty.append(_problem(job.table, row.row, f"{shown}; {agrees}"))
    return _without_empty_bounds(filled, read), empty, silent


def _without_empty_bounds(resolved: list[ResolvedRow], read: RowsRead) -> list[ResolvedRow]:
    """The same series, without the bounds of those that have no row for one of them in their years.

    The service is not asked whether it has such rows: the figures stand without them, and what is withheld tonight
    comes with the next release.
    """
    received = read.combinations
    rows = []
    for row in resolved:
        texts = [dimensions_text(codes) for _, codes in row.bound_combinations()]
        whole = all(text in received and received[text][1] for text in texts)
        rows.append(row if whole else replace(row, bounds=None))
    return rows


def _rows_of_figures(resolved: list[ResolvedRow], read: RowsRead) -> int:
    """The rows kept that are no bounds: a source that stops giving these has not lost half of its table."""
    bounds = {dimensions_text(codes) for row in resolved for _, codes in row.bound_combinations()}
    bounds -= {dimensions_text(codes) for row in resolved for codes in row.combinations()}
    return read.kept - sum(wanted for text, (_, wanted) in read.combinations.items() if text in bounds)


def _without_interval(resolved: list[ResolvedRow]) -> list[str]:
    """A remark when series whose bounds the registry asks for have none: one for the table."""
    without = sorted({row.row.series_id for row in resolved if row.row.interval is not None and row.bounds is None})
    if not without:
        return []
    rest = len(without) - _NAMES_IN_REMARK
    named = ", ".join(without[:_NAMES_IN_REMARK]) + (f" en nog {rest}" if rest > 0 else "")
    return [f"cijfers zonder betrouwbaarheidsinterval, want de tabel geeft geen grenzen: {named}"]


def _refuse_silent(job: TableJob, lake: Path, silent: list[SeriesProblem]) -> None:
    """A series that has gone silently empty never replaces one that had rows, nor itself over and over.

    Raises:
        SilentEmptyError: the current edition has one of these series, or was published without them from the same
            release.
    """
    edition = current_edition(lake, job.table.bron_id)
    if edition is None:
        return
    before = edition.manifest
    stuck = before.again and (before.modified, before.request_key) == (job.record.modified, job.request_key)
    if stuck or {(one.series_id, one.uitsplitsing) for one in silent} & edition.series_ids():
        raise SilentEmptyError(f"{job.table.bron_id}: {'; '.join(problem.melding for problem in silent)}")


def _write_series(
    database: duckdb.DuckDBPyConnection, folder: Path, bron_id: str, year: int | None, resolved: list[ResolvedRow]
) -> None:
    """Write what the registry's rows became: one row per series row, combination of codes and bound."""
    lines = []
    for item in resolved:
        row = item.row
        period = "tabel" if item.time is None else "jaar" if row.periode_soort == "tabel" else row.periode_soort
        figures: list[tuple[Grens, Mapping[str, str]]] = [("waarde", codes) for codes in item.combinations()]
        cells = [(grens, dimensions_text(codes)) for grens, codes in (*figures, *item.bound_combinations())]
        head = [bron_id, edition_id_of(folder), row.series_id, row.uitsplitsing, row.rol, row.onderdeel]
        tail = [float(row.multiplier), period, str(row.jaren), row.absent, year, len(figures)]
        lines += [[*head, row.edition_order, item.measure.key, text, *tail, grens] for grens, text in cells]
    columns = ", ".join(f"{name} {type_}" for name, type_ in _SERIES_TYPES.items())
    database.execute(f"create table series ({columns})")
    if lines:
        database.executemany(f"insert into series values ({', '.join('?' for _ in _SERIES_TYPES)})", lines)
    database.execute(f"copy series to {sql_text(str(folder / SERIES))} (format parquet)")


def _manifest(
    job: TableJob, around: Surroundings, metadata: TableMetadata, reader: RowReader, read: RowsRead
) -> Manifest:
    """What is known of the edition so far; its moment, layout year and problems are the caller's to add."""
    table = job.table
    base = f"{around.services.base_url(table.host)}/ODataFeed/odata/{table.table_id}"
    asked = {"TableInfos": 1, "DataProperties": len(metadata.dimensions) + len(metadata.topics)}
    asked |= {name: len(members) for name, members in metadata.members.items()}
    described = [RequestRecord(f"{base}/{name}", 200, None, None, rows) for name, rows in asked.items()]
    return Manifest(
        bron_id=table.bron_id,
        bron=table.bron,
        host=table.host,
        table_id=table.table_id,
        titel=metadata.info.title or table.titel,
        edition_id="",
        modified=job.record.modified,
        metadata_modified=job.record.metadata_modified,
        loaded_at="",
        rows=read.kept,
        observations=read.observations,
        schema_fingerprint=metadata.fingerprint,
        indelingsjaar=None,
        licentie=table.licentie,
        bronvermelding=table.bronvermelding,
        identity=around.services.identity,
        request_key=job.request_key,
        requests=(*described, *reader.counts, *(page.request for page in read.pages)),
        warnings=tuple(read.warnings),
        frequency=job.record.frequency,
    )


def _problem(table: SourceTable, row: SeriesRow, message: str) -> SeriesProblem:
    return SeriesProblem(
        series_id=row.series_id,
        uitsplitsing=row.uitsplitsing,
        bron_id=table.bron_id,
        table_id=table.table_id,
        reden=_NOT_PUBLISHED,
        melding=message,
    )
