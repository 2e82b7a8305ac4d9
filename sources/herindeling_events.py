"""Puts together what the descriptions of all gemeenten say: one line per day and pair of gemeenten.

Every event is told twice, by who gave and by who received. The giver is believed, the receiver fills in what it leaves
out, and every difference is a remark. What cannot be laid beside the registry's own list of gemeenten is left out, so
that the registry's own event stands. What does not belong here: text, network, shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from sources.gemeente_register import GemeenteRegister
from sources.herindeling_text import OPGEHEVEN, Move, Reading, Unreadable

Soort = Literal["opgeheven", "grenswijziging", "naamswijziging"]

# The registry's list of gemeenten starts with that of 1 January 2010.
FIRST_DAY = date(2010, 1, 2)
_BORDER: Soort = "grenswijziging"
_Key = tuple[date, str, str]


@dataclass(frozen=True, slots=True)
class Gebeurtenis:
    """What one gemeente gave to another on one day.

    Attributes:
        ingangsdatum: day on which it took effect.
        oude_code: who gave.
        nieuwe_code: who received.
        soort: `opgeheven` (the giver ended), `grenswijziging` or `naamswijziging`.
        inwoners: inhabitants that moved along, or None when nobody says.
    """

    ingangsdatum: date
    oude_code: str
    nieuwe_code: str
    soort: Soort
    inwoners: int | None


@dataclass(frozen=True, slots=True)
class Events:
    """All events since the first day.

    Attributes:
        events: in order of day and codes.
        remarks: Dutch phrases: what was left out or contradicts itself, with examples.
        refused: passages about the end of a gemeente that were not understood; the roster cannot be built on these.
    """

    events: tuple[Gebeurtenis, ...]
    remarks: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(slots=True)
class _Told:
    """What was said of one day and pair of gemeenten."""

    by_giver: list[Move] = field(default_factory=list)
    by_receiver: list[Move] = field(default_factory=list)

    @property
    def is_renaming(self) -> bool:
        return any(move.is_renaming for move in (*self.by_giver, *self.by_receiver))


def division_of(day: date) -> int:
    """The first list of 1 January that shows what happened on a day."""
    return (day - timedelta(days=1)).year + 1


def collect_events(readings: Mapping[str, Reading], register: GemeenteRegister) -> Events:
    """Put the descriptions of all gemeenten together.

    Args:
        readings: what each description says, by code.
        register: the registry's own list.
    """
    told = _by_pair(readings)
    ended = {(day, code) for code, reading in readings.items() for day in reading.ended}
    spoke = {(day, old) for (day, old, _), pair in told.items() if pair.by_giver}
    remarks: dict[str, list[str]] = defaultdict(list)
    events = []
    for (day, old, new), pair in sorted(told.items(), key=lambda item: item[0]):
        if not pair.by_giver and (day, old) in spoke:
            remarks["alleen de ontvanger noemt deze overgang"].append(f"{old} naar {new} per {day}")
            continue
        events.append(Gebeurtenis(day, old, new, _soort(pair, (day, old) in ended), _inwoners(pair)))
        if _differs(pair):
            remarks["gever en ontvanger noemen andere aantallen inwoners"].append(f"{old} naar {new} per {day}")
    kept = _fitting(events, register, remarks)
    remarks["volgens gemeente_register.csv opgeheven, volgens de tabel niet"] += _missing(kept, register)
    refused: list[str] = []
    for code, passage in _unreadable(readings):
        known = code in register.gemeenten
        if _is_recent(passage, known):
            ends = passage.kind == OPGEHEVEN and known
            (refused if ends else remarks["niet te begrijpen"]).append(f"{code}: {passage.text}")
    return Events(tuple(kept), tuple(_phrases(remarks)), tuple(refused))


def _by_pair(readings: Mapping[str, Reading]) -> dict[_Key, _Told]:
    told: dict[_Key, _Told] = defaultdict(_Told)
    for code, reading in readings.items():
        for move in reading.moves:
            if move.day < FIRST_DAY or move.other == code:
                continue
            if move.kant == "naar":
                told[move.day, code, move.other].by_giver.append(move)
            else:
                told[move.day, move.other, code].by_receiver.append(move)
    return told


def _soort(pair: _Told, ended: bool) -> Soort:
    if pair.is_renaming:
        return "naamswijziging"
    return "opgeheven" if ended else "grenswijziging"


def _inwoners(pair: _Told) -> int | None:
    """What the giver says, else what the receiver says."""
    giver = _total(pair.by_giver)
    return giver if giver is not None else _total(pair.by_receiver)


def _total(moves: Iterable[Move]) -> int | None:
    known = [move.inwoners for move in moves if move.inwoners is not None]
    return sum(known) if known else None


def _differs(pair: _Told) -> bool:
    giver, receiver = _total(pair.by_giver), _total(pair.by_receiver)
    return giver is not None and receiver is not None and giver != receiver


def _fitting(
    events: Iterable[Gebeurtenis], register: GemeenteRegister, remarks: dict[str, list[str]]
) -> list[Gebeurtenis]:
    """Events that lead from a gemeente of one list to one of the next; the rest is left out, all of that giver and day.

    A gemeente may also begin and end between two lists. An end that the register does not know is news; one that it
    knows is of that year.
    """
    events = list(events)

    def fits(event: Gebeurtenis) -> bool:
        year, old, new = division_of(event.ingangsdatum), event.oude_code, event.nieuwe_code
        begins = old in register.codes_in(year - 1) or (
            old in register.gemeenten and any(_leads_to(other, event) for other in events)
        )
        goes_on = new in register.codes_in(year) or (
            new in register.gemeenten and any(_leads_to(event, other) for other in events)
        )
        last = register.gemeenten[old].geldig_tot if begins else None
        in_time = event.soort == _BORDER or last is None or division_of(last) == year
        return begins and goes_on and in_time

    wrong = {(event.ingangsdatum, event.oude_code) for event in events if not fits(event)}
    remarks["past niet bij gemeente_register.csv (klopt de tabel, voeg de gemeente daar toe)"] += [
        f"{event.oude_code} naar {event.nieuwe_code} per {event.ingangsdatum}" for event in events if not fits(event)
    ]
    return [event for event in events if (event.ingangsdatum, event.oude_code) not in wrong]


def _leads_to(event: Gebeurtenis, later: Gebeurtenis) -> bool:
    """Whether who received in one event ends in another before the next list; on one day borders move first."""
    return (
        event.nieuwe_code == later.oude_code
        and later.soort != _BORDER
        and division_of(event.ingangsdatum) == division_of(later.ingangsdatum)
        and (event.ingangsdatum, event.soort != _BORDER) < (later.ingangsdatum, True)
    )


def _missing(events: Iterable[Gebeurtenis], register: GemeenteRegister) -> Iterable[str]:
    """Gemeenten whose end is known, and which the table does not let end."""
    ended = {(division_of(event.ingangsdatum), event.oude_code) for event in events if event.soort != _BORDER}
    for code, gemeente in register.gemeenten.items():
        last = gemeente.geldig_tot
        if last and last >= FIRST_DAY and (division_of(last), code) not in ended:
            yield f"{code} {gemeente.gemeente_naam} per {last}"


def _unreadable(readings: Mapping[str, Reading]) -> Iterable[tuple[str, Unreadable]]:
    return ((code, passage) for code, reading in sorted(readings.items()) for passage in reading.unreadable)


def _is_recent(passage: Unreadable, known: bool) -> bool:
    """Whether it can be about the years of the mart: without any year only when the gemeente is of those years."""
    return known if passage.day is None else passage.day >= FIRST_DAY.replace(day=1)


def _phrases(remarks: Mapping[str, list[str]]) -> Iterable[str]:
    for what, places in remarks.items():
        if places:
            shown = "; ".join(place[:120] for place in places[:3])
            rest = f" en nog {len(places) - 3}" if len(places) > 3 else ""  # noqa: PLR2004
            yield f"{len(places)} gebeurtenissen niet uit de tabel overgenomen of nagegaan: {what}: {shown}{rest}"
