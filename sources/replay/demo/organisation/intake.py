"""Who comes in and how: participants, their signals, and the cases that some of the signals become."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.places import Place, code_of, draw_place
from sources.replay.demo.organisation.records import EARLIEST, FIRST_DAY, LAST_DAY, LEEFGEBIEDEN, Records, Row, until

_PEOPLE = {"persoon": 4900, "huishouden": 320, "groep": 130, "initiatief": 90}
_GROUPS = ("groep", "initiatief")
_SIGNALS = 9100
_CASES_WITHOUT_SIGNAL = 380
_COMES_BACK = 0.17
_SAME_ISSUE = 0.7
_WAITING = {"capaciteit": 0.5, "client": 0.2, "partner": 0.15, "overig": 0.15}
_SOURCES = {"proactief": 0.37, "reactief": 0.63}
# Vraagstukken of the organisation itself, by leefgebied.
ISSUES: Mapping[int, tuple[str, ...]] = {
    1: ("schulden", "rondkomen"),
    2: ("woonoverlast", "huisvesting"),
    3: ("werk_en_opleiding", "dagbesteding"),
    4: ("eenzaamheid", "opvoeding", "mantelzorg"),
    5: ("gezond_leven", "beperking"),
    6: ("psychische_klachten", "verslaving"),
    7: ("zingeving",),
}


def add_people(records: Records, seed: int) -> None:
    """Add table deelnemer."""
    lot = Lot(seed, "deelnemers")
    for kind, count in _PEOPLE.items():
        for _ in range(count):
            place = draw_place(lot)
            single = lot.chance(0.45)
            records.add(
                "deelnemer",
                deelnemer_id=len(records["deelnemer"]) + 1,
                soort=kind,
                aantal_personen=_size(lot, kind),
                geboortejaar=lot.whole(1938, 2012) if kind == "persoon" and lot.chance(0.92) else None,
                huishoudtype=_household(lot, kind, single=single),
                gemeente_code=code_of(place),
                _plaats=place,
            )


def _size(lot: Lot, kind: str) -> int:
    if kind == "huishouden":
        return lot.whole(2, 6)
    return lot.whole(5, 40) if kind in _GROUPS else 1


def _household(lot: Lot, kind: str, *, single: bool) -> str | None:
    if kind in _GROUPS or lot.chance(0.14):
        return None
    return "alleenstaand" if single and kind == "persoon" else "meerpersoons"


class Crowd:
    """The participants by gemeente, to draw from."""

    def __init__(self, records: Records) -> None:
        self._by_place: defaultdict[Place | None, list[int]] = defaultdict(list)
        for row in records["deelnemer"]:
            self._by_place[row["_plaats"]].append(row["deelnemer_id"])

    def draw(self, lot: Lot, place: Place | None) -> int:
        """Somebody who lives there."""
        return lot.pick(self._by_place[place])

    def draw_group(self, lot: Lot, place: Place | None, number: int) -> list[int]:
        """So many different people who live there."""
        return lot.several(self._by_place[place], number)


def add_signals_and_cases(records: Records, seed: int) -> None:
    """Add tables signaal and casus, relapses included."""
    lot = Lot(seed, "signalen")
    crowd = Crowd(records)
    days = sorted(lot.day(EARLIEST, LAST_DAY) for _ in range(_SIGNALS))
    for received in days:
        _add_signal(records, lot, crowd, received)
    for _ in range(_CASES_WITHOUT_SIGNAL):
        place = draw_place(lot)
        _add_case(records, lot, place, crowd.draw(lot, place), lot.day(EARLIEST, LAST_DAY))
    _add_relapses(records, Lot(seed, "terugval"))


def _add_signal(records: Records, lot: Lot, crowd: Crowd, received: dt.date) -> None:
    place = draw_place(lot)
    anonymous = lot.chance(0.13)
    person = crowd.draw(lot, place)
    area = lot.weighted(LEEFGEBIEDEN) if lot.chance(0.95) else None
    wait = lot.days(15, 0.9)
    becomes_case = lot.chance(0.66)
    closed = None if becomes_case or lot.chance(0.07) else until(received + lot.days(25, 0.8))
    start = received + wait
    waits = lot.chance(0.5)
    if received < FIRST_DAY and not becomes_case:
        return
    signal = records.add(
        "signaal",
        signaal_id=f"M{received.year}-{len(records['signaal']) + 1:05d}",
        deelnemer_id=None if anonymous else person,
        gemeente_code=code_of(place),
        datum_ontvangen=received,
        herkomst=lot.weighted(_SOURCES) if lot.chance(0.93) else None,
        leefgebied=area,
        vroegsignaal=lot.verdict(0.82, 0.34),
        geescaleerd=lot.verdict(0.76, 0.18),
        te_laat=lot.verdict(0.86, 0.14),
        datum_afgehandeld=closed,
        wachtreden=lot.weighted(_WAITING) if waits else None,
        _plaats=place,
    )
    if becomes_case and start <= LAST_DAY and _add_case(records, lot, place, person, start, signal=signal) is None:
        records["signaal"].pop()


def _add_case(
    records: Records, lot: Lot, place: Place | None, person: int, start: dt.date, *, signal: Row | None = None
) -> Row | None:
    """Add a case, unless it was over before the delivery's window opened."""
    area = signal["leefgebied"] if signal is not None else lot.weighted(LEEFGEBIEDEN)
    end = until(start + lot.days(140, 0.65))
    if end is not None and end < FIRST_DAY:
        return None
    return records.add(
        "casus",
        casus_id=20_000 + len(records["casus"]) + 1,
        signaal_id=None if signal is None else signal["signaal_id"],
        deelnemer_id=person,
        gemeente_code=code_of(place),
        leefgebied=area,
        vraagstuk=lot.pick(ISSUES[area]) if area is not None and lot.chance(0.9) else None,
        startdatum=start,
        einddatum=end,
        terugval_van_casus_id=None,
        _plaats=place,
    )


def _add_relapses(records: Records, lot: Lot) -> None:
    """Some people come back within the year, most with the same vraagstuk; some say so, most do not."""
    for earlier in list(records["casus"]):
        if earlier["einddatum"] is None or not lot.chance(_COMES_BACK):
            continue
        gap = 0 if lot.chance(0.06) else lot.whole(5, 420)
        start = earlier["einddatum"] + dt.timedelta(days=gap)
        if start > LAST_DAY:
            continue
        again = _add_case(records, lot, earlier["_plaats"], earlier["deelnemer_id"], start)
        if again is not None and lot.chance(_SAME_ISSUE):
            again["leefgebied"], again["vraagstuk"] = earlier["leefgebied"], earlier["vraagstuk"]
            again["terugval_van_casus_id"] = earlier["casus_id"] if gap and lot.chance(0.3) else None
