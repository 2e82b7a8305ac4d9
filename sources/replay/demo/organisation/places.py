"""Where the invented organisation works: gemeenten of the newest division, some large and some tiny.

Tiny ones are there on purpose: their figures are small, so the publication must hide them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.records import LAST_DAY

# Letters that the postal service never issues: no record can carry anybody's real postcode.
_LETTERS = ("SA", "SD", "SS")
_UNKNOWN_SHARE = 0.012
_YEARLY = 0.025
_HOUSE_NUMBERS = 12
# This postcode lies on a border: its last house numbers are in the next gemeente.
_BORDER, _BORDER_FROM, _NEIGHBOUR = "9161SS", 9, "GM0088"


@dataclass(frozen=True, slots=True)
class Place:
    """A gemeente of the organisation: its share of the work, how well the work goes there, and where it lies.

    Attributes:
        lift: what is added there to the chance that something goes well.
        postcodes: four digits.
        old_codes: codes of the gemeenten that it was made of.
    """

    code: str
    naam: str
    share: float
    lift: float
    postcodes: tuple[int, ...]
    old_codes: tuple[str, ...] = ()

    def postcode(self, lot: Lot) -> str:
        """An invented postcode within the gemeente."""
        return f"{lot.pick(self.postcodes)}{lot.pick(_LETTERS)}"


PLACES: Sequence[Place] = (
    Place("GM0344", "Utrecht", 0.38, 0.04, (3511, 3525, 3541, 3562)),
    Place("GM0758", "Breda", 0.22, -0.07, (4811, 4818, 4827)),
    Place("GM0014", "Groningen", 0.20, 0.0, (9711, 9725, 9731)),
    Place("GM0995", "Lelystad", 0.09, -0.03, (8223, 8232)),
    Place("GM1992", "Voorne aan Zee", 0.08, 0.06, (3221, 3223, 3231, 3235), ("GM0501", "GM0530", "GM0614")),
    Place("GM0060", "Ameland", 0.012, 0.0, (9161, 9163)),
    Place("GM0096", "Vlieland", 0.009, 0.0, (8899,)),
    Place("GM0088", "Schiermonnikoog", 0.009, 0.0, (9166,)),
)
LARGE = PLACES[:5]
_WEIGHTS = {place: place.share for place in PLACES}


def draw_place(lot: Lot) -> Place | None:
    """The gemeente of a record, by the gemeente's share of the work; now and then nobody wrote it down."""
    return None if lot.chance(_UNKNOWN_SHARE) else lot.weighted(_WEIGHTS)


def shift(place: Place | None, day: dt.date) -> float:
    """What place and time add to the chance that something goes well: the work gets a little better every year."""
    return (0.0 if place is None else place.lift) + _YEARLY * (day.year - LAST_DAY.year)


def code_of(place: Place | None) -> str | None:
    """Code of the gemeente; None when it is unknown."""
    return None if place is None else place.code


def postcode_lines() -> list[str]:
    """The lookup of postcodes in the layout of the national statistics office, header first.

    One postcode lies on a border: most of its house numbers in one gemeente, some in the next.
    """
    lines = ["PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025"]
    for place in PLACES:
        for digits in place.postcodes:
            for letters in _LETTERS:
                for number in range(1, _HOUSE_NUMBERS + 1):
                    on_border = f"{digits}{letters}" == _BORDER and number > _BORDER_FROM
                    area = (_NEIGHBOUR if on_border else place.code).removeprefix("GM")
                    lines.append(f"{digits}{letters};{number};{area}{number:04d};{area}{number:02d};{area}")
    return lines
