"""The hours that employees book: on interventions and cases, at places where people are found, and on nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from sources.replay.demo.organisation.casework import last_day
from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.places import Place, code_of, draw_place
from sources.replay.demo.organisation.records import FIRST_DAY, LAST_DAY, Records, Row

# Kind of hours and how many rows of them.
_ON_CASES, _AT_PLACES, _INDIRECT = 7000, 5200, 4600
_VISITED = ("buurthuis_noord", "buurthuis_zuid", "bibliotheek", "voedselbank", "wijkplein", "inloop_centrum")
_QUARTERS = tuple(Decimal(n) / 4 for n in (1, 2, 2, 3, 4, 4, 4, 6, 8, 12, 16))


def add_hours(records: Records, seed: int) -> None:
    """Add table urenregistratie."""
    lot = Lot(seed, "uren")
    staff = _staff_by_place(records)
    for intervention in records["interventie"]:
        if lot.chance(0.9):
            _add_on_intervention(records, lot, staff, intervention)
    for _ in range(_ON_CASES):
        case = lot.pick(records["casus"])
        day = lot.day(max(case["startdatum"], FIRST_DAY), max(last_day(case), FIRST_DAY))
        _add(records, lot, staff, case["_plaats"], day, soort="casus", casus_id=case["casus_id"])
    for _ in range(_AT_PLACES):
        place, day = draw_place(lot), lot.day(FIRST_DAY, LAST_DAY)
        _add(records, lot, staff, place, day, soort="vindplaats", vindplaats=lot.pick(_VISITED))
    for _ in range(_INDIRECT):
        _add(records, lot, staff, draw_place(lot), lot.day(FIRST_DAY, LAST_DAY), soort="indirect")


def _staff_by_place(records: Records) -> dict[Place | None, Sequence[int]]:
    staff: defaultdict[Place | None, list[int]] = defaultdict(list)
    for row in records["medewerker_inzet"]:
        staff[row["_plaats"]].append(row["medewerker_id"])
    staff[None] = [row["medewerker_id"] for row in records["medewerker"][:20]]
    return dict(staff)


def _add_on_intervention(
    records: Records, lot: Lot, staff: dict[Place | None, Sequence[int]], intervention: Row
) -> None:
    first = max(intervention["startdatum"], FIRST_DAY)
    end = max(intervention["einddatum"] or LAST_DAY, first)
    for _ in range(lot.whole(1, 5)):
        day = lot.day(first, end)
        _add(
            records,
            lot,
            staff,
            intervention["_plaats"],
            day,
            soort="interventie",
            interventie_id=intervention["interventie_id"],
        )


def _add(
    records: Records,
    lot: Lot,
    staff: dict[Place | None, Sequence[int]],
    place: Place | None,
    day: dt.date,
    *,
    soort: str,
    interventie_id: str | None = None,
    casus_id: int | None = None,
    vindplaats: str | None = None,
) -> None:
    own = soort in ("vindplaats", "indirect")
    records.add(
        "urenregistratie",
        uren_id=len(records["urenregistratie"]) + 1,
        medewerker_id=lot.pick(staff[place]),
        datum=day,
        uren=lot.pick(_QUARTERS),
        soort=soort,
        interventie_id=interventie_id,
        casus_id=casus_id,
        vindplaats=vindplaats,
        gemeente_code=code_of(place) if own else None,
        declarabel=lot.verdict(0.91, 0.35 if soort == "indirect" else 0.82),
        _plaats=place if own else None,
    )
