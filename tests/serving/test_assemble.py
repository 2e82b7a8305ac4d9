"""Reading and writing the files of a publication: paths that are patterns, hashes that must see everything."""

from pathlib import Path

import duckdb
import pytest

from serving.assemble import measure, parquet_path, parquet_source
from serving.tables import PublishedColumn, PublishedTable

TABLE = PublishedTable("t", "marts", "t", (), "Eén rij.", (PublishedColumn("x", "Waarde."),))


def written(folder: Path, sql: str) -> Path:
    """Write the rows of a query as the Parquet file of table t."""
    path = parquet_path(folder, "t")
    path.parent.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.sql(sql).write_parquet(str(path))
    return folder


def digest(folder: Path, sql: str) -> str:
    with duckdb.connect() as connection:
        return measure(connection, written(folder, sql), TABLE).digest


@pytest.mark.parametrize(("name", "neighbour"), [("a[12]", "a1"), ("b*", "b2"), ("c?", "cd"), ("d'e", "d")])
def test_a_folder_name_is_never_taken_for_a_pattern(tmp_path: Path, name: str, neighbour: str) -> None:
    """DuckDB would read the folder beside it, and publish the figures of another installation."""
    own = written(tmp_path / name, "select 'own' as x")
    written(tmp_path / neighbour, "select 'other' as x")
    with duckdb.connect() as connection:
        assert connection.sql(f"from {parquet_source(own, 't')}").fetchall() == [("own",)]


@pytest.mark.parametrize(
    "other",
    [
        "values (0.30000000000000004::double, 'a'), (2, null)",
        "values (0.3::double, 'a'), (2, '')",
        "values (0.3::double, 'a'), (null, null)",
        "values (0.3::double, 'a'), (2, null), (2, null)",
        "values (0.3::double, null), (2, 'a')",
        "values (0.3::double, 'a')",
    ],
    ids=["last bit", "empty for null", "null for figure", "row twice", "cells swapped", "row gone"],
)
def test_the_digest_sees_every_difference(tmp_path: Path, other: str) -> None:
    """Two contents with one digest: the second is never published."""
    assert digest(tmp_path / "a", "values (0.3::double, 'a'), (2, null)") != digest(tmp_path / "b", other)


def test_the_digest_does_not_see_the_order(tmp_path: Path) -> None:
    """The order of rows is no content: another order must be no new publication."""
    rows = "select range::double / 7 as x, 'r' || range as y from range(300000)"
    assert digest(tmp_path / "a", rows) == digest(tmp_path / "b", f"{rows} order by hash(range)")
