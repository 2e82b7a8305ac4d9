"""How rows and numbers look: a table for the screen, CSV for a spreadsheet, JSON for a program.

Text of others is never trusted: no markup on the screen, no formula in a spreadsheet. Computes nothing.
"""

import csv
import datetime as dt
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Literal, TextIO

from rich.cells import cell_len
from rich.console import Console

Format = Literal["tabel", "csv", "json"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_MINUS = "\u2212"
_THOUSANDS = "."
_WIDE = 100_000
_GAP = "  "
_COUNTS = {"aantal", "personen", "euro"}
_DECIMALS = {"score": 3}


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would end the process with status 1; the command line decides


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], file: TextIO, *, comma: bool = False) -> int:
    """Write CSV; text that a spreadsheet would run as a formula gets an apostrophe in front.

    Args:
        columns: Header.
        rows: Values as DuckDB gives them.
        file: Opened with newline="".
        comma: Dutch Excel: semicolon between cells and a comma as decimal sign.

    Returns:
        Number of rows.
    """
    # The standard's line end: with a bare \n the writer would leave a \r inside a cell unquoted.
    writer = csv.writer(file, delimiter=";" if comma else ",", lineterminator="\r\n")
    writer.writerow([_safe_text(column) for column in columns])
    count = 0
    for row in rows:
        writer.writerow([_csv_cell(value, comma=comma) for value in row])
        count += 1
    return count


def write_json(columns: Sequence[str], rows: Iterable[Sequence[Any]], file: TextIO) -> int:
    """Write a JSON list with one object per row; a doubled column name gets a number behind it."""
    names = _unique(columns)
    count = 0
    file.write("[")
    for row in rows:
        record = dict(zip(names, map(_json_value, row), strict=True))
        file.write((",\n " if count else "\n ") + json.dumps(record, ensure_ascii=False, allow_nan=False))
        count += 1
    file.write("\n]\n" if count else "]\n")
    return count


def write_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    file: TextIO,
    *,
    limit: int | None = None,
    comma: bool = False,
) -> tuple[int, bool]:
    """Write a table for the screen; when it is wider than the screen, one block per row, so that nothing is cut off.

    Returns:
        Number of rows shown, and whether there were more.
    """
    iterator = iter(rows)
    shown = list(itertools.islice(iterator, limit))
    has_more = limit is not None and next(iterator, None) is not None
    names = [_screen_cell(column, comma=False) for column in columns]
    cells = [[_screen_cell(value, comma=comma) for value in row] for row in shown]
    numeric = [any(_is_number(row[index]) for row in shown) for index in range(len(columns))]
    lines = lined_up([names, *cells], numeric)
    if max(map(cell_len, lines)) > screen(file).width:
        _write_blocks(names, cells, file)
    else:
        file.writelines(f"{line}\n" for line in lines)
    return len(shown), has_more


def lined_up(rows: Sequence[Sequence[str]], is_right: Sequence[bool]) -> list[str]:
    """Put cells under each other, two spaces apart.

    The table of the screen library would take a minute for a hundred thousand rows, and breaks words on a narrow
    screen.
    """
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [_GAP.join(map(_aligned, row, widths, is_right)).rstrip() for row in rows]


def screen(file: TextIO) -> Console:
    """Return a console that fits the terminal, and that never cuts or wraps when the output goes elsewhere."""
    width = None if file.isatty() else _WIDE
    return _Screen(file=file, width=width, highlight=False, soft_wrap=width is not None, emoji=False)


def dutch_number(value: float | Decimal, decimals: int | None = None) -> str:
    """Write a number the Dutch way: 1.234,5; without `decimals` as many as the number has."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    text = f"{value:,.{decimals}f}" if decimals is not None else _plain(value)
    whole, _, fraction = text.lstrip("-").partition(".")
    whole = whole.replace(",", _THOUSANDS)
    is_zero = not any(character in "123456789" for character in text)
    sign = _MINUS if text.startswith("-") and not is_zero else ""
    return f"{sign}{whole},{fraction}" if fraction else f"{sign}{whole}"


def with_unit(value: float | None, eenheid: str | None) -> str:
    """Write a figure with its unit, rounded for reading: a percentage to 1 decimal, a count to none, a score to 3."""
    if value is None:
        return ""
    label = (eenheid or "").strip().removeprefix("aantal").strip()
    number = dutch_number(value, decimals_of(value, eenheid))
    return f"{number} {label}" if label else number


def decimals_of(value: float, eenheid: str | None) -> int:
    """With how many decimals a figure is shown: the one rule for screen, page and sheet."""
    unit = (eenheid or "").strip()
    is_count = unit.split(" ")[0] in _COUNTS
    return 0 if is_count and float(value).is_integer() else _DECIMALS.get(unit, 1)


def _aligned(cell: str, width: int, is_right: bool) -> str:
    padding = " " * (width - cell_len(cell))
    return padding + cell if is_right else cell + padding


def _write_blocks(columns: Sequence[str], cells: Sequence[Sequence[str]], file: TextIO) -> None:
    width = max(map(cell_len, columns), default=0)
    for number, row in enumerate(cells, start=1):
        file.write(f"rij {number}\n")
        for name, cell in zip(columns, row, strict=True):
            file.write(f"  {_aligned(name, width, is_right=False)}  {cell}".rstrip() + "\n")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _plain(value: float | Decimal) -> str:
    whole, point, fraction = format(Decimal(str(value)), ",f").partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}{point}{fraction}" if fraction else whole


def _screen_cell(value: object, *, comma: bool) -> str:
    if value is None:
        return ""
    if comma and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return dutch_number(value)
    # A control character could move the cursor or colour the rest of the screen.
    return "".join(character if character.isprintable() else " " for character in _text(value))


def _csv_cell(value: object, *, comma: bool) -> str:
    if value is None:
        return ""
    text = _text(value)
    if isinstance(value, bool):
        return text
    if isinstance(value, int | float | Decimal):
        return text.replace(".", ",") if comma else text
    return _safe_text(text)


def _safe_text(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(_json_value(value), ensure_ascii=False)
    return str(value)


def _json_value(value: object) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {str(key): _json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(item) for item in value]
    return _text(value)


def _unique(columns: Sequence[str]) -> list[str]:
    names: list[str] = []
    for column in columns:
        names.append(next(name for name in _numbered(column) if name not in names))
    return names


def _numbered(column: str) -> Iterator[str]:
    yield column
    for number in itertools.count(2):
        yield f"{column}_{number}"
