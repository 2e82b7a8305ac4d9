"""What a text file and a sheet of a workbook have in common: rows of text, in pieces.

What does not belong here: how either is read.
"""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass
from typing import Protocol

# Rows in one piece: what fits the cache of a processor, in which columns are made of rows many times faster.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file.

    Attributes:
        first: number of the first row, as a spreadsheet numbers them.
        rows: cells as they are; rows can differ in length.
        multiline: some cell holds a line break.
    """

    first: int
    rows: list[list[str]]
    multiline: bool = False


class RawRows(Protocol):
    """The rows of one file."""

    def head(self) -> list[list[str]]:
        """The first rows, to find the header in."""

    def chunks(self, skip: int) -> abc.Iterator[Chunk]:
        """The rows after the first `skip`."""
