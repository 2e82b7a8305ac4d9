"""Delimited text files: find encoding and separator, and give the records in pieces.

What does not belong here: what a record means and which row is the header.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import abc
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sources.activity.header import LOOK_AHEAD, score
from sources.activity.raw_rows import CHUNK, Chunk
from sources.errors import DeliveryError

SEPARATORS = (";", ",", "\t", "|")

_BLOCK = 1 << 20
_SAMPLE = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEP_LINE = re.compile(r'"?sep=(.)"?\n', re.IGNORECASE)


def detect_encoding(path: Path) -> str:
    """Find the encoding of a text file: its mark, else UTF-8 where the bytes allow it, else Windows-1252.

    Raises:
        DeliveryError: the file holds zero bytes, so it is no text in any of these.
        OSError: the file cannot be read.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    wrong = other = 0
    with path.open("rb") as stream:
        start = stream.read(4)
        for mark, encoding in _MARKS:
            if start.startswith(mark):
                return encoding
        stream.seek(0)
        while block := stream.read(_BLOCK):
            if b"\0" in block:
                raise DeliveryError(
                    f"{path.name}: is geen gewone tekst. Sla het bestand op als CSV (UTF-8), "
                    "of noem de codering in de mapping, bijvoorbeeld utf-16-le."
                )
            if not block.isascii():
                text = decoder.decode(block)
                bad = text.count("\ufffd")
                wrong += bad
                other += len(text) - len(text.encode("ascii", "ignore")) - bad
    # A few broken bytes in a UTF-8 file cost their own rows, not the accents of all others.
    return "utf-8" if wrong == 0 or other > wrong else "cp1252"


def _find_separator(sample: str, asked: frozenset[str]) -> str:
    """The separator that gives most of the names asked for in one row; on a tie the one that gives most cells."""

    def rate(separator: str) -> tuple[int, int]:
        rows = list(islice(csv.reader(io.StringIO(sample, newline="\n"), delimiter=separator), LOOK_AHEAD))
        return max((score(row, asked) for row in rows), default=0), max(map(len, rows), default=0)

    return max(SEPARATORS, key=rate)


@dataclass(frozen=True, slots=True)
class TextRows:
    """The records of one text file.

    Attributes:
        path: the file.
        encoding: of its bytes.
        delimiter: between its cells.
        skip: lines before the first record that no spreadsheet shows.
    """

    path: Path
    encoding: str
    delimiter: str
    skip: int = 0

    def head(self) -> list[list[str]]:
        """The first records."""
        with self._open() as stream:
            return list(islice(self._reader(stream), LOOK_AHEAD))

    def chunks(self, skip: int) -> abc.Iterator[Chunk]:
        """The records after the first `skip`, in pieces.

        Raises:
            DeliveryError: a quote is opened and not closed.
        """
        with self._open() as stream:
            lines = _Lines(stream)
            reader = csv.reader(lines, delimiter=self.delimiter)
            number = 1
            try:
                number += len(list(islice(reader, skip)))
                before = reader.line_num
                while rows := list(islice(reader, CHUNK)):
                    multiline = reader.line_num - before != len(rows)
                    before = reader.line_num
                    yield Chunk(number, rows, multiline=multiline)
                    number += len(rows)
                    last = rows[-1]
            except csv.Error:
                raise self._unclosed(f"na rij {number}") from None
            if number > skip + 1 and lines.quotes % 2 and last and last[-1].endswith("\n"):
                raise self._unclosed(f"in rij {number - 1}")

    def _unclosed(self, place: str) -> DeliveryError:
        return DeliveryError(
            f"{self.path.name}: {place} staat een aanhalingsteken open, zodat regels in elkaar overlopen. "
            "Verdubbel een aanhalingsteken binnen een tekst, of lever het bestand als .xlsx."
        )

    @contextmanager
    def _open(self) -> abc.Iterator[io.TextIOWrapper]:
        # newline=None makes every kind of line end the same; a byte that is no character costs its own row.
        with self.path.open(encoding=self.encoding, errors="replace", newline=None) as stream:
            for _ in range(self.skip):
                stream.readline()
            yield stream

    def _reader(self, stream: io.TextIOWrapper) -> abc.Iterator[list[str]]:
        reader = csv.reader(stream, delimiter=self.delimiter)
        try:
            yield from reader
        except csv.Error:
            raise self._unclosed("in de eerste rijen") from None


class _Lines:
    """The lines of a file, read in large blocks; counts the quotes that pass by."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self.quotes = 0
        self._lines = self._read(stream)

    def __iter__(self) -> abc.Iterator[str]:
        return self._lines

    def _read(self, stream: io.TextIOWrapper) -> abc.Iterator[str]:
        while block := stream.read(_BLOCK):
            block += stream.readline()
            self.quotes += block.count('"')
            yield from io.StringIO(block, newline="\n")


def open_text(path: Path, codering: str | None, scheiding: str | None, asked: frozenset[str]) -> TextRows:
    """Find out how a text file is written.

    Args:
        path: the file.
        codering: encoding, or None to detect it; a mark at the start of the file goes before it.
        scheiding: separator, or None to detect it.
        asked: names of columns, as `header.asked_names` gives them.

    Raises:
        DeliveryError: the file is no text.
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)
    encoding = marked or codering or detect_encoding(path)
    with path.open(encoding=encoding, errors="replace", newline=None) as text:
        sample = text.read(_SAMPLE)
    says = _SEP_LINE.match(sample)
    if says:
        return TextRows(path, encoding, scheiding or says[1], skip=1)
    return TextRows(path, encoding, scheiding or _find_separator(sample, asked))
