"""What an export looks like as a file: its columns, its rows, what stands above and below them, and its bad rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.records import LAST_DAY, Row
from sources.replay.demo.organisation.spelling import Speller


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that must end in quarantine.

    Attributes:
        cells: the row as delivered, by column header; absent is empty.
        reasons: (table, reason code) for every table that is read from the file and refuses the row.
    """

    cells: Mapping[str, Any]
    reasons: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of an export, in order; a header may occur twice.

    Attributes:
        columns: header and how its cell is spelled.
    """

    columns: Sequence[tuple[str, Speller]]

    @property
    def header(self) -> list[str]:
        """The headers, in order."""
        return [header for header, _ in self.columns]

    def spell(self, rows: Iterable[Row], lot: Lot) -> list[list[Any]]:
        """Cells of the rows."""
        spellers = [speller for _, speller in self.columns]
        return [[spell(row, lot) for spell in spellers] for row in rows]

    def place(self, bad: BadRow) -> list[Any]:
        """Cells of a bad row; raises when it names a column that is not there."""
        unknown = set(bad.cells) - set(self.header)
        if unknown:
            raise ValueError(f"no such column in the layout: {', '.join(sorted(unknown))}")
        return [bad.cells.get(header, "") for header in self.header]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of cells: a text file or a sheet of a workbook.

    Attributes:
        title: lines above the header.
        header: column headers.
        rows: cells, bad rows and duplicates included.
        total: the row of totals below, or None.
        bad: the bad rows among them.
    """

    title: Sequence[str]
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    total: Sequence[Any] | None = None
    bad: Sequence[BadRow] = ()


@dataclass(frozen=True, slots=True)
class TextExport:
    """A delimited text file."""

    name: str
    sheet: Sheet
    encoding: str = "windows-1252"
    delimiter: str = ";"
    newline: str = "\r\n"


@dataclass(frozen=True, slots=True)
class WorkbookExport:
    """An .xlsx file with its sheets by name."""

    name: str
    sheets: Mapping[str, Sheet] = field(default_factory=dict)


def make_sheet(
    layout: Layout,
    rows: Iterable[Row],
    lot: Lot,
    *,
    title: Sequence[str] = (),
    total: str | None = None,
    bad: Sequence[BadRow] = (),
    doubled: int = 0,
) -> Sheet:
    """Spell the rows and mix the bad ones in.

    Args:
        layout: the columns.
        rows: the true records.
        lot: for everything that is spelled by lot.
        title: lines above the header.
        total: word of the totals row, or None for no such row.
        bad: rows that must be refused.
        doubled: so many rows occur twice, alike.
    """
    cells = layout.spell(rows, lot)
    count = len(cells)
    for row in lot.several(cells, doubled):
        cells.append(list(row))
    for refused in bad:
        cells.insert(lot.whole(0, len(cells)), layout.place(refused))
    totals = None if total is None else [total, *([""] * (len(layout.header) - 2)), count]
    return Sheet(title, layout.header, cells, totals, tuple(bad))


def by_year(rows: Iterable[Row], column: str) -> dict[int, list[Row]]:
    """Rows by the year of a date; what lies before the window goes into its first year."""
    years: dict[int, list[Row]] = {year: [] for year in range(LAST_DAY.year - 2, LAST_DAY.year + 1)}
    first = min(years)
    for row in rows:
        day: dt.date = row[column]
        years[max(first, day.year)].append(row)
    return years


def yearly(
    name: str, rows: Iterable[Row], column: str, make: Callable[[int, list[Row]], Sheet], **dialect: str
) -> list[TextExport]:
    """One text file per year."""
    return [
        TextExport(name.format(year=year), make(year, part), **dialect) for year, part in by_year(rows, column).items()
    ]
