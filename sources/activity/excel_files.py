"""Workbooks: the rows of one sheet as text, without evaluating anything.

A date becomes ISO text and a number plain text, nothing is lost on the way; of a formula the value that was last saved
is taken. What does not belong here: what a row means.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import abc
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from sources.activity.header import LOOK_AHEAD, match_name, score
from sources.activity.raw_rows import CHUNK, Chunk
from sources.errors import DeliveryError

# What a damaged workbook makes of a zip of XML.
_BROKEN = (InvalidFileException, zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, ValueError, EOFError)
_HALF_SECOND = timedelta(milliseconds=500)


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The rows of one sheet.

    Attributes:
        path: the workbook.
        blad: name of the sheet.
    """

    path: Path
    blad: str

    def head(self) -> list[list[str]]:
        """The first rows."""
        with _open(self.path) as workbook:
            return list(islice(_rows(workbook, self.path, self.blad), LOOK_AHEAD))

    def chunks(self, skip: int) -> abc.Iterator[Chunk]:
        """The rows after the first `skip`, in pieces."""
        with _open(self.path) as workbook:
            rows = islice(_rows(workbook, self.path, self.blad), skip, None)
            number = skip + 1
            while piece := list(islice(rows, CHUNK)):
                yield Chunk(number, piece, multiline=True)
                number += len(piece)


def open_sheet(path: Path, blad: str | None, asked: frozenset[str]) -> SheetRows:
    """Find the sheet that holds the table.

    Args:
        path: the workbook.
        blad: name of the sheet, or None to find the one visible sheet that has the names asked for.
        asked: names of columns, as `header.asked_names` gives them.

    Raises:
        DeliveryError: the file is no workbook, or the sheet is not there or could be several.
        OSError: the file cannot be read.
    """
    with _open(path) as workbook:
        if blad is not None:
            named = [name for name in workbook.sheetnames if match_name(name) == match_name(blad)]
            if not named:
                raise DeliveryError(
                    f"{path.name}: er is geen blad '{blad}'. Verbeter blad in de mapping; er zijn: "
                    f"{', '.join(workbook.sheetnames)}."
                )
            return SheetRows(path, named[0])
        visible = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        if len(visible) == 1:
            return SheetRows(path, visible[0])
        rated = {name: _rate(workbook, path, name, asked) for name in visible}
    best = [name for name, rate in rated.items() if rate == max(rated.values(), default=0)]
    if len(best) != 1:
        raise DeliveryError(
            f"{path.name}: meer bladen kunnen de gegevens bevatten ({', '.join(visible)}). Noem het blad in de "
            "mapping, of bewaar de andere bladen in een eigen bestand."
        )
    return SheetRows(path, best[0])


def _rate(workbook: Workbook, path: Path, name: str, asked: frozenset[str]) -> int:
    return max((score(row, asked) for row in islice(_rows(workbook, path, name), LOOK_AHEAD)), default=0)


@contextmanager
def _open(path: Path) -> abc.Iterator[Workbook]:
    # Opened here, because openpyxl goes by the name of a file and a workbook may be called .csv.
    with path.open("rb") as stream:
        try:
            workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise _unreadable(path.name, error) from None
        try:
            yield workbook
        finally:
            workbook.close()


def _unreadable(name: str, error: Exception) -> DeliveryError:
    return DeliveryError(
        f"{name}: is niet als werkmap te lezen ({type(error).__name__}). Open het in Excel en sla het opnieuw op als "
        ".xlsx, zonder wachtwoord."
    )


def _rows(workbook: Workbook, path: Path, name: str) -> abc.Iterator[list[str]]:
    sheet = workbook[name]
    # The size that a sheet states is wrong in some exports, and rows beyond it would be lost.
    sheet.reset_dimensions()
    rows = sheet.iter_rows()
    while True:
        try:
            row = next(rows, None)
        except _BROKEN as error:
            raise _unreadable(path.name, error) from None
        if row is None:
            return
        yield [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "\n") if "_x000D_" in value else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_text(value, percent="%" in cell.number_format)
    return _time_text(value)


def _number_text(value: float, *, percent: bool) -> str:
    """Write a number as a person would: no exponent and no `.0`; a cell shown in percents as those percents."""
    number = Decimal(repr(value))
    if percent:
        # 0.07 * 100 in binary is 7.000000000000001.
        number = round(number * 100, 10)
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}%" if percent else text


def _time_text(value: object) -> str:
    if isinstance(value, datetime):
        moment = (value + _HALF_SECOND).replace(microsecond=0)
        return moment.date().isoformat() if moment.time() == time() else moment.isoformat()
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(value, time):
        return (datetime.combine(date.min, value) + _HALF_SECOND).time().replace(microsecond=0).isoformat()
    return str(value)
