"""Somebody who opened a publication and keeps it open while nights go by, as an advisor's program does.

What a session has read once stays in its memory, so it is asked only once, at the end: what it then reads, it reads
from the file as that is by now.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import duckdb

from serving.locations import Locations
from serving.publication import Publication, find_publication, open_publication

Content = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Reader:
    """One session, and what was in its publication when it was opened: rows and their hash, by table."""

    connection: duckdb.DuckDBPyConnection
    publication: Publication
    content: Content

    def noticed(self) -> str | None:
        """What is not as it was when the session was opened; None when nothing is."""
        try:
            found = _content(self.connection)
        except duckdb.Error as error:
            return f"{type(error).__name__}: {error}"
        changed = sorted(name for name, rows in self.content.items() if found.get(name) != rows)
        return f"other rows in {changed}" if changed else None


@contextmanager
def reading(locations: Locations) -> Iterator[Reader]:
    """Open the current publication and keep it open; nothing but its list of tables is read yet."""
    publication = find_publication(locations)
    with closing(open_publication(publication)) as other:
        content = _content(other)
    with closing(open_publication(publication)) as connection:
        yield Reader(connection, publication, content)


def _content(connection: duckdb.DuckDBPyConnection) -> Content:
    names = [name for (name,) in connection.execute("show tables").fetchall()]
    return {
        name: connection.execute(f'select count(*), bit_xor(hash(t)) from "{name}" as t').fetchall()[0]
        for name in names
    }
