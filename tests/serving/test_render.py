"""How rows and numbers look on a screen, in a spreadsheet and to a program."""

import csv
import io
import json
import time
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.render import dutch_number, with_unit, write_csv, write_json, write_table


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    """`=HYPERLINK(...)` in a name of a source would run on the advisor's machine."""
    file = io.StringIO()
    write_csv([f"{start}kop"], [(f"{start}1+1",), ("gewoon",)], file)
    assert list(csv.reader(io.StringIO(file.getvalue(), newline=""))) == [
        [f"'{start}kop"],
        [f"'{start}1+1"],
        ["gewoon"],
    ]


def test_numbers_in_csv_stay_numbers() -> None:
    """An apostrophe before -0.0343701 makes a spreadsheet add up nothing."""
    file = io.StringIO()
    row = (-0.0343701, -5, Decimal("-1.50"), True, None, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4))  # noqa: DTZ001
    assert write_csv(list("abcdefg"), [row], file) == 1
    assert file.getvalue() == "a,b,c,d,e,f,g\r\n-0.0343701,-5,-1.50,true,,2026-01-02,2026-01-02 03:04:00\r\n"


def test_csv_for_a_dutch_spreadsheet_has_commas_and_semicolons() -> None:
    """13.1 opens as 13 January in a Dutch Excel."""
    file = io.StringIO()
    write_csv(["naam", "waarde"], [("A.B; C", -13.1)], file, comma=True)
    assert file.getvalue() == 'naam;waarde\r\n"A.B; C";-13,1\r\n'


@given(st.lists(st.tuples(st.text(), st.floats(allow_nan=False, allow_infinity=False))))
def test_csv_reads_back_as_it_was(rows: list[tuple[str, float]]) -> None:
    """A quote or line end in a name must not shift the columns; only the guard's apostrophe may be added."""
    file = io.StringIO()
    write_csv(["tekst", "getal"], rows, file)
    read = list(csv.reader(io.StringIO(file.getvalue(), newline="")))[1:]
    assert [float(number) for _, number in read] == [number for _, number in rows]
    for (text, _), (found, _) in zip(rows, read, strict=True):
        assert found == text or (found == f"'{text}" and text[0] in "=+-@\t\r\n")


def test_json_is_valid_whatever_the_values() -> None:
    """NaN is no JSON, and two columns of one name would lose one of them."""
    file = io.StringIO()
    rows = [(1, 2, float("nan"), Decimal("2.5"), Decimal("3"), date(2026, 1, 2), [1, None], {"x": 1.5}, "=é")]
    assert write_json(["a", "a", "b", "c", "d", "e", "f", "g", "h"], rows, file) == 1
    assert json.loads(file.getvalue()) == [
        {
            "a": 1,
            "a_2": 2,
            "b": None,
            "c": 2.5,
            "d": 3,
            "e": "2026-01-02",
            "f": [1, None],
            "g": {"x": 1.5},
            "h": "=é",
        }
    ]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_of_any_number_of_rows_is_a_list(count: int) -> None:
    """An empty answer must still be parseable."""
    file = io.StringIO()
    write_json(["a"], [(number,) for number in range(count)], file)
    assert json.loads(file.getvalue()) == [{"a": number} for number in range(count)]


def test_a_table_shows_everything_when_it_goes_to_a_file() -> None:
    """A pipe has no width: a cut-off name cannot be looked up."""
    file = io.StringIO()
    long = "x" * 300
    assert write_table(["naam", "waarde"], [(long, 1.5)], file) == (1, False)
    assert long in file.getvalue()


class Terminal(io.StringIO):
    """A screen of 80 characters."""

    def isatty(self) -> bool:
        return True


def test_a_table_wider_than_the_screen_becomes_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty columns folded into a screen of 80 characters cannot be read by anybody."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    file = Terminal()
    write_table(["naam", "definitie"], [("A", "x" * 100), ("B", None)], file)
    assert file.getvalue().splitlines() == [
        "rij 1",
        "  naam       A",
        f"  definitie  {'x' * 100}",
        "rij 2",
        "  naam       B",
        "  definitie",
    ]
    narrow = Terminal()
    write_table(["naam", "n"], [("A", 1), ("Bé", 1000)], narrow)
    assert narrow.getvalue().splitlines() == ["naam     n", "A        1", "Bé    1000"]


@pytest.mark.long
def test_a_hundred_thousand_rows_take_seconds() -> None:
    """`--rijen 0` on the whole mart must not look like a hang."""
    started = time.monotonic()
    write_table(["a", "b"], ((number, "tekst") for number in range(100_000)), io.StringIO())
    assert time.monotonic() - started < 10


def test_a_table_stops_at_its_limit_and_knows_that_there_was_more() -> None:
    """A hundred thousand rows over a terminal, or a silent cut."""
    file = io.StringIO()
    assert write_table(["a"], ((number,) for number in range(10)), file, limit=3) == (3, True)
    assert write_table(["a"], [(1,), (2,)], io.StringIO(), limit=2) == (2, False)
    assert file.getvalue().split() == ["a", "0", "1", "2"]


def test_text_of_others_cannot_colour_or_clear_the_screen() -> None:
    """A title with an escape code could hide the demo warning."""
    file = io.StringIO()
    write_table(["[red]kop"], [("\x1b[2Jweg [bold]x[/bold]",)], file)
    assert "\x1b" not in file.getvalue()
    assert "[bold]x[/bold]" in file.getvalue()
    assert "[red]kop" in file.getvalue()


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567.891, 1, "1.234.567,9"),
        (1234.5, None, "1.234,5"),
        (-0.0343701, None, "\u22120,0343701"),
        (-0.04, 1, "0,0"),
        (90.0, None, "90"),
        (83694, None, "83.694"),
        (Decimal("12.50"), None, "12,5"),
        (1e-7, None, "0,0000001"),
        (1e22, None, "10.000.000.000.000.000.000.000"),
        (float("nan"), 1, "nan"),
    ],
)
def test_numbers_are_written_the_dutch_way(value: float, decimals: int | None, text: str) -> None:
    """1,234 is one and a bit in Dutch; and minus zero is a puzzle."""
    assert dutch_number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (13.1, "%", "13,1 %"),
        (90.0, "%", "90,0 %"),
        (83694.0, "aantal", "83.694"),
        (4525.5, "aantal", "4.525,5"),
        (1250.0, "aantal personen", "1.250 personen"),
        (-0.0343701, "score", "\u22120,034 score"),
        (7.25, "rapportcijfer", "7,2 rapportcijfer"),
        (3.0, None, "3,0"),
        (None, "%", ""),
    ],
)
def test_a_figure_comes_with_its_unit(value: float | None, unit: str | None, text: str) -> None:
    """A bare 13,1 may be a percentage, a mark or a count."""
    assert with_unit(value, unit) == text
