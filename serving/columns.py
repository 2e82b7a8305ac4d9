"""Columns that a newer release added: a publication of the release before has to stay readable.

Looks in the publication itself; knows nothing of versions.
"""

from collections.abc import Iterable

import duckdb


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> frozenset[str]:
    """Names of the columns of a published table; none when there is no such table."""
    rows = connection.execute("select column_name from duckdb_columns() where table_name = ?", [table]).fetchall()
    return frozenset(str(name) for (name,) in rows)


def absent(connection: duckdb.DuckDBPyConnection, table: str, names: Iterable[str]) -> str:
    """The end of a select list that gives null for what the table does not have; empty when it has everything."""
    there = columns_of(connection, table)
    return "".join(f", null as {name}" for name in names if name not in there)
