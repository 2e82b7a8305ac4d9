"""One sheet: heading, notice, header row that stays in view, filter, and how it comes out of a printer."""

import functools
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from serving.workbook import styles
from serving.workbook.cells import Figure, Value, put, without_control

Row = Mapping[str, Any]

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NAME_LENGTH = 31
_NOTICE_WIDTH = 110
_NOTICE_HEIGHT = 48
_HEAD_HEIGHT = 48
# In points, for the size of the letters; Excel allows no higher row.
_LINE_HEIGHT, _PADDING, _MOST_HEIGHT = 13, 3, 409
_INDENT = 2
_PAPER_A4 = 9
_PAGE = "Blad &P van &N"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        title: Dutch heading.
        width: In characters.
        value: What a row has in it.
        is_printed: False for what is only of use on a screen; such columns stand behind the others.
    """

    title: str
    width: float
    value: Callable[[Any], Value]
    is_printed: bool = True

    def titled(self, title: str) -> "Column":
        """The same column under another heading."""
        return replace(self, title=title)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with one table.

    Attributes:
        name: On the tab.
        heading: Above the sheet.
        lines: What the reader must know first.
        columns: Of the table.
        rows: Of the table, whatever its columns take.
        frozen: Number of columns that stay in view.
        nothing: What to say when there are no rows.
    """

    name: str
    heading: str
    lines: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Any]
    frozen: int = 0
    nothing: str = "Niets om te tonen."


@dataclass(frozen=True, slots=True)
class Written:
    """Where a table came to stand.

    Attributes:
        sheet: The sheet.
        head: Row number of the header.
        last: Row number of the last row.
        printed: Number of columns that are printed.
    """

    sheet: Worksheet
    head: int
    last: int
    printed: int

    def print_until(self, row: int) -> None:
        """Print the table and what stands below it, up to a row."""
        self.sheet.print_area = f"A1:{get_column_letter(self.printed)}{row}"


def write_table(book: Workbook, table: Table, notice: str | None) -> Written:
    """Add a sheet with a table.

    Args:
        book: Workbook with the styles.
        table: What to write.
        notice: Dutch warning that belongs beside every figure, if any.
    """
    widths = [column.width for column in table.columns]
    sheet, head = open_sheet(book, table.name, heading=table.heading, lines=table.lines, widths=widths, notice=notice)
    numeric = [bool(table.rows) and isinstance(column.value(table.rows[0]), Figure) for column in table.columns]
    write_heads(sheet, head, [column.title for column in table.columns], numeric)
    sheet.row_dimensions[head].height = _HEAD_HEIGHT
    last = head
    for last, row in enumerate(table.rows, start=head + 1):
        _write_row(sheet, last, table.columns, row)
    if last == head:
        write_text(sheet, head + 1, table.nothing, styles.LINE)
    sheet.freeze_panes = f"{get_column_letter(table.frozen + 1)}{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(table.columns))}{max(last, head + 1)}"
    sheet.print_title_rows = f"{head}:{head}"
    written = Written(sheet, head, last, sum(column.is_printed for column in table.columns))
    written.print_until(max(last, head + 1))
    return written


def open_sheet(
    book: Workbook, name: str, *, heading: str, lines: Iterable[str], widths: Sequence[float], notice: str | None
) -> tuple[Worksheet, int]:
    """Add a sheet with its heading, the notice and lines of text; return it with the first row that is free."""
    sheet: Worksheet = book.create_sheet(sheet_name(name))
    sheet.sheet_view.showGridLines = False
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    write_text(sheet, 1, heading, styles.TITLE)
    sheet.row_dimensions[1].height = 24
    if notice:
        _write_notice(sheet, 2, notice, widths)
    free = 3 if notice else 2
    said = [line for line in lines if line]
    for row, line in enumerate(said, start=free):
        write_text(sheet, row, line, styles.LINE)
    _print_page(sheet, notice)
    return sheet, free + len(said) + 1


def write_cell(sheet: Worksheet, row: int, column: int, value: Value) -> None:
    """Write one cell of a table."""
    cell = _cell(sheet, row, column)
    cell.style = styles.NUMBER if isinstance(value, Figure | int) else styles.TEXT
    put(cell, value)


def write_text(sheet: Worksheet, row: int, text: str, style: str) -> None:
    """Write a line of text in the first column."""
    cell = _cell(sheet, row, 1)
    cell.style = style
    put(cell, text)


def write_heads(sheet: Worksheet, row: int, titles: Sequence[str], numeric: Sequence[bool]) -> None:
    """Write a header row, above numbers to the right."""
    for index, (title, is_number) in enumerate(zip(titles, numeric, strict=True), start=1):
        cell = _cell(sheet, row, index)
        cell.style = styles.NUMBER_HEAD if is_number else styles.HEAD
        put(cell, title)


def sheet_name(name: str) -> str:
    """A name that a sheet may have: no brackets or slashes, at most 31 characters."""
    plain = _FORBIDDEN.sub(" ", without_control(name)).strip("' ")
    return plain if len(plain) <= _NAME_LENGTH else f"{plain[: _NAME_LENGTH - 1].rstrip()}…"


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    return cast(Cell, sheet.cell(row, column))  # a merged cell is never written to


def _write_row(sheet: Worksheet, number: int, columns: Sequence[Column], row: Any) -> None:
    """Write a row of the table, as high as its longest text needs: not every program works that out itself."""
    lines = 1
    for index, column in enumerate(columns, start=1):
        value = column.value(row)
        write_cell(sheet, number, index, value)
        if isinstance(value, str):
            lines = max(lines, _lines_of(value, column.width))
    sheet.row_dimensions[number].height = min(_PADDING + lines * _LINE_HEIGHT, _MOST_HEIGHT)


@functools.lru_cache(maxsize=8192)
def _lines_of(text: str, width: float) -> int:
    room = max(1, int(width - _INDENT))
    if len(text) <= room and text.isprintable():
        return 1
    return sum(len(textwrap.wrap(line, room)) or 1 for line in text.splitlines() or [""])


def _write_notice(sheet: Worksheet, row: int, notice: str, widths: Sequence[float]) -> None:
    write_text(sheet, row, notice, styles.NOTICE)
    covered, last = 0.0, 0
    while last < len(widths) and covered < _NOTICE_WIDTH:
        covered += widths[last]
        last += 1
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=max(last, 1))
    sheet.row_dimensions[row].height = _NOTICE_HEIGHT


def _print_page(sheet: Worksheet, notice: str | None) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _PAPER_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    footer: Any = sheet.oddFooter
    footer.left.text = "Impact-KPI"
    footer.right.text = _PAGE
    if notice:
        # On paper every page carries it, not only the first.
        footer.center.text = notice.split(":")[0].replace("&", "&&")
