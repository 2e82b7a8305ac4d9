"""Aggregates that give the same number in every order of the rows: rendered and run in DuckDB."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
MACROS: Any = jinja2.Environment().from_string((PROJECT / "macros" / "figures.sql").read_text("utf-8")).module

MARKS = st.lists(st.integers(10, 100).map(lambda mark: mark / 10), min_size=2, max_size=30)


def aggregate(expression: str, values: list[float]) -> float:
    """One aggregate of column x."""
    row = duckdb.execute(f"select {expression} from (select unnest(?::double[]) as x)", [values]).fetchone()
    assert row is not None
    return float(row[0])


@given(data=st.data(), marks=MARKS)
@pytest.mark.parametrize("name", ["exact_sum", "exact_stddev"])
def test_the_order_of_the_rows_changes_nothing(name: str, data: st.DataObject, marks: list[float]) -> None:
    """Threads hand rows over as they come: a last digit would differ from night to night, as if it was revised."""
    expression = getattr(MACROS, name)("x")
    assert aggregate(expression, marks) == aggregate(expression, data.draw(st.permutations(marks)))


@given(marks=MARKS)
def test_the_standard_deviation_is_that_of_a_sample(marks: list[float]) -> None:
    """An interval would be too narrow."""
    assert aggregate(MACROS.exact_stddev("x"), marks) == pytest.approx(statistics.stdev(marks), abs=1e-9)


def test_five_marks_whose_standard_deviation_hung_on_their_order() -> None:
    """The plain aggregate gave three numbers for these five marks."""
    orders = ([6.0, 7.0, 8.0, 8.0, 9.0], [6.0, 7.0, 9.0, 8.0, 8.0], [6.0, 8.0, 9.0, 8.0, 7.0])
    assert len({aggregate("stddev_samp(x)", order) for order in orders}) == 3
    assert len({aggregate(MACROS.exact_stddev("x"), order) for order in orders}) == 1
