"""Spelling of values and names inside SQL that is put together here, and filling a table with rows of our own.

Only our own identifiers and what a mapping names go in; a cell of a delivery never becomes part of a statement.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

import duckdb


def literal(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """An identifier, quoted: contract columns such as `van` and `groep` are keywords elsewhere."""
    return '"' + identifier.replace('"', '""') + '"'


def literals(values: Iterable[str]) -> str:
    """Texts as the inside of an IN list."""
    return ", ".join(literal(value) for value in values)


def lookup(entries: Mapping[str, str], key: str) -> str:
    """The text that belongs to a key expression, or NULL."""
    return f"(MAP {{{', '.join(f'{literal(one)}: {literal(other)}' for one, other in entries.items())}}})[{key}]"


def fill(connection: duckdb.DuckDBPyConnection, relation: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows of plain values in one statement: a statement per row costs a millisecond each.

    Args:
        connection: has the table.
        relation: the table, as it is spelled in SQL.
        rows: values in the order of its columns; anything that its text can be cast from.
    """
    if not rows:
        return
    cells = ", ".join(f"r[{number}]" for number in range(1, len(rows[0]) + 1))
    texts = [[None if value is None else str(value) for value in row] for row in rows]
    connection.execute(
        f"INSERT INTO {relation} SELECT {cells} FROM (SELECT UNNEST(FROM_JSON(?::JSON, '[[\"VARCHAR\"]]')) AS r)",
        [json.dumps(texts, ensure_ascii=False)],
    )
