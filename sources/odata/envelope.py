"""Take the rows of an OData answer out of their envelope while it arrives, into a file that DuckDB reads row by row.

An answer is one JSON object of up to 40 MB around a list of rows. Read as one object it costs four times that in
memory; the list alone, as an array, is read 2,048 rows at a time. Taking it out looks at no value: that what was taken
is JSON is proven by whoever reads it. The argument is that a complete array, put back in an envelope that is complete
with it taken out, is a complete answer.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources.errors import BadBodyError
from sources.odata.predicate import sql_text

LINK = "odata.nextLink"
# The members around the list are shorter than this; as much of the end is held back, until it is known to be the end.
_EDGE = 65_536
_TRIES = 64
# Stands for the list while the envelope around it is read; no service sends it.
_MARK = -271_828_182_845_904_523


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one answer.

    Attributes:
        file: one JSON array of rows, in their order.
        next_link: `odata.nextLink`, or None.
    """

    file: Path
    next_link: str | None


class Envelope:
    """The sink of one answer: writes its rows to a file as they come in."""

    def __init__(self, file: Path, *, edge: int = _EDGE) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._path = file
        self._file = file.open("wb")
        self._edge = edge
        self._head: bytes | None = None
        self._open = bytearray()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""
        self._open += chunk
        if self._head is None:
            start = self._open.find(b"[", 0, self._edge)
            if start < 0:
                return
            self._head = bytes(self._open[:start])
            del self._open[:start]
        if len(self._open) >= 2 * self._edge:
            self._put(len(self._open) - self._edge)

    def close(self) -> None:
        """Let go of the file; what was written stays."""
        self._file.close()

    def rows(self, connection: duckdb.DuckDBPyConnection, where: str) -> Rows:
        """The rows, once the whole body has been written.

        Args:
            connection: for an answer of an unusual shape, which is read as one object.
            where: what was asked, for messages.

        Raises:
            BadBodyError: no JSON, cut off, or without a list of rows.
        """
        ending = self._ending()
        if ending is None:
            with self.whole() as body:
                rows, next_link = read_whole(connection, body, where)
            self._path.write_text(rows, encoding="utf-8")
            return Rows(self._path, next_link)
        end, members = ending
        self._put(end)
        self._file.close()
        link = members.get(LINK)
        return Rows(self._path, None if link is None else str(link))

    @contextmanager
    def whole(self) -> Iterator[Path]:
        """The answer put together again as one file, to find out what is wrong with it."""
        self._file.close()
        body = self._path.with_suffix(".whole")
        try:
            with body.open("wb") as file, self._path.open("rb") as rows:
                file.write(self._head or b"")
                shutil.copyfileobj(rows, file)
                file.write(self._open)
            yield body
        finally:
            body.unlink(missing_ok=True)

    def _put(self, end: int) -> None:
        with memoryview(self._open) as view:
            self._file.write(view[:end])
        del self._open[:end]

    def _ending(self) -> tuple[int, dict[str, object]] | None:
        """Where the list of rows ends, and the members around it; None when the envelope is not a plain one."""
        if self._head is None:
            return None
        found = None
        place = len(self._open)
        for _ in range(_TRIES):
            place = self._open.rfind(b"]", max(0, len(self._open) - self._edge), place)
            if place < 0:
                break
            # A number in the place of the list: what remains has to be an object with that number as its value.
            try:
                members = json.loads((self._head + b"%d" % _MARK + self._open[place + 1 :]).decode("utf-8-sig"))
            except ValueError:
                continue
            if isinstance(members, dict) and members.get("value") == _MARK:
                # Not the last word: the bracket of another list behind the rows fits too.
                found = (place + 1, members)
        return found


def read_whole(connection: duckdb.DuckDBPyConnection, body: Path, where: str) -> tuple[str, str | None]:
    """The list of rows of an answer as JSON text, and its link.

    Raises:
        BadBodyError: no JSON, cut off, or without a list of rows.
    """
    # DuckDB sets aside twice this size for one object.
    limit = max(1024 * 1024, body.stat().st_size + 1)
    source = f"read_json_objects({sql_text(str(body))}, format = 'unstructured', maximum_object_size = {limit})"
    query = f"""
        select json_type(json, '$.value'), json_extract(json, '$.value')::varchar,
            json_extract_string(json, '$."odata.nextLink"')
        from {source}
    """
    with connection.cursor() as cursor:
        try:
            answers = cursor.execute(query).fetchall()
        except duckdb.InvalidInputException as error:
            first = str(error).splitlines()[0]
            raise BadBodyError(f"{where}: geen volledige JSON ({first})") from error
    if len(answers) != 1 or answers[0][0] != "ARRAY":
        raise BadBodyError(f"{where}: JSON zonder lijst van rijen")
    return str(answers[0][1]), answers[0][2]
