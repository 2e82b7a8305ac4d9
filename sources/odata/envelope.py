"""Take the rows of an OData answer out of their envelope while it arrives, in pieces that DuckDB reads one by one.

An answer is one JSON object of up to 40 MB around a list of rows. Read as one object it costs four times that in
memory; cut between rows into arrays of about 1 MB it is read 2,048 rows at a time. Cutting looks at no value: that what
was cut is JSON is proven by whoever reads the pieces. The argument is that pieces which are each a complete array, put
one after another in an envelope that is complete with them taken out, are a complete answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources.errors import BadBodyError
from sources.odata.predicate import sql_text

LINK = "odata.nextLink"
_PIECE = 1_000_000
_EDGE = 65_536
_TRIES = 64
_BORDER = re.compile(rb"\}[ \t\r\n]*,[ \t\r\n]*(?=\{)")
_COPY = 1_000_000
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
    """The sink of one answer: writes its rows to files below a folder as they come in."""

    def __init__(self, folder: Path, *, piece: int = _PIECE) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._piece = piece
        self._head: bytes | None = None
        self._open = bytearray()
        self._files: list[Path] = []
        self._ended = False

    def write(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""
        self._open += chunk
        if self._head is None:
            start = self._open.find(b"[", 0, _EDGE)
            if start < 0:
                return
            self._head = bytes(self._open[:start])
            del self._open[: start + 1]
        while len(self._open) >= self._piece:
            border = self._last_border()
            if border is None:
                return
            end, following = border
            self._put(end)
            del self._open[:following]

    def close(self) -> None:
        """Nothing is kept open between two writes."""

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
            return self._unusual(connection, where)
        end, members = ending
        self._put(end)
        del self._open[:end]
        self._ended = True
        link = members.get(LINK)
        return Rows(tuple(self._files), None if link is None else str(link))

    def whole(self) -> Path:
        """The answer put together again as one file, to find out what is wrong with it."""
        target = self._folder / "whole.json"
        with target.open("wb") as file:
            if self._head is not None:
                file.write(self._head + b"[")
            for number, path in enumerate(self._files):
                file.write(b"," if number else b"")
                for piece in _content(path):
                    file.write(piece)
            if self._files and not self._ended:
                file.write(b",")
            file.write(self._open)
        return target

    def _put(self, end: int) -> None:
        """Write what is open up to `end` as one piece; without a copy: these are all bytes of a page."""
        path = self._folder / f"rows-{len(self._files):04d}.json"
        with path.open("wb") as file, memoryview(self._open) as view:
            file.write(b"[")
            file.write(view[:end])
            file.write(b"]")
        self._files.append(path)

    def _last_border(self) -> tuple[int, int] | None:
        """Where the last row in reach ends and the one after it begins."""
        place = len(self._open)
        for _ in range(_TRIES):
            place = self._open.rfind(b"}", 0, place)
            if place < 0:
                return None
            match = _BORDER.match(self._open, place)
            if match is not None:
                return place + 1, match.end()
        return None

    def _ending(self) -> tuple[int, dict[str, object]] | None:
        """Where the list of rows ends, and the members around it; None when the envelope is not a plain one."""
        if self._head is None:
            return None
        found = None
        place = len(self._open)
        for _ in range(_TRIES):
            place = self._open.rfind(b"]", max(0, len(self._open) - _EDGE), place)
            if place < 0:
                break
            # A number in the place of the list: what remains has to be an object with that number as its value.
            try:
                members = json.loads((self._head + b"%d" % _MARK + self._open[place + 1 :]).decode("utf-8-sig"))
            except ValueError:
                continue
            if isinstance(members, dict) and members.get("value") == _MARK:
                # Not the last word: the bracket of another list behind the rows fits too.
                found = (place, members)
        return found

    def _unusual(self, connection: duckdb.DuckDBPyConnection, where: str) -> Rows:
        """Read the answer as one object and write its list as one piece."""
        body = self.whole()
        rows, link = read_whole(connection, body, where)
        file = self._folder / "rows-whole.json"
        file.write_text(rows, encoding="utf-8")
        body.unlink()
        return Rows((file,), link)


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


def _content(path: Path) -> Iterator[bytes]:
    """A piece without the brackets around it."""
    left = path.stat().st_size - 2
    with path.open("rb") as file:
        file.seek(1)
        while left > 0:
            piece = file.read(min(_COPY, left))
            left -= len(piece)
            yield piece
