"""The interval macros and their two seeds, as the models use them: rendered, joined and run in DuckDB."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
SEEDS = PROJECT / "seeds" / "registry"
MACROS: Any = jinja2.Environment().from_string((PROJECT / "macros" / "intervals.sql").read_text("utf-8")).module
Z_998 = MACROS.z_998()


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """The seeds, typed as dbt types them."""
    database = duckdb.connect()
    for seed, key in (("poisson_exact", "aantal"), ("t_quantile", "df")):
        types = "{" + ", ".join(f"'{name}': '{'INTEGER' if name == key else 'DOUBLE'}'" for name in _header(seed)) + "}"
        database.execute(f"create table {seed} as from read_csv('{SEEDS / seed}.csv', columns = {types})")
    return database


def _header(seed: str) -> list[str]:
    return list(_rows(seed)[0])


def _rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _one(connection: duckdb.DuckDBPyConnection, query: str, *values: object) -> tuple[Any, ...]:
    row = connection.execute(query, list(values)).fetchone()
    assert row is not None
    return row


def proportion(connection: duckdb.DuckDBPyConnection, x: float, n: float, z: str | None = None) -> tuple[Any, ...]:
    lower, upper = MACROS.wilson("x", "n", -1, z), MACROS.wilson("x", "n", 1, z)
    return _one(connection, f"select 100 * {lower}, 100 * {upper} from (select ?::double as x, ?::double as n)", x, n)


def count(connection: duckdb.DuckDBPyConnection, x: float, z: str | None = None) -> tuple[Any, ...]:
    share = "95" if z is None else "998"
    lower = MACROS.poisson_laag("x", f"laag_{share}", z)
    upper = MACROS.poisson_hoog("x", f"hoog_{share}", z)
    query = f"select {lower}, {upper} from (select ?::double as x) left join poisson_exact on x = aantal"
    return _one(connection, query, x)


@pytest.mark.parametrize(
    ("x", "n", "z", "expected"),
    [
        (0, 12, None, (0, 24.2494)),
        (3, 12, None, (8.8942, 53.2305)),
        (12, 12, None, (75.7506, 100)),
        (82, 10_000, None, (0.6612, 1.0166)),
        (45, 120, None, (29.3524, 46.4230)),
        (45, 120, Z_998, (25.2451, 51.5977)),
    ],
)
def test_a_proportion_has_the_published_wilson_limits(
    connection: duckdb.DuckDBPyConnection, x: int, n: int, z: str | None, expected: tuple[float, float]
) -> None:
    """A slip in the formula would judge gemeenten by limits that no textbook knows."""
    assert proportion(connection, x, n, z) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0, (0, 3.6889)),
        (3, (0.6187, 8.7673)),
        (9, (4.1154, 17.0848)),
        (10, (4.7874, 18.3915)),
        (82, (65.2149, 101.7848)),
    ],
)
def test_a_count_has_the_published_poisson_or_byar_limits(
    connection: duckdb.DuckDBPyConnection, x: int, expected: tuple[float, float]
) -> None:
    """Byar's formula below ten, or the exact table from ten on, gives other limits."""
    assert count(connection, x) == pytest.approx(expected, abs=5e-5)


def test_a_control_chart_has_the_published_limits(connection: duckdb.DuckDBPyConnection) -> None:
    """Limits of another formula would call chance a signal."""
    lower, upper = MACROS.spc("p", "n", -1), MACROS.spc("p", "n", 1)
    found = _one(connection, f"select {lower}, {upper} from (select 0.5::double as p, 120::double as n)")
    assert found == pytest.approx((0.4119, 0.5881), abs=5e-5)


def mean(connection: duckdb.DuckDBPyConnection, average: float, spread: float, n: int) -> tuple[Any, ...]:
    lower, upper = MACROS.student_t("m", "s", "n", "t_975", -1), MACROS.student_t("m", "s", "n", "t_975", 1)
    query = f"select {lower}, {upper} from (select ?::double as m, ?::double as s, ?::integer as n)"
    return _one(connection, f"{query} left join t_quantile on n - 1 = df", average, spread, n)


def test_a_mean_has_the_published_limits_of_student(connection: duckdb.DuckDBPyConnection) -> None:
    """The marks 6, 7, 8, 8 and 9: z instead of t, or n instead of n - 1, makes the interval too narrow."""
    assert mean(connection, 7.6, 1.140175, 5) == pytest.approx((6.1843, 9.0157), abs=5e-5)


def test_a_mean_over_very_many_takes_the_normal_distribution(connection: duckdb.DuckDBPyConnection) -> None:
    """Beyond the last row of the seed a large group would have no interval at all."""
    assert mean(connection, 0, 10, 10_000) == pytest.approx((-0.19599640, 0.19599640), abs=1e-8)


@pytest.mark.parametrize(("x", "n"), [(5, 4), (0, 0), (5, 0), (-1, 10), (1, -10)])
def test_what_cannot_be_a_proportion_has_no_limits(connection: duckdb.DuckDBPyConnection, x: int, n: int) -> None:
    """More cases than people gives a root of a negative number: an error that stops the build, or a made-up limit."""
    assert proportion(connection, x, n) == (None, None)


@pytest.mark.parametrize("x", [-1, -20, 2.5])
def test_what_cannot_be_a_count_has_no_limits(connection: duckdb.DuckDBPyConnection, x: float) -> None:
    """Hours or euros below ten are no count of events."""
    assert count(connection, x) == (None, None)


@pytest.mark.parametrize(("spread", "n"), [(1.0, 1), (1.0, 0), (-1.0, 5)])
def test_what_has_no_spread_has_no_limits(connection: duckdb.DuckDBPyConnection, spread: float, n: int) -> None:
    """One measurement says nothing of its own uncertainty."""
    assert mean(connection, 7, spread, n) == (None, None)


@given(pair=st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(max_examples=200, deadline=None)
def test_a_proportion_lies_within_its_limits_and_wider_ones_enclose_narrower(
    connection: duckdb.DuckDBPyConnection, pair: tuple[int, int]
) -> None:
    """A figure outside its own interval would be judged against both sides at once."""
    x, n = pair
    narrow, wide = proportion(connection, x, n), proportion(connection, x, n, Z_998)
    figure = 100 * x / n
    assert -1e-9 <= wide[0] <= narrow[0] + 1e-9
    assert narrow[0] - 1e-9 <= figure <= narrow[1] + 1e-9
    assert narrow[1] - 1e-9 <= wide[1] <= 100 + 1e-9


def test_limits_of_counts_rise_with_the_count_also_where_the_formula_changes(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """At ten the table gives way to the formula: nine must not become more certain than ten."""
    for z in (None, Z_998):
        limits = [count(connection, x, z) for x in range(40)]
        assert all(lower <= x < upper for x, (lower, upper) in enumerate(limits))
        assert limits == sorted(limits)
        assert [upper for _, upper in limits] == sorted(upper for _, upper in limits)


@pytest.mark.parametrize(("column", "tail"), [("95", 0.025), ("998", 0.001)])
def test_the_exact_limits_leave_the_right_chance_outside(column: str, tail: float) -> None:
    """A wrong digit in the seed would go unseen: each limit is found again from the distribution itself."""
    rows = _rows("poisson_exact")
    assert [row["aantal"] for row in rows] == [str(number) for number in range(10)]
    for row in rows:
        x = int(row["aantal"])
        assert float(row[f"hoog_{column}"]) == pytest.approx(_solve(lambda m, x=x: tail - _at_most(x, m)), abs=1e-6)
        lower = 0.0 if x == 0 else _solve(lambda m, x=x: 1 - _at_most(x - 1, m) - tail)
        assert float(row[f"laag_{column}"]) == pytest.approx(lower, abs=1e-6)


def _at_most(x: int, expected: float) -> float:
    """Chance of x events or fewer where so many are expected."""
    return math.fsum(math.exp(-expected + k * math.log(expected) - math.lgamma(k + 1)) for k in range(x + 1))


def _solve(rising: Any) -> float:
    """Where a rising function of one number passes zero."""
    low, high = 1e-9, 100.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return low


def test_the_quantiles_of_student_leave_a_fortieth_above_them() -> None:
    """A wrong digit in the seed would go unseen: the density is integrated from zero to each quantile."""
    rows = _rows("t_quantile")
    assert [row["df"] for row in rows] == [str(number) for number in range(1, 201)]
    for row in rows:
        assert _student(float(row["t_975"]), int(row["df"])) == pytest.approx(0.475, abs=1e-8)


def _student(t: float, df: int, steps: int = 400) -> float:
    """Chance between zero and t: Simpson over the angle, in which the density is smooth however heavy its tail."""
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(math.pi)
    width = math.atan(t / math.sqrt(df)) / steps
    weights = [1, *(4 if step % 2 else 2 for step in range(1, steps)), 1]
    heights = (math.cos(step * width) ** (df - 1) for step in range(steps + 1))
    return scale * width / 3 * math.fsum(weight * height for weight, height in zip(weights, heights, strict=True))
