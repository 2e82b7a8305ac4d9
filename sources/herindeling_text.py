"""Reads the description CBS gives each gemeente in 'Gebieden; overzicht vanaf 1830': what happened to it, and when.

Pure text in, events out; a passage that does not follow the known form comes back as unreadable, never as a guess. What
does not belong here: which gemeenten there are, what two descriptions say about one event, and the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from typing import Literal

Kant = Literal["naar", "van"]

OPGEHEVEN = "Opgeheven"
_ONTSTAAN = "Ontstaan"
_NAAM = "Naamswijziging"
_WIJZIGING = "Wijziging"
_PROVINCIE = "Provinciale wijziging"
# Kinds of which the text may hold no gemeente at all: they then moved nobody to another gemeente.
_MAY_BE_BARE = frozenset({_ONTSTAAN, _WIJZIGING, _PROVINCIE})

_KINDS = (OPGEHEVEN, _ONTSTAAN, "Gemeentelijke herindeling", "Grenswijziging", _NAAM, _PROVINCIE, _WIJZIGING)
_KIND = re.compile(rf"\b({'|'.join(_KINDS)})\b")
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
    "november", "december",
)  # fmt: skip
_DAY = re.compile(
    rf"\s*(?:per|op|met ingang van)?\s*"
    rf"(?P<day>\d{{1,2}})(?:-(?P<month>\d{{1,2}})-|\s+(?P<name>{'|'.join(_MONTHS)})\s+)(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")

_HEADINGS: Mapping[str, Kant] = {"naar": "naar", "van": "van", "nieuw": "naar", "oud": "van"}
_NUMBER = r"\d{1,3}(?:[.\s]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_TOKENS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("naar", r"overgegaan\s+(?:naar|in|aan)\b"),
        ("van", r"ontvangen\s+van\b|uit\b(?=\s*:|\s*-|\s*\n|\s+[^(\n]*\(GM)"),
        ("nieuw", r"nieuwe\s+naam\b"),
        ("oud", r"(?:oude|vroegere)\s+naam\b|voorheen\b"),
        ("inwoners", rf"(?P<value>{_NUMBER})\s+inwoners?\b"),
        ("inwoners", r"(?:geen|zonder)\s+inwoners\b"),
        ("maat", rf"(?:{_NUMBER})\s+(?:hectaren?|ha|woning(?:en)?)\b"),
        ("stil", r"[\s.,;:…\u2013•-]+|(?:met|en)\b"),
        ("gemeente", r"(?:(?!overgegaan|ontvangen|\s-\s)[^\d:\r\n]){1,80}?\((?P<value>GM\d{4})\)"),
    )
)


@dataclass(frozen=True, slots=True)
class Move:
    """One line of an event: the other gemeente, and who moved.

    Attributes:
        day: day on which it took effect.
        kind: one of the kinds of the table.
        kant: `naar` (the other gemeente received) or `van` (it gave).
        other: code of the other gemeente.
        is_renaming: the other code is the same gemeente under another name.
        inwoners: inhabitants that moved along, or None when the text does not say.
    """

    day: date
    kind: str
    kant: Kant
    other: str
    is_renaming: bool
    inwoners: int | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A passage that does not follow the known form.

    Attributes:
        kind: kind it starts with; empty for text before the first event.
        day: its day, the first day of the year it names, or None.
        text: the passage in one line.
    """

    kind: str
    day: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one description says.

    Attributes:
        moves: every line that names another gemeente.
        ended: days on which the gemeente ended.
        unreadable: passages left out.
    """

    moves: tuple[Move, ...] = ()
    ended: tuple[date, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def read_description(text: str) -> Reading:
    """Read the description of one gemeente.

    Args:
        text: as served; newest event first, lines broken or not.
    """
    moves: list[Move] = []
    ended: list[date] = []
    unreadable: list[Unreadable] = []
    for kind, passage in _passages(text):
        day, body = _split_day(passage)
        lines = None if day is None or not kind else _read_body(kind, day, body)
        if day is None or lines is None:
            if kind != _PROVINCIE:
                unreadable.append(Unreadable(kind, day or _year_of(passage), _in_one_line(kind + passage)))
            continue
        moves += lines
        if kind == OPGEHEVEN:
            ended.append(day)
    return Reading(tuple(moves), tuple(ended), tuple(unreadable))


def _passages(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of a kind and what follows it; the kind is empty for text that stands before the first one."""
    starts = list(_KIND.finditer(text))
    before = text[: starts[0].start()] if starts else text
    if before.strip(" \t\r\n.…-"):
        yield "", before
    for start, following in zip_longest(starts, starts[1:]):
        yield start[1], text[start.end() : following.start() if following else len(text)]


def _split_day(passage: str) -> tuple[date | None, str]:
    found = _DAY.match(passage)
    if found is None:
        return None, passage
    month = int(found["month"]) if found["month"] else _MONTHS.index(found["name"].lower()) + 1
    try:
        return date(int(found["year"]), month, int(found["day"])), passage[found.end() :]
    except ValueError:
        return None, passage


def _read_body(kind: str, day: date, body: str) -> list[Move] | None:
    """The lines of one event; None when anything in it is not understood."""
    if kind == _PROVINCIE:
        return []
    moves: list[Move] = []
    heading = ""
    for name, value in _tokens(body):
        if name in _HEADINGS:
            heading = name
        elif name == "gemeente" and heading:
            moves.append(Move(day, kind, _HEADINGS[heading], value.upper(), heading in ("nieuw", "oud"), None))
        elif name == "inwoners" and moves and (number := _whole(value)) is not None:
            # Two numbers under one gemeente are two pieces of land.
            moves[-1] = replace(moves[-1], inwoners=(moves[-1].inwoners or 0) + number)
        elif name != "maat" or not moves:
            return None
    return moves if moves or kind in _MAY_BE_BARE else None


def _tokens(body: str) -> Iterator[tuple[str, str]]:
    """What the body consists of, in order, without signs and joining words; an empty name for what is not known."""
    place = 0
    while place < len(body):
        name, match = next(
            ((name, match) for name, pattern in _TOKENS if (match := pattern.match(body, place))), ("", None)
        )
        if match is None:
            yield "", body[place:]
            return
        if name != "stil":
            yield name, match["value"] if "value" in match.re.groupindex else "0"
        place = match.end()


def _whole(text: str) -> int | None:
    """A whole number as Dutch writes it: a point or space between thousands, a comma before decimals."""
    whole, _, decimals = re.sub(r"\s", "", text).partition(",")
    if decimals.strip("0"):
        return None
    if "." in whole:
        first, *rest = whole.split(".")
        if any(len(part) != len("000") for part in rest):
            return None
        whole = first + "".join(rest)
    return int(whole)


def _year_of(passage: str) -> date | None:
    found = _YEAR.search(passage)
    return date(int(found[0]), 1, 1) if found else None


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
