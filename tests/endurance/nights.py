"""The script of thirty nights: what the sources do on each of them, and what a good night makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sources.replay import Fault
from tests.archives import DERDEN
from tests.endurance.world import DEBTS, PEOPLE, PREMIUM, YOUNG, Table, World

NEW, SAME = "gepubliceerd", "ongewijzigd"
_TITLE = "Betalingsachterstand zorgpremie; regio, onder een andere titel"


@dataclass(frozen=True)
class Scene:
    """One night.

    Attributes:
        what: in words.
        change: what happens to the archive before it.
        faults: of the services during it.
        state: of the publication afterwards; None when it depends on the day of the week.
        stale: tables whose last good edition is used instead.
        revised: tables of which published figures are other ones than the night before.
    """

    what: str
    change: Callable[[World], None] = lambda _: None
    faults: tuple[Fault, ...] = ()
    state: str | None = SAME
    stale: tuple[Table, ...] = ()
    revised: tuple[Table, ...] = ()


def script() -> list[Scene]:
    """Thirty nights; the silent correction of night 8 is found on the day of the week that its table has."""
    down = (Fault("503", path_contains=DERDEN),)
    corrupt = (Fault("badjson", path_contains=f"{PREMIUM[1]}/TypedDataSet"),)
    short = (Fault("short", path_contains=f"{PEOPLE[1]}/TypedDataSet", drop=40),)
    return [
        Scene("the first night", state=NEW),
        Scene("nothing new"),
        Scene("a figure is revised", _revise(PREMIUM), state=NEW, revised=(PREMIUM,)),
        Scene("a host is down", faults=down, state=NEW, stale=(YOUNG,)),
        Scene("it is still down", faults=down, stale=(YOUNG,)),
        Scene("it is down for a third night", faults=down, stale=(YOUNG,)),
        Scene("it is back", state=NEW),
        Scene("a figure is corrected in silence", lambda world: world.revise(DEBTS, stamp=False), state=None),
        Scene("nothing new", state=None),
        Scene("only texts changed", lambda world: world.rename(PREMIUM, _TITLE), state=None),
        Scene("a table is corrupt", _revise(PREMIUM), corrupt, state=NEW, stale=(PREMIUM,)),
        Scene("it can be read again", lambda world: world.stamp(PREMIUM), state=NEW, revised=(PREMIUM,)),
        Scene("a table is gone", lambda world: world.withdraw(DEBTS), state=NEW, stale=(DEBTS,)),
        Scene("it is back", lambda world: world.bring_back(DEBTS), state=NEW),
        Scene("a page is short", lambda world: world.stamp(PEOPLE), short, state=NEW, stale=(PEOPLE,)),
        Scene("the page is whole", lambda world: world.stamp(PEOPLE), state=NEW),
        Scene("a table has a third of its rows", _shrink(YOUNG), state=NEW, stale=(YOUNG,)),
        Scene("it has all of them again", _whole_again(YOUNG), state=NEW),
        *(scene for _ in range(3) for scene in _two_ordinary_nights(PREMIUM)),
        *(scene for _ in range(3) for scene in _two_ordinary_nights(YOUNG)),
    ]


def _two_ordinary_nights(table: Table) -> tuple[Scene, Scene]:
    return Scene("a figure is revised", _revise(table), state=NEW, revised=(table,)), Scene("nothing new")


def _revise(table: Table) -> Callable[[World], None]:
    return lambda world: world.revise(table)


def _shrink(table: Table) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.keep_aside(table)
        world.shrink(table)

    return change


def _whole_again(table: Table) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.bring_back(table)
        world.stamp(table)

    return change
