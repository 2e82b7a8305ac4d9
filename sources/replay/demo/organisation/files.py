"""Write the exports as files: delimited text in several dialects, and workbooks that come out alike byte for byte."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from sources.replay.demo.organisation.layouts import Sheet, TextExport, WorkbookExport

_STAMP = (2026, 1, 5, 8, 0, 0)
_STAMP_TEXT = b"2026-01-05T08:00:00Z"
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_EURO = '"€" #,##0.00'
_DAY = "yyyy-mm-dd"


def write_text(folder: Path, export: TextExport) -> None:
    """Write a delimited text file; fields are quoted where they must be."""
    sheet = export.sheet
    text = io.StringIO(newline="")
    text.writelines(line + export.newline for line in sheet.title)
    writer = csv.writer(text, delimiter=export.delimiter, lineterminator=export.newline)
    writer.writerow(sheet.header)
    writer.writerows(sheet.rows)
    if sheet.total is not None:
        writer.writerow(sheet.total)
    (folder / export.name).write_bytes(text.getvalue().encode(export.encoding))


def write_workbook(folder: Path, export: WorkbookExport) -> None:
    """Write a workbook with a bold header per sheet, real dates, and amounts in euros."""
    workbook = Workbook(write_only=True)
    for name, sheet in export.sheets.items():
        _fill(workbook, name, sheet)
    raw = io.BytesIO()
    workbook.save(raw)
    (folder / export.name).write_bytes(_without_clock(raw))


def _fill(workbook: Workbook, name: str, sheet: Sheet) -> None:
    page = workbook.create_sheet(name)
    for line in sheet.title:
        page.append([line])
    page.append([_bold(page, text) for text in sheet.header])
    for row in (*sheet.rows, *([] if sheet.total is None else [sheet.total])):
        page.append(_cells(page, row))


def _bold(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, value=text)
    cell.font = Font(bold=True)
    return cell


def _cells(page: Any, row: Sequence[Any]) -> list[Any]:
    return [_formatted(page, value) if isinstance(value, Decimal | dt.date) else _plain(value) for value in row]


def _plain(value: Any) -> Any:
    return None if value == "" else value


def _formatted(page: Any, value: Any) -> Any:
    cell = WriteOnlyCell(page, value=value)
    cell.number_format = _EURO if isinstance(value, Decimal) else _DAY
    return cell


def _without_clock(raw: io.BytesIO) -> bytes:
    """The same workbook with one fixed moment in place of every time of writing."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = _DATES.sub(rb"\g<1>" + _STAMP_TEXT + rb"\g<2>", old.read(name))
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return fixed.getvalue()
