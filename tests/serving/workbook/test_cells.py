"""Cells: typed numbers in the notation of their unit, and text as text."""

from datetime import date, datetime

import pytest
from openpyxl import Workbook

from serving.workbook.cells import Figure, Value, number_format, put


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Figure(13.1, "%"), '#,##0.0" %"'),
        (Figure(1200, "aantal"), "#,##0"),
        (Figure(1200, "aantal personen"), "#,##0"),
        (Figure(2.2, "euro per euro"), "#,##0.0"),
        (Figure(-0.034, "score"), "#,##0.000"),
        (Figure(0.5, "per 1.000 inwoners"), "#,##0.0"),
        (Figure(1.5, None), "#,##0.0"),
        (Figure(-0.5, "%", is_difference=True), "+#,##0.0;-#,##0.0;#,##0.0"),
    ],
)
def test_a_unit_decides_how_a_number_is_shown(figure: Figure, expected: str) -> None:
    """A score of -0.034 shown as 0, or a difference of percentages shown as a percentage."""
    assert number_format(figure) == expected


@pytest.mark.parametrize(
    ("value", "kept", "kind"),
    [
        (Figure(0.0, "%"), 0.0, "n"),
        (Figure(None, "%"), None, "n"),
        (None, None, "n"),
        ("", None, "n"),
        ("00123", "00123", "s"),
        ("=1+1", "=1+1", "s"),
        ("#REF!", "#REF!", "s"),
        ("bel\x07", "bel ", "s"),
        (date(2026, 11, 21), date(2026, 11, 21), "d"),
        (datetime(2026, 11, 21, 3, 30), datetime(2026, 11, 21, 3, 30), "d"),  # noqa: DTZ001 (as the mart stores it)
    ],
)
def test_a_value_keeps_its_kind(value: Value, kept: object, kind: str) -> None:
    """Missing that becomes nought, or a text that becomes a number, an error or a formula."""
    cell = Workbook().worksheets[0]["A1"]
    put(cell, value)
    assert (cell.value, cell.data_type) == (kept, kind)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_editing_a_text_does_not_set_it_off(text: str) -> None:
    """F2 and Enter in Excel would make a formula of it after all."""
    cell = Workbook().worksheets[0]["A1"]
    put(cell, text)
    assert cell.quotePrefix
