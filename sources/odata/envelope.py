"""Take the rows of an OData answer out of their envelope while it arrives, into files that DuckDB reads row by row.

An answer is one JSON object of up to 40 MB around a list of rows. Read as one object it costs four times that in
memory; the list alone, as an array, is read 2,048 rows at a time, which of rows of 4 kB is too much still: a long list
is cut between rows into arrays of about 1 MB. Cutting looks at no value: that what was cut is JSON is proven by whoever
reads it. The argument is that arrays which are complete, put one after another in an envelope that is complete with
them taken out, are a complete answer.
"""

from __future__ import annotations

import json
import os
import re
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
_PIECE = 1_000_000
_TRIES = 64
_FIRST_NAME = re.compile(rb'\[\s*\{\s*("[A-Za-z_]\w*"\s*:)')
# Stands for the list while the envelope around it is read; no service sends it.
_MARK = -271_828_182_845_904_523


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one answer.

    Attributes:
        files: each one JSON array of rows, in their order; never empty.
        next_link: `odata.nextLink`, or None.
    """

    files: tuple[Path, ...]
    next_link: str | None


class Envelope:
    """The sink of one answer: writes its rows to files as they come in.

    `file` is the first one, the others lie beside it; closed, it leaves none of them.
    """

    def __init__(self, file: Path, *, edge: int = _EDGE, piece: int = _PIECE) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._paths = [file]
        self._file = file.open("wb")
        self._edge = edge
        self._piece = piece
        self._room = piece
        self._begun = False
        self._border: re.Pattern[bytes] | None = None
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
            if not self._begun:
                self._border = _border(self._open)
            if self._room <= 0:
                self._cut()
            self._put(len(self._open) - self._edge)

    def close(self) -> None:
        """Take away what was written."""
        self._file.close()
        for path in self._paths:
            path.unlink(missing_ok=True)

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
            self._paths[0].write_text(rows, encoding="utf-8")
            return Rows((self._paths[0],), next_link)
        end, members = ending
        self._put(end)
        self._file.close()
        link = members.get(LINK)
        return Rows(tuple(self._paths), None if link is None else str(link))

    @contextmanager
    def whole(self) -> Iterator[Path]:
        """The answer put together again as one file, to find out what is wrong with it."""
        self._file.close()
        body = self._paths[0].with_suffix(".whole")
        try:
            with body.open("wb") as file:
                file.write(self._head or b"")
                for number, path in enumerate(self._paths):
                    with path.open("rb") as rows:
                        if number:
                            # The comma between two rows takes the place of the two brackets between two arrays.
                            file.seek(-1, os.SEEK_CUR)
                            file.write(b",")
                            rows.seek(1)
                        shutil.copyfileobj(rows, file)
                file.write(self._open)
            yield body
        finally:
            body.unlink(missing_ok=True)

    def _put(self, end: int) -> None:
        self._begun = True
        with memoryview(self._open) as view:
            self._file.write(view[:end])
        del self._open[:end]
        self._room -= end

    def _cut(self) -> None:
        """End the array at the next border between two rows, and begin another; without a border it goes on."""
        found = self._border and self._border.search(self._open, 0, len(self._open) - self._edge)
        if not found:
            return
        end, following = found.start() + 1, found.end()
        with memoryview(self._open) as view:
            self._file.write(view[:end])
        self._file.write(b"]")
        self._file.close()
        del self._open[:following]
        first = self._paths[0]
        self._paths.append(first.with_name(f"{first.stem}-{len(self._paths)}{first.suffix}"))
        self._file = self._paths[-1].open("wb")
        self._file.write(b"[")
        self._room = self._piece

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


def _border(rows: bytearray) -> re.Pattern[bytes] | None:
    """What stands between two rows, in terms of the name that the first row begins with.

    Within a text it cannot occur: the quote of that name would end the text, and JSON has no name there.
    """
    first = _FIRST_NAME.match(rows)
    return None if first is None else re.compile(rb"\}\s*,\s*(?=\{\s*" + re.escape(first[1]) + rb")")


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
