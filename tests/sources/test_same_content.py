"""What differs between two editions: nothing for another order or cut, every cell that is not the same."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.same_content import changed_cells
from tests.archives import database

KEYS = st.tuples(st.sampled_from(["GM0001", "GM0002", "NL01"]), st.sampled_from(["2023JJ00", "2024JJ00"]))
VALUES = st.tuples(
    st.one_of(st.none(), st.sampled_from([0.0, 1.5, float("nan")])), st.sampled_from([None, "voorlopig"])
)
CONTENTS = st.dictionaries(KEYS, VALUES, max_size=6)
Content = Mapping[tuple[str, str], tuple[float | None, str | None]]


def literal(value: float | str | None, kind: str) -> str:
    return f"{'null' if value is None else repr(str(value))}::{kind}"


def write(folder: Path, content: Content, *, cuts: int = 1, edition: str = "een", more: str = "") -> Path:
    """An edition with these observations in `cuts` parts; `more` adds columns."""
    parts = folder / "observation"
    parts.mkdir(parents=True)
    keys = list(content)
    for number in range(cuts):
        mine = keys[number::cuts]
        rows = ", ".join(
            f"('{area}', '{period}', {literal(content[area, period][0], 'double')}, "
            f"{literal(content[area, period][1], 'varchar')})"
            for area, period in mine
        )
        given_rows = rows or "(null::varchar, null::varchar, null::double, null::varchar)"
        query = (
            f"select ref_area, time_period, 'M_1' as measure, '{{}}' as dimensions, obs_value, obs_status, "
            f"'{edition}' as edition {more} "
            f"from (values {given_rows}) as t(ref_area, time_period, obs_value, obs_status) where {bool(rows)}"
        )
        with database().cursor() as cursor:
            cursor.execute(f"copy ({query}) to '{parts}/part-{number:05}.parquet' (format parquet)")
    return folder


def plain(value: tuple[float | None, str | None]) -> tuple[str, str | None]:
    """A value that equals itself, also when it is no number."""
    return str(value[0]), value[1]


def different(old: Content, new: Content) -> int:
    """The same question, answered cell by cell."""
    return sum(
        key not in old or key not in new or plain(old[key]) != plain(new[key]) for key in old.keys() | new.keys()
    )


@settings(max_examples=40, deadline=None)
@given(CONTENTS, CONTENTS, st.integers(1, 3), st.integers(1, 3), st.sampled_from([1, 3, 100]))
def test_every_cell_that_differs_is_counted_and_no_other(
    old: Content, new: Content, one: int, two: int, at_once: int
) -> None:
    """A correction that is missed stays wrong for ever; one that is made up costs a publication a week."""
    with tempfile.TemporaryDirectory() as folder:
        before = write(Path(folder) / "oud", old, cuts=one)
        shuffled = dict(reversed(new.items()))
        after = write(Path(folder) / "nieuw", shuffled, cuts=two, edition="twee")
        found = [changed_cells(*pair, rows_at_once=at_once) for pair in ((before, after), (after, before))]
        assert found == [different(old, new)] * 2
        assert sorted(path.name for path in Path(folder).iterdir()) == ["nieuw", "oud"], "nothing is left behind"


CELLS: Content = {("GM0001", "2024JJ00"): (1.0, None), ("GM0002", "2024JJ00"): (None, None)}


@pytest.mark.parametrize(
    ("more", "cells"), [(", null::double as grens", 0), (", 'x' as soort", 2), (", obs_value + 1 as meer", 1)]
)
def test_an_absent_column_is_the_same_as_an_empty_one(tmp_path: Path, more: str, cells: int) -> None:
    """A part without a single value may lack the column."""
    old, new = write(tmp_path / "oud", CELLS), write(tmp_path / "nieuw", CELLS, more=more)
    assert changed_cells(old, new) == changed_cells(new, old) == cells


def table(path: Path, rows: Sequence[tuple[str, int]]) -> None:
    path.parent.mkdir(exist_ok=True)
    given_rows = ", ".join(f"('{name}', {number})" for name, number in rows)
    query = f"select name, number, '{path.parent.name}' as edition from (values {given_rows}) as t(name, number)"
    with database().cursor() as cursor:
        cursor.execute(f"copy ({query}) to '{path}' (format parquet)")


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ([("b", 2), ("a", 1), ("a", 1)], 0),
        ([("a", 1), ("b", 2)], 1),
        ([("a", 1), ("a", 1), ("b", 3)], 1),
        ([("a", 1), ("a", 1), ("b", 2), ("c", 3), ("d", 4)], 2),
    ],
)
def test_other_tables_are_compared_row_by_row(tmp_path: Path, rows: list[tuple[str, int]], cells: int) -> None:
    """Series and rosters have no figure per row; a row that is there twice counts twice."""
    table(tmp_path / "oud" / "series.parquet", [("a", 1), ("a", 1), ("b", 2)])
    table(tmp_path / "nieuw" / "series.parquet", rows)
    assert changed_cells(tmp_path / "oud", tmp_path / "nieuw") == cells


def test_a_table_or_file_that_is_on_one_side_only_is_a_difference(tmp_path: Path) -> None:
    """An edition without its series would pass for the same as one with them."""
    old, new = write(tmp_path / "oud", CELLS), write(tmp_path / "nieuw", CELLS)
    (old / "manifest.json").write_text("{}")
    assert changed_cells(old, new) == 0
    table(new / "series.parquet", [("a", 1), ("b", 2)])
    assert changed_cells(old, new) == changed_cells(new, old) == 2
    (old / "gemeente.geojson").write_text("{}")
    (new / "gemeente.geojson").write_text("{ }")
    assert changed_cells(old, new) == 3


def test_a_damaged_file_is_an_error_and_no_number(tmp_path: Path) -> None:
    """Called equal, the damaged edition would stay in use."""
    old, new = write(tmp_path / "oud", CELLS), write(tmp_path / "nieuw", CELLS)
    (old / "observation" / "part-00000.parquet").write_bytes(b"stuk")
    with pytest.raises(duckdb.Error):
        changed_cells(old, new)
