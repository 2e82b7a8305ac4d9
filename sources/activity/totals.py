"""Rows that are no records: blank ones and totals.

What does not belong here: a record without its key, which goes to quarantine.
"""

from __future__ import annotations

import re
from collections import abc

_LABEL = re.compile(
    r"((eind|sub|generaal|algemeen|grand)[ -]?)?(totaal|totalen|total|totals)( generaal)?( aantal)?\s*[:=]?"
    r"(\s*[(]?[\d.,]+[)]?)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[€\s]*[-+]?[\d.,]+\s*%?-?")


def is_blank(row: abc.Sequence[str]) -> bool:
    """Whether a row has no text at all."""
    return not "".join(row).strip()


def is_total(row: abc.Sequence[str], key: abc.Sequence[int], label: str | None) -> bool:
    """Whether a row says itself that it is a total.

    Args:
        row: its cells.
        key: places of the columns of the key; a record has all of them filled.
        label: text at which a totals row starts here; None for the usual words, in a row without a full key.
    """
    first = next(((place, cell.strip()) for place, cell in enumerate(row) if cell.strip()), None)
    if first is None:
        return False
    place, text = first
    if label is not None:
        return text.casefold().startswith(label.casefold())
    others_empty = all(not row[other].strip() for other in key if other != place)
    return bool(key) and others_empty and _LABEL.fullmatch(text) is not None


def is_sum(row: abc.Sequence[str], key: abc.Sequence[int]) -> bool:
    """Whether a row has no key and nothing but numbers: at the end of a file that is a row of sums."""
    filled = [cell for cell in row if cell.strip()]
    return bool(filled) and bool(key) and not any(row[place].strip() for place in key) and all(map(_is_number, filled))


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None
