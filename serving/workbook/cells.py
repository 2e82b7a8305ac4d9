"""One cell: a number stays a number, and text is never run as a formula.

Openpyxl takes text that starts with = for a formula; text of others (a label, a name, a source) may not become one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell

from serving.render import FORMULA_STARTS, decimals_of

_DAY = "dd-mm-yyyy"
_MOMENT = "dd-mm-yyyy hh:mm"


@dataclass(frozen=True, slots=True)
class Figure:
    """A stored figure.

    Attributes:
        value: As the mart has it; None gives an empty cell, never 0.
        unit: Its unit, which decides how it is shown.
        is_difference: Shown with its sign.
    """

    value: float | None
    unit: str | None
    is_difference: bool = False


Value = str | int | Figure | date | datetime | None


def put(cell: Cell, value: Value) -> None:
    """Write a value into a cell, with its type and the number format of its unit."""
    if isinstance(value, Figure):
        if value.value is not None:
            cell.value = value.value
            cell.number_format = number_format(value)
    elif isinstance(value, str):
        _put_text(cell, value)
    elif value is not None:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = _MOMENT if isinstance(value, datetime) else _DAY


def number_format(figure: Figure) -> str:
    """The number format of a figure; the program shows points and commas as its user is used to."""
    decimals = decimals_of(figure.value or 0, figure.unit)
    digits = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    if figure.is_difference:  # of percentages: in points, so without their sign
        return f"+{digits};-{digits};{digits}"
    return f'{digits}" %"' if figure.unit == "%" else digits


def without_control(text: str) -> str:
    """Text without the control characters that no workbook can hold."""
    return str(ILLEGAL_CHARACTERS_RE.sub(" ", text))


def _put_text(cell: Cell, text: str) -> None:
    if not text:
        return
    cell.value = without_control(text)
    # Whatever openpyxl made of it (a formula, an error code): it is text.
    cell.data_type = "s"
    if text.startswith(FORMULA_STARTS):
        # Whoever edits the cell in Excel does not set it off either.
        cell.quotePrefix = True
