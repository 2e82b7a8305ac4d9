"""The weighting of percentages over merged gemeenten: the model's own SQL, rendered and run on invented gemeenten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
VARS: dict[str, Any] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text("utf-8"))["vars"]
ENVIRONMENT = jinja2.Environment()
ENVIRONMENT.globals.update({"ref": lambda name: name, "var": VARS.__getitem__})
MACROS: Any = ENVIRONMENT.from_string((PROJECT / "macros" / "figures.sql").read_text("utf-8")).module
MODEL = ENVIRONMENT.from_string((PROJECT / "models" / "intermediate" / "int_figuur_gewogen.sql").read_text("utf-8"))
WEIGHTED = MODEL.render(exact_sum=MACROS.exact_sum, zwaarste_reden=MACROS.zwaarste_reden)

OLD, NEW, TARGET = 2020, 2024, "GM0100"
INPUTS = {
    "int_kpi_formule": "reeks_id varchar, uitsplitsing varchar, teller_rol varchar, soort_waarde varchar,"
    " is_optelbaar boolean",
    "int_reeks_periode": "reeks_id varchar, uitsplitsing varchar, rol varchar, periode varchar, jaar integer,"
    " indelingsjaar integer",
    "int_reeks_deel": "reeks_id varchar, uitsplitsing varchar, rol varchar, periode varchar, gemeente_code varchar,"
    " waarde double, ontbreekt_reden varchar, eenheid varchar, opgegeven_bron varchar, status_rang integer",
    "int_gemeente": "indelingsjaar integer",
    "int_gemeente_overgang": "van_jaar integer, van_code varchar, naar_jaar integer, naar_code varchar,"
    " aandeel double, is_deel boolean",
    "int_inwoners_indeling": "jaar integer, indelingsjaar integer, gemeente_code varchar, inwoners double",
}

# Inhabitants of a gemeente, and how many of them the percentage counts.
GEMEENTE = st.integers(1, 900_000).flatmap(lambda people: st.tuples(st.just(people), st.integers(0, people)))


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """The tables the model reads, with one series and one period."""
    database = duckdb.connect()
    for table, columns in INPUTS.items():
        database.execute(f"create table {table} ({columns})")
    database.execute("insert into int_kpi_formule values ('r', 'totaal', 'waarde', 'percentage', false)")
    database.execute("insert into int_reeks_periode values ('r', 'totaal', 'waarde', '2020', ?, ?)", [OLD, OLD])
    database.execute("insert into int_gemeente values (?)", [NEW])
    return database


def weighted(
    database: duckdb.DuckDBPyConnection, gemeenten: list[tuple[int, int]], came_along: list[float]
) -> list[tuple[Any, ...]]:
    """What a gemeente made of these whole ones gets; of each a share came along."""
    for table in ("int_reeks_deel", "int_gemeente_overgang", "int_inwoners_indeling"):
        database.execute(f"delete from {table}")
    for number, ((people, counted), share) in enumerate(zip(gemeenten, came_along, strict=True), start=1):
        code = f"GM{number:04d}"
        database.execute(
            "insert into int_reeks_deel values ('r', 'totaal', 'waarde', '2020', ?, ?, null, null, null, 1)",
            [code, 100 * counted / people],
        )
        database.execute(
            "insert into int_gemeente_overgang values (?, ?, ?, ?, ?, false)", [OLD, code, NEW, TARGET, share]
        )
        database.execute("insert into int_inwoners_indeling values (?, ?, ?, ?)", [OLD, OLD, code, people])
    return database.execute(f"select gemeente_code, waarde, ontbreekt_reden, heeft_breuk from ({WEIGHTED})").fetchall()


@settings(max_examples=60, deadline=None)
@given(gemeenten=st.lists(GEMEENTE, min_size=2, max_size=6))
def test_the_percentage_of_a_merged_gemeente_is_that_of_all_its_people_together(
    connection: duckdb.DuckDBPyConnection, gemeenten: list[tuple[int, int]]
) -> None:
    """A merged gemeente would be better or worse than each of its parts, or differ from what a count would say."""
    ((code, value, reason, is_break),) = weighted(connection, gemeenten, [1.0] * len(gemeenten))
    parts = [100 * counted / people for people, counted in gemeenten]
    together = 100 * sum(counted for _, counted in gemeenten) / sum(people for people, _ in gemeenten)
    assert (code, reason, is_break) == (TARGET, None, False)
    assert min(parts) - 1e-9 <= value <= max(parts) + 1e-9
    assert value == pytest.approx(together, rel=1e-9, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    gemeenten=st.lists(GEMEENTE, min_size=2, max_size=4),
    share=st.floats(0.01, 0.99),
)
def test_who_did_not_come_along_does_not_weigh(
    connection: duckdb.DuckDBPyConnection, gemeenten: list[tuple[int, int]], share: float
) -> None:
    """A gemeente that gave most of itself to a neighbour first would set the percentage of those who merged later."""
    shares = [share] + [1.0] * (len(gemeenten) - 1)
    ((_, value, _, is_break),) = weighted(connection, gemeenten, shares)
    people = sum(people * part for (people, _), part in zip(gemeenten, shares, strict=True))
    counted = sum(counted * part for (_, counted), part in zip(gemeenten, shares, strict=True))
    assert value == pytest.approx(100 * counted / people, rel=1e-9, abs=1e-12)
    assert is_break is True


def test_a_single_gemeente_is_not_weighted(connection: duckdb.DuckDBPyConnection) -> None:
    """A renamed gemeente would be marked as recomputed, and its published figure rounded."""
    assert weighted(connection, [(1000, 130)], [1.0]) == []
