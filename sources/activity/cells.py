"""Make the cells of one column plain: white space, prefixes of spreadsheets, characters that were read wrongly.

Works on a column of many rows at a time, so that a column without anything odd costs next to nothing. What does not
belong here: what a value means.
"""

from __future__ import annotations

import re
from collections import abc
from dataclasses import dataclass, field

from sources.activity.mojibake import looks_broken, repair

_REPLACEMENT = "\ufffd"
# Zero-width characters, soft hyphens and byte order marks: invisible, and they make two equal codes differ.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_AS_TEXT = re.compile(r'=\s*"(.*)"', re.DOTALL)
_MARKED = re.compile(r"\s*[=']")
# An apostrophe that belongs to the word: 's-Gravenhage, 't Hoekje.
_WORD = re.compile(r"'[a-z]{1,2}[ -]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CleanColumn:
    """A column made plain.

    Attributes:
        cells: per row the text, None when it is empty.
        repaired: cells of which wrongly read characters were put right.
        unreadable: places of rows of which they could not be.
    """

    cells: abc.Sequence[str | None]
    repaired: int = 0
    unreadable: list[int] = field(default_factory=list)


def clean_column(cells: abc.Sequence[str]) -> CleanColumn:
    """Make the cells of a column plain.

    Outer spaces go, runs of white space (non-breaking too) become one space, blank lines within a cell go. A leading
    `=` or `'` that a spreadsheet uses to mark text or a formula is taken off; nothing is evaluated.
    """
    text = "\n".join(cells)
    repaired = 0
    unreadable: list[int] = []
    if not text.isascii():
        cells, repaired, unreadable = _repair_cells(cells, text)
        text = "\n".join(cells)
    if "=" in text or "'" in text:
        cells = [_strip_prefix(cell) if _MARKED.match(cell) else cell for cell in cells]
        text = "\n".join(cells)
    if not text.isascii() or "  " in text or "\t" in text or text.count("\n") >= len(cells):
        return CleanColumn([_squeeze(cell) or None for cell in cells], repaired, unreadable)
    if " \n" in text or "\n " in text or text[:1] == " " or text[-1:] == " ":
        return CleanColumn([cell.strip() or None for cell in cells], repaired, unreadable)
    return CleanColumn([cell or None for cell in cells] if "" in cells else cells, repaired, unreadable)


def _repair_cells(cells: abc.Sequence[str], text: str) -> tuple[abc.Sequence[str], int, list[int]]:
    repaired, unreadable = 0, []
    if looks_broken(text) or _REPLACEMENT in text:
        mended = list(cells)
        for place, cell in enumerate(cells):
            if cell.isascii():
                continue
            better = None if _REPLACEMENT in cell else repair(cell)
            if better is None:
                unreadable.append(place)
            elif better != cell:
                mended[place] = better
                repaired += 1
        cells = mended
    if any(chr(invisible) in text for invisible in _INVISIBLE):
        cells = [cell.translate(_INVISIBLE) for cell in cells]
    return cells, repaired, unreadable


def _squeeze(cell: str) -> str:
    if "\n" not in cell:
        return " ".join(cell.split())
    return "\n".join(filter(None, (" ".join(line.split()) for line in cell.split("\n"))))


def _strip_prefix(cell: str) -> str:
    plain = cell.strip()
    marked = _AS_TEXT.fullmatch(plain)
    if marked:
        return marked[1].replace('""', '"')
    while plain[:1] == "=" or (plain[:1] == "'" and not _WORD.match(plain)):
        plain = plain[1:].lstrip()
    return plain
