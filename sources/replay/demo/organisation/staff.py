"""Who works there: employees, interns and volunteers, where, registered and trained; hours to spend; the partners."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.places import LARGE, PLACES, Place
from sources.replay.demo.organisation.records import FIRST_DAY, LAST_DAY, Records, Row

_KINDS = {"medewerker": 150, "stagiair": 16, "vrijwilliger": 90, "ervaringsdeskundige": 10}
_REGISTERS = {"SKJ": 0.45, "REGISTERPLEIN": 0.25, "BEROEPSREGISTER_SOCIAAL_WERK": 0.2, "BIG": 0.05, "OVERIG": 0.05}
_PARTNERS = 60
_FULL_TIME = Decimal("0.889")
_PART_TIME = tuple(Decimal(text) for text in ("0.5", "0.556", "0.667", "0.778", "0.889", "1"))
_SPLIT = (Decimal("0.4"), Decimal("0.6"))
_EMPLOYEE = "medewerker"
# Nobody filled in the planning of this gemeente in this month.
_FORGOTTEN = ("GM0995", dt.date(2024, 5, 1))


def add_staff(records: Records, seed: int) -> None:
    """Add tables medewerker, medewerker_inzet, medewerker_registratie and educatietraject."""
    lot = Lot(seed, "personeel")
    number = 0
    for kind, count in _KINDS.items():
        for _ in range(count):
            number += 1
            _add_person(records, lot, kind, number)


def _add_person(records: Records, lot: Lot, kind: str, number: int) -> None:
    start = lot.day(dt.date(2012, 1, 1), FIRST_DAY) if lot.chance(0.75) else lot.day(FIRST_DAY, LAST_DAY)
    end = lot.day(max(start, FIRST_DAY), LAST_DAY + dt.timedelta(days=300)) if lot.chance(0.2) else None
    # The first ones spread over all gemeenten, so that each has somebody.
    home = PLACES[number % len(PLACES)] if number <= 2 * len(PLACES) else lot.weighted({p: p.share for p in PLACES})
    person = records.add(
        "medewerker",
        medewerker_id=number,
        soort=kind,
        in_dienst_van=start,
        in_dienst_tot=end,
        _plaats=home,
    )
    _add_deployment(records, lot, person)
    if kind == _EMPLOYEE:
        _add_registrations(records, lot, number, start)
        _add_training(records, lot, number, start)


def _add_deployment(records: Records, lot: Lot, person: Row) -> None:
    home: Place = person["_plaats"]
    others = [place for place in LARGE if place != home]
    shares = [(home, lot.pick(_PART_TIME))]
    if lot.chance(0.12):
        shares = list(zip((home, lot.pick(others)), _SPLIT, strict=True))
    for place, fte in shares:
        records.add(
            "medewerker_inzet",
            medewerker_id=person["medewerker_id"],
            gemeente_code=place.code,
            van=person["in_dienst_van"],
            tot=person["in_dienst_tot"],
            fte=fte,
            _plaats=place,
        )


def _add_registrations(records: Records, lot: Lot, number: int, start: dt.date) -> None:
    if not lot.chance(0.62):
        return
    first = lot.weighted(_REGISTERS)
    registers = [first, "BIG"] if lot.chance(0.08) and first != "BIG" else [first]
    valid_from = min(max(start, dt.date(2019, 1, 1)) + dt.timedelta(days=lot.whole(0, 400)), LAST_DAY)
    # Five years; some have expired and were not renewed.
    valid_to = dt.date(valid_from.year + 5, valid_from.month, 1)
    for register in registers:
        records.add(
            "medewerker_registratie",
            medewerker_id=number,
            register=register,
            geldig_van=valid_from,
            geldig_tot=valid_to,
        )


def _add_training(records: Records, lot: Lot, number: int, start: dt.date) -> None:
    for _ in range(lot.whole(0, 3)):
        begin = lot.day(max(start, FIRST_DAY), LAST_DAY)
        records.add(
            "educatietraject",
            educatietraject_id=len(records["educatietraject"]) + 1,
            medewerker_id=number,
            startdatum=begin,
            einddatum=begin + lot.days(90, 0.7) if lot.chance(0.85) else None,
        )


def add_capacity(records: Records, seed: int) -> None:
    """Add table capaciteit: a row per gemeente and month, one of which nobody filled in."""
    lot = Lot(seed, "capaciteit")
    for place in PLACES:
        for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
            for month in range(1, 13):
                first = dt.date(year, month, 1)
                if (place.code, first) != _FORGOTTEN:
                    records.add(
                        "capaciteit",
                        gemeente_code=place.code,
                        maand=first,
                        gevraagde_uren=lot.amount(4200 * place.share, 0.12),
                        beschikbare_uren=lot.amount(4050 * place.share, 0.08),
                        _plaats=place,
                    )


def add_partners(records: Records, seed: int) -> None:
    """Add table partner."""
    lot = Lot(seed, "partners")
    for number in range(1, _PARTNERS + 1):
        records.add("partner", partner_id=f"P{number:03d}", soort="formeel" if lot.chance(0.65) else "informeel")
