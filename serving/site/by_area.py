"""Rows of one area at a time from queries in order of area: one pass over the mart, and never all of it in memory."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import duckdb

from serving.publication import CATALOG

Row = dict[str, Any]
_BATCH = 4096
KEY = "gemeente_code"


class ByArea:
    """Rows of a query, handed out per area to whoever asks for the areas in order of code.

    The query has a column gemeente_code, or another key, and is ordered by it. It runs on a connection of its own, so
    that several can be read beside each other.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, sql: str, key: str = KEY) -> None:
        self._key = key
        cursor = connection.cursor()
        cursor.execute(f"use {CATALOG}")
        cursor.execute(sql)
        self._rows = _dictionaries(cursor)
        self._ahead = next(self._rows, None)

    def take(self, code: str) -> list[Row]:
        """Return the rows of an area, in the order of the query; none when it has none or has been passed."""
        taken = []
        while self._ahead is not None and self._ahead[self._key] <= code:
            if self._ahead[self._key] == code:
                taken.append(self._ahead)
            self._ahead = next(self._rows, None)
        return taken


def _dictionaries(cursor: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    names = list(map(itemgetter(0), cursor.description))
    while rows := cursor.fetchmany(_BATCH):
        for row in rows:
            yield dict(zip(names, row, strict=True))
