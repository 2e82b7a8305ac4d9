"""The records of one delivered file as a stream of plain text cells, whatever kind of file it is.

Title rows, blank rows and totals are gone, dropped columns too; what a cell means is for whoever types it. Memory stays
flat: a batch at a time. Nothing is written anywhere.
"""

from __future__ import annotations

from array import array
from collections import abc
from dataclasses import dataclass, field

from sources.activity.cells import clean_column
from sources.activity.excel_files import open_sheet
from sources.activity.files import TableFile
from sources.activity.guards import ColumnGuard, Use
from sources.activity.header import Header, asked_names, find_header
from sources.activity.mapping_types import ColumnMapping, SourceColumn, TableMapping
from sources.activity.pseudonym import normalise_identifier
from sources.activity.raw_rows import Chunk, RawRows
from sources.activity.text_files import TextRows, open_text
from sources.activity.totals import is_blank, is_sum, is_total
from sources.errors import DeliveryError, DeliveryRefusedError

# Rows of sums at the end of a file are held back until it is sure that no record follows; more than this are no sums.
_HELD_BACK = 20
# Records in one batch, give or take the last piece of a file.
BATCH = 20000
# How the key of a row that may be a total starts; an empty key is suspect too.
_SUSPECT = frozenset(("", *" \xa0'=TtEeSsGgAa"))

_WIDTH = "niet zoveel cellen als de kop"
_CHARACTERS = "tekens die niet te lezen zijn"


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of a file.

    Attributes:
        rows: per record its number (as a spreadsheet numbers rows, header included) and its cells, None when empty,
            in the order of the columns of the stream.
        unreadable: number of a record to what is wrong with it as a whole, in Dutch; it belongs in quarantine.
        bsn: numbers of the records with a BSN in a column for free text; they belong in quarantine.
    """

    rows: list[list[str | None]] = field(default_factory=list)
    unreadable: dict[int, str] = field(default_factory=dict)
    bsn: set[int] = field(default_factory=set)


@dataclass(slots=True)
class RecordStream:
    """The records of one file; read them once with `batches`, look at the counts after.

    The guards look at every record before it is given away, and at each column as a whole when the last one has passed:
    what was read is of use only when `batches` came to its end.

    Attributes:
        columns: names of the columns in the header, dropped ones left out.
        encoding: of a text file, None of a workbook.
        delimiter: of a text file, None of a workbook.
        is_iso: real dates of a workbook come as ISO text and its numbers with a decimal point, whatever the mapping
            says of texts.
        missing: contract columns that the file does not give.
        notes: what there is to say about the columns, in Dutch.
        totals_dropped: totals rows.
        blank_dropped: blank rows.
        mojibake_repaired: cells of which wrongly read characters were put right.
        mojibake_unrepairable: numbers of the records of which they could not be; also in `Batch.unreadable`.
        misshapen: records with another number of cells than the header; also in `Batch.unreadable`.
        guard: what looks at the columns; its warnings are for the report.
    """

    file: TableFile
    mapping: TableMapping
    columns: tuple[str, ...]
    encoding: str | None
    delimiter: str | None
    is_iso: bool
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    _raw: RawRows
    _header: Header
    totals_dropped: int = 0
    blank_dropped: int = 0
    mojibake_repaired: int = 0
    mojibake_unrepairable: array[int] = field(default_factory=lambda: array("Q"))
    misshapen: int = 0
    guard: ColumnGuard = field(default_factory=lambda: ColumnGuard(""))

    def place(self, source: SourceColumn) -> int | None:
        """Where a column of the file is in `columns` (from 0), or None when the file does not have it."""
        return self._header.places.get(source)

    def places_of(self, column: ColumnMapping) -> tuple[int, ...]:
        """Where the source columns of a contract column are in `columns`, in order of preference."""
        found = (self.place(source) for source in column.bron)
        return tuple(place for place in found if place is not None)

    def batches(self) -> abc.Iterator[Batch]:
        """The records, in pieces of bounded size.

        Raises:
            DeliveryError: a quote in the file is opened and not closed.
            DeliveryRefusedError: a guard found what may not come in, or records run into each other.
        """
        cleaner, batch = _Cleaner(self), Batch()
        for chunk in self._raw.chunks(self._header.row):
            rows = cleaner.sift(chunk)
            if rows.numbers:
                cleaner.clean(rows, batch)
            if len(batch.rows) >= BATCH:
                yield batch
                batch = Batch()
        self.totals_dropped += cleaner.held_back
        self.guard.finish()
        if batch.rows:
            yield batch


def open_records(file: TableFile, mapping: TableMapping, expected: abc.Iterable[str] = ()) -> RecordStream:
    """Open one file and find its header.

    Args:
        file: what was delivered.
        mapping: how it is laid out.
        expected: names that its header may have beside those of the mapping.

    Raises:
        DeliveryError: the file is of another kind than its name says, has no header, or has one that does not say
            beyond doubt which column is which; the message names file and remedy, never what is in a row.
        OSError: the file cannot be read.
    """
    asked = asked_names(mapping, expected)
    text: TextRows | None = None
    if _is_workbook(file):
        raw: RawRows = open_sheet(file.path, mapping.blad, asked)
    else:
        raw = text = open_text(file.path, mapping.codering, mapping.scheiding, asked)
    header = find_header(raw.head(), file.naam, mapping, expected)
    stream = RecordStream(
        file=file,
        mapping=mapping,
        columns=tuple(header.names[place] for place in header.kept),
        encoding=text.encoding if text else None,
        delimiter=text.delimiter if text else None,
        is_iso=text is None,
        missing=header.missing,
        notes=header.notes,
        _raw=raw,
        _header=header,
        guard=ColumnGuard(file.naam),
    )
    for place, name in enumerate(stream.columns):
        stream.guard.add_column(name or f"nr. {header.kept[place] + 1}", _use(stream, place))
    return stream


def _use(stream: RecordStream, place: int) -> Use:
    """What a column is for; the strictest use counts."""
    users = [column for column in stream.mapping.columns if place in stream.places_of(column)]
    if any(column.vrij for column in users):
        return Use.FREE
    if any(column.pseudoniem is None for column in users):
        return Use.TYPED
    return Use.IDENTIFIER if users else Use.UNUSED


def _is_workbook(file: TableFile) -> bool:
    with file.path.open("rb") as stream:
        start = stream.read(512)
    if start.startswith(b"PK\x03\x04"):
        return True
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        remedy = "Open het in Excel en sla het op als .xlsx, zonder wachtwoord."
        raise DeliveryError(f"{file.naam}: is een oude of versleutelde werkmap. {remedy}")
    if start.lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"%pdf")):
        raise DeliveryError(f"{file.naam}: is een webpagina of ander document. Lever het als CSV of .xlsx.")
    if file.path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        raise DeliveryError(f"{file.naam}: is geen werkmap, al zegt de naam het. Sla het in Excel op als .xlsx.")
    return False


@dataclass(slots=True)
class _Rows:
    """Some rows of a file: their numbers and their cells."""

    numbers: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)

    def add(self, number: int, cells: list[str]) -> None:
        self.numbers.append(number)
        self.cells.append(cells)

    def take(self, other: _Rows) -> None:
        """Move the rows of another to the end of this one."""
        self.numbers += other.numbers
        self.cells += other.cells
        other.numbers, other.cells = [], []


class _Cleaner:
    """Turns the pieces of a file into batches; remembers what is held back from one piece to the next."""

    def __init__(self, stream: RecordStream) -> None:
        self._stream = stream
        header = stream._header  # noqa: SLF001 - one concept in two classes
        self._kept = header.kept
        self._width = len(header.names)
        self._named = max((place + 1 for place, name in enumerate(header.names) if name), default=0)
        keys = [stream.places_of(column) for column in stream.mapping.columns if column.sleutel and column.bron]
        self._key = tuple(header.kept[place] for places in keys for place in places)
        label = stream.mapping.totaalregel or ""
        self._suspect = frozenset((*_SUSPECT, label[:1].lower(), label[:1].upper()))
        self._held = _Rows()
        self._odd: dict[int, str] = {}
        self._identifiers = {
            place for column in stream.mapping.columns if column.pseudoniem for place in stream.places_of(column)
        }
        splits = [column for column in stream.mapping.columns if column.splits]
        self._split = [(place, splits[0].splits or "") for column in splits for place in stream.places_of(column)][:1]

    @property
    def held_back(self) -> int:
        """Rows of sums that turned out to end the file."""
        return len(self._held.numbers)

    # --- rows -------------------------------------------------------------------------------------

    def sift(self, chunk: Chunk) -> _Rows:
        """Leave out blank rows and totals, and make every row as wide as the header."""
        if chunk.multiline and self._stream.delimiter:
            self._refuse_swallowed(chunk)
        self._odd = {}
        if set(map(len, chunk.rows)) == {self._width} and not self._held.numbers and self._are_plain(chunk.rows):
            return _Rows(list(range(chunk.first, chunk.first + len(chunk.rows))), chunk.rows)
        rows = _Rows()
        for number, row in enumerate(chunk.rows, start=chunk.first):
            cells = row if len(row) == self._width else self._fit(number, row)
            if self._is_record(number, cells):
                rows.take(self._held)
                rows.add(number, cells)
        return rows

    def _are_plain(self, rows: list[list[str]]) -> bool:
        """Whether none of these rows needs a closer look: most have a key that does not start as a total does."""
        if not self._key:
            return False
        places = {self._key[0]} if self._stream.mapping.totaalregel is None else {self._key[0], 0}
        return all(self._suspect.isdisjoint({row[place][:1] for row in rows}) for place in places)

    def _is_record(self, number: int, cells: list[str]) -> bool:
        if is_blank(cells):
            self._stream.blank_dropped += 1
        elif is_total(cells, self._key, self._stream.mapping.totaalregel):
            self._stream.totals_dropped += 1
        elif is_sum(cells, self._key) and len(self._held.numbers) < _HELD_BACK:
            self._held.add(number, cells)
        else:
            return True
        self._odd.pop(number, None)
        return False

    def _fit(self, number: int, cells: list[str]) -> list[str]:
        """Make a row as wide as the header; in a text file a row of another length has moved its cells."""
        given = self._stream._header.given  # noqa: SLF001 - one concept in two classes
        moved = len(cells) < self._named or not is_blank(cells[given:])
        if self._stream.delimiter is not None and moved and not is_blank(cells):
            self._odd[number] = _WIDTH
        return (cells + [""] * self._width)[: self._width]

    def _refuse_swallowed(self, chunk: Chunk) -> None:
        """A quote that was never closed makes one cell out of many records, and nobody would miss them."""
        for number, cells in enumerate(chunk.rows, start=chunk.first):
            for cell in cells:
                if cell.count("\n") > 1 and self._holds_records(cell):
                    raise DeliveryRefusedError(
                        f"{self._stream.file.naam}: in rij {number} staat een aanhalingsteken open, zodat de rijen "
                        "daarna in één cel belanden. Verdubbel een aanhalingsteken binnen een tekst, of lever .xlsx."
                    )

    def _holds_records(self, cell: str) -> bool:
        inner = [line for line in cell.split("\n")[1:] if line]
        separators = [line.count(self._stream.delimiter or "") for line in inner[:-1]]
        return bool(separators) and all(count == self._width - 1 for count in separators)

    # --- cells ------------------------------------------------------------------------------------

    def clean(self, rows: _Rows, batch: Batch) -> None:
        """Make the cells plain, column by column, let the guards look, and add the records to a batch."""
        numbers, unreadable = rows.numbers, self._odd
        by_place = list(zip(*rows.cells, strict=True))
        columns: list[abc.Sequence[str | None]] = []
        for index, place in enumerate(self._kept):
            clean = clean_column(by_place[place])
            self._stream.mojibake_repaired += clean.repaired
            for at in clean.unreadable:
                unreadable.setdefault(numbers[at], _CHARACTERS)
            columns.append(_identifiers(clean.cells) if index in self._identifiers else clean.cells)
        self._count(unreadable)
        batch.unreadable.update(unreadable)
        batch.bsn.update(self._stream.guard.look(columns, numbers))
        names: list[str | None] = list(map(str, numbers))
        for place, separator in self._split:
            names, columns = _split_rows(names, columns, place, separator)
        batch.rows.extend(map(list, zip(names, *columns, strict=True)))

    def _count(self, unreadable: abc.Mapping[int, str]) -> None:
        for number, reason in unreadable.items():
            if reason == _WIDTH:
                self._stream.misshapen += 1
            else:
                self._stream.mojibake_unrepairable.append(number)


def _identifiers(cells: abc.Sequence[str | None]) -> abc.Sequence[str | None]:
    """Write identifiers with characters outside ASCII in the one form that is hashed; SQL does the others."""
    if "".join(filter(None, cells)).isascii():
        return cells
    return [cell if cell is None or cell.isascii() else normalise_identifier(cell) for cell in cells]


def _split_rows(
    numbers: list[str | None], columns: list[abc.Sequence[str | None]], place: int, separator: str
) -> tuple[list[str | None], list[abc.Sequence[str | None]]]:
    """Make a record of each part of a cell with several values; the other cells are repeated."""
    if separator not in "".join(filter(None, columns[place])):
        return numbers, columns
    parts = [_parts(cell, separator) for cell in columns[place]]
    repeat = [index for index, cell in enumerate(parts) for _ in cell]
    spread: list[abc.Sequence[str | None]] = [[column[index] for index in repeat] for column in columns]
    spread[place] = [part for cell in parts for part in cell]
    return [numbers[index] for index in repeat], spread


def _parts(cell: str | None, separator: str) -> list[str | None]:
    parts = [part.strip() for part in (cell or "").split(separator)]
    filled: list[str | None] = list(dict.fromkeys(part for part in parts if part))
    return filled or [None]
