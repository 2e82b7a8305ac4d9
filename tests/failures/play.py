"""How a mode is played: a good night went before, then the fault, then a night without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from sources.replay import Fault
from tests.failures import invariants
from tests.failures.invariants import Before, claim
from tests.failures.tables import GUEST, HOSTS, HURT, SIBLING
from tests.failures.theatre import Night, Theatre, impatient

Outcome = Literal["healed", "kept", "loaded", "untouched"]
"""Of the table that is hurt. `healed`: renewed all the same, in the same night. `kept`: last night's edition goes on,
marked since when. `loaded`: this is no fault to our eyes, the table is renewed and the message carries the
remark. `untouched`: last night's edition goes on, and nobody was left to say so."""


def as_usual(theatre: Theatre, mode: Mode) -> Night:
    """A refresh of both services under the faults of the mode."""
    return theatre.night(*mode.faults)


def nothing(theatre: Theatre) -> None:
    """Change nothing."""


def say_nothing(theatre: Theatre, night: Night) -> None:
    """Claim nothing more than the invariants."""


@dataclass(frozen=True)
class Protection:
    """What keeps a mode from doing harm, and how to take it out.

    Attributes:
        name: what it is.
        take_out: takes it out for the rest of a test.
        harm: the invariant that is broken without it, as its message says (a pattern).
    """

    name: str
    take_out: Callable[[pytest.MonkeyPatch, Theatre], None]
    harm: str


@dataclass(frozen=True)
class Mode:
    """One thing that can go wrong.

    Attributes:
        number: its number in the list of failure modes, or a short name of its own.
        name: what goes wrong.
        outcome: of the table that is hurt.
        words: what its message has to say.
        faults: of the service, on the night of the fault.
        arrange: what changes at the service that night, after all three tables have had a new release.
        repair: what is put right before the night after.
        hurt: the tables that are hurt; all others are renewed in the same night.
        large: whether the table that is hurt is three pages long.
        settings: limits of the transport.
        nights: how often the night of the fault is played.
        also: claims of this mode alone.
        how: how the night of the fault is played.
        room_for_marks: whether the lake has room to note since when a table is out of date.
        without: the protection that can be taken out in a test.
    """

    number: int | str
    name: str
    outcome: Outcome
    words: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    arrange: Callable[[Theatre], None] = nothing
    repair: Callable[[Theatre], None] = nothing
    hurt: tuple[str, ...] = (HURT,)
    large: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    nights: int = 1
    also: Callable[[Theatre, Night], None] = say_nothing
    how: Callable[[Theatre, Mode], Night] = as_usual
    room_for_marks: bool = True
    without: Protection | None = None

    def __str__(self) -> str:
        """Number and name, as a test is called."""
        return f"{self.number} {self.name}"


ONE_SERVICE = (HURT, SIBLING)
EVERYTHING = (HURT, SIBLING, GUEST)


def play(mode: Mode, theatre: Theatre) -> None:
    """Play the night of the fault and the night after it, and hold both against the invariants."""
    before = Before.of(theatre)
    for table_id in HOSTS:
        theatre.release(table_id)
    mode.arrange(theatre)
    impatient(theatre, **mode.settings)
    since = None
    for _ in range(mode.nights):
        night = _survived(mode, theatre)
        since = since or night.moment
        _check_the_night(mode, theatre, night, before, since)
    mode.also(theatre, night)
    mode.repair(theatre)
    theatre.watch = lambda _: None
    theatre.locked = True
    after = theatre.night()
    invariants.the_night_heals(theatre, after, before)
    invariants.the_service_was_asked_politely(after)


def _survived(mode: Mode, theatre: Theatre) -> Night:
    """A fault ends in the result of a table; one that ends the night takes all other tables along."""
    try:
        night = mode.how(theatre, mode)
    except Exception as error:
        raise AssertionError(f"the fault ended the night: {type(error).__name__}: {error}") from error
    kinds = {fault.kind for fault in mode.faults}
    hit = {request.fault for request in night.requests} - {None}
    claim(hit <= kinds and bool(hit) == bool(kinds), f"faults {kinds} were scripted, {hit} happened")
    return night


def _check_the_night(mode: Mode, theatre: Theatre, night: Night, before: Before, since: object) -> None:
    invariants.nothing_is_lost(theatre, before)
    invariants.no_figure_is_wrong(theatre)
    invariants.the_service_was_asked_politely(night)
    for table_id in HOSTS:
        if table_id not in mode.hurt:
            (invariants.table_is_renewed if since == night.moment else invariants.table_is_fresh)(
                theatre, night, table_id
            )
        elif mode.outcome == "untouched":
            invariants.table_is_untouched(theatre, table_id, before)
        elif mode.outcome == "kept":
            invariants.table_is_kept(
                theatre, night, table_id, before, words=mode.words, since=since, marked=mode.room_for_marks
            )
        else:
            invariants.table_is_renewed(theatre, night, table_id)
            said = night.results[table_id].melding
            claim(all(word in said for word in mode.words), f"the message does not say {mode.words}: {said}")
    if mode.outcome != "untouched":
        invariants.nothing_hidden_is_left(theatre)
