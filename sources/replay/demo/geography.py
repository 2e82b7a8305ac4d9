"""The invented country: how many people live in each gemeente in each year, and how urban and deprived it is.

Starts from the real register of gemeenten and the real list of herindelingen; every number is made up. One simulation
runs from 2010 on, so that merged gemeenten have the sum of what they were made of, whatever division is asked for.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.replay.demo.sizes import DEPRIVATION, THOUSANDS

FIRST_YEAR, LAST_YEAR = 2010, 2026
PERIODE = "periode"
_PLANNED = "voorgenomen"
_BORDER = "grenswijziging"
_MEDIAN_THOUSANDS, _SIZE_SPREAD = 22.0, 0.45
_GROWTH = 0.0035
# Thresholds on the invented urbanity for the five official classes, from very urban to not urban.
_URBAN_CLASSES = (1.9, 1.0, 0.2, -0.5)

LANDSDELEN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "LD01": ("Noord-Nederland", ("PV20", "PV21", "PV22")),
    "LD02": ("Oost-Nederland", ("PV23", "PV24", "PV25")),
    "LD03": ("West-Nederland", ("PV26", "PV27", "PV28", "PV29")),
    "LD04": ("Zuid-Nederland", ("PV30", "PV31")),
}


@dataclass(frozen=True, slots=True)
class Gemeente:
    """A gemeente of the register, with the days it began and ended (None: in force)."""

    code: str
    naam: str
    provincie_code: str
    provincie: str
    van: dt.date
    tot: dt.date | None

    def exists(self, year: int) -> bool:
        """Whether it exists on 1 January of the year."""
        day = dt.date(year, 1, 1)
        return self.van <= day and (self.tot is None or day < self.tot)

    @property
    def landsdeel(self) -> str:
        """Code of the part of the country."""
        return next(code for code, (_, provinces) in LANDSDELEN.items() if self.provincie_code in provinces)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the list of herindelingen; `share` is None where it is not known."""

    year: int
    day: str
    old: str
    new: str
    share: float | None
    kind: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What one area is like in one year: the bases that all figures are made from.

    Attributes:
        inwoners, volwassenen, huishoudens, eenpersoons, leerlingen: numbers of people or households.
        urban: invented urbanity, about 0 on average, 2.5 in the largest cities.
        deprived: invented deprivation, about 0 on average.
    """

    code: str
    year: int
    inwoners: int
    volwassenen: int
    huishoudens: int
    eenpersoons: int
    leerlingen: int
    urban: float
    deprived: float

    @property
    def stedelijkheid(self) -> int:
        """Official class of urbanity, 1 (very urban) to 5 (not urban)."""
        return 1 + sum(self.urban < threshold for threshold in _URBAN_CLASSES)


@dataclass(slots=True)
class _State:
    """People of one gemeente, and the same people weighted with each trait: all of it moves along in a merger."""

    people: float
    urban: float
    deprived: float
    growth: float

    def scaled(self, factor: float) -> _State:
        return _State(self.people * factor, self.urban * factor, self.deprived * factor, self.growth * factor)

    def take(self, moved: _State, sign: int) -> None:
        self.people += sign * moved.people
        self.urban += sign * moved.urban
        self.deprived += sign * moved.deprived
        self.growth += sign * moved.growth


_States = dict[str, _State]


class Geography:
    """All gemeenten since 2010 with invented people, for any year on any division.

    Attributes:
        gemeenten: by code.
        moved: people that moved along in each event of the list whose share is known.
    """

    def __init__(self, registry_folder: Path, seed: int) -> None:
        """Read the register and run the simulation.

        Args:
            registry_folder: folder with `gemeente_register.csv` and `herindeling.csv`.
            seed: of everything that is drawn by lot.
        """
        self.gemeenten = {g.code: g for g in _read_register(registry_folder / "gemeente_register.csv")}
        self._events = sorted(_read_events(registry_folder / "herindeling.csv"), key=_order)
        self._seed = seed
        self.moved: dict[Event, float] = {}
        self._years = self._simulate()

    @property
    def events(self) -> Sequence[Event]:
        """The list of herindelingen in order of the calendar, without what is only planned."""
        return tuple(self._events)

    def existing(self, year: int) -> list[Gemeente]:
        """Gemeenten of 1 January of a year, by code."""
        return [gemeente for gemeente in self.gemeenten.values() if gemeente.exists(_clamped(year))]

    def facts(self, division: int | None, years: Iterable[int]) -> Iterator[Fact]:
        """Facts per gemeente and year, on a fixed division or (None) on the division of each year."""
        for year in years:
            for code, state in sorted(self._states(division, year).items()):
                yield _fact(code, year, state)

    def _states(self, division: int | None, year: int) -> _States:
        states = self._years[_clamped(year)]
        if division is not None:
            target = _clamped(division)
            if year > target:
                total = sum(state.people for state in states.values())
                base = self._years[target]
                states = {
                    code: state.scaled(total / sum(s.people for s in base.values())) for code, state in base.items()
                }
            else:
                states = self._recast(states, _clamped(year), target)
        factor = (1 - _GROWTH) ** max(FIRST_YEAR - year, 0)
        return {code: state.scaled(factor) for code, state in states.items()} if factor < 1 else states

    def _recast(self, states: _States, year: int, division: int) -> _States:
        moved = {code: state.scaled(1) for code, state in states.items()}
        for later in range(year + 1, division + 1):
            self._reclassify(moved, later)
        return moved

    def _simulate(self) -> dict[int, _States]:
        states = {g.code: self._first_state(g) for g in self.gemeenten.values() if g.exists(FIRST_YEAR)}
        years = {FIRST_YEAR: states}
        for year in range(FIRST_YEAR + 1, LAST_YEAR + 1):
            grown = {code: state.scaled(1 + state.growth / state.people) for code, state in years[year - 1].items()}
            self.moved |= self._reclassify(grown, year)
            years[year] = grown
        return years

    def _first_state(self, gemeente: Gemeente) -> _State:
        lot = random.Random(f"{self._seed}|gemeente|{gemeente.code}")  # noqa: S311  invented figures
        name = gemeente.naam.split(" (")[0]
        drawn = _MEDIAN_THOUSANDS * math.exp(_SIZE_SPREAD * lot.gauss(0, 1))
        thousands = THOUSANDS.get(name, drawn) * (0.95 + 0.02 * lot.random())
        urban = 0.75 * math.log(thousands / 28) + 0.45 * lot.gauss(0, 1)
        deprived = 0.3 * urban + 0.85 * lot.gauss(0, 1) + DEPRIVATION.get(name, 0.0)
        growth = _GROWTH + 0.001 * urban + 0.002 * lot.gauss(0, 1)
        people = thousands * 1000
        return _State(people, urban * people, deprived * people, growth * people)

    def _reclassify(self, states: _States, year: int) -> dict[Event, float]:
        """Carry out the events of a year in place, drop who no longer exists, and say how many people moved."""
        events = [event for event in self._events if event.year == year]
        people: dict[Event, float] = {}
        for _, group in itertools.groupby(events, key=_order):
            before = {code: state.scaled(1) for code, state in states.items()}
            for event in group:
                if event.old not in before or not event.share:
                    continue
                moved = before[event.old].scaled(event.share)
                people[event] = moved.people
                states[event.old].take(moved, -1)
                states.setdefault(event.new, _State(0, 0, 0, 0)).take(moved, 1)
        for code in list(states):
            if not self.gemeenten[code].exists(year):
                del states[code]
        return people


def _clamped(year: int) -> int:
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _order(event: Event) -> tuple[int, str, bool]:
    """Events in order of the calendar; border moves come before the mergers of the same day."""
    return event.year, event.day, event.kind != _BORDER


def _fact(code: str, year: int, state: _State) -> Fact:
    people = state.people
    urban, deprived = state.urban / people, state.deprived / people
    size = min(max(2.16 - 0.13 * urban - 0.006 * (year - 2015), 1.6), 2.8)
    households = people / size
    single = min(max(0.37 + 0.055 * urban + 0.003 * (year - 2015), 0.22), 0.62)
    return Fact(
        code=code,
        year=year,
        inwoners=round(people),
        volwassenen=round(people * min(0.8 + 0.008 * urban, 0.86)),
        huishoudens=round(households),
        eenpersoons=round(households * single),
        leerlingen=round(people * (0.074 - 0.002 * urban)),
        urban=round(urban, 6),
        deprived=round(deprived, 6),
    )


def _read_register(path: Path) -> Iterator[Gemeente]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Gemeente(
                row["gemeente_code"],
                row["gemeente_naam"],
                row["provincie_code"],
                row["provincie"],
                dt.date.fromisoformat(row["geldig_van"]),
                dt.date.fromisoformat(row["geldig_tot"]) if row["geldig_tot"] else None,
            )


def _read_events(path: Path) -> Iterator[Event]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["soort"] != _PLANNED:
                yield Event(
                    int(row["indelingsjaar"]),
                    row["ingangsdatum"],
                    row["oude_code"],
                    row["nieuwe_code"],
                    float(row["aandeel"]) if row["aandeel"] else None,
                    row["soort"],
                )
