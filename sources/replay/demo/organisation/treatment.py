"""What is done: methods, interventions for one person or a group, who took part, and what came of it afterwards."""

from __future__ import annotations

import datetime as dt

from sources.replay.demo.organisation.casework import last_day
from sources.replay.demo.organisation.intake import Crowd
from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.places import Place, code_of, draw_place, shift
from sources.replay.demo.organisation.records import EARLIEST, LAST_DAY, Records, Row, until

_GROUPS = 380
_DONE = "afgerond"
_ENDS = {_DONE: 0.74, "gestopt_deelnemer": 0.12, "gestopt_organisatie": 0.05, "gestopt_derden": 0.05,
         "verhuisd_overleden": 0.04}  # fmt: skip
# Method, recognition and until when; the last one is used but stands in no list.
_METHODS = (
    ("grip_op_je_geld", "effectief", dt.date(2021, 3, 1), dt.date(2026, 3, 1)),
    ("buurtcontact", "goed_onderbouwd", dt.date(2022, 6, 1), dt.date(2027, 6, 1)),
    ("samen_fit", "goed_onderbouwd", dt.date(2019, 1, 1), dt.date(2024, 1, 1)),
    ("maatjes", "goed_beschreven", dt.date(2022, 9, 1), dt.date(2025, 9, 1)),
    ("opvoedcoach", "goed_beschreven", dt.date(2020, 1, 1), dt.date(2023, 1, 1)),
    ("werkfit", "goed_beschreven", dt.date(2024, 2, 1), dt.date(2027, 2, 1)),
    ("stap_vooruit", "geen", None, None),
    ("huiskamergesprek", "geen", None, None),
    ("taalwerkplaats", "geen", None, None),
)
_USED = (*(method for method, *_ in _METHODS), "eigen_werkwijze")
# By-catch of an intervention: what was found on the way, each in its own unit.
_BYCATCH = {"nieuwe_vrijwilliger": 0.4, "doorverwezen_buur": 0.35, "gevonden_toeslag": 0.25}


def add_methods(records: Records) -> None:
    """Add table methodiek."""
    for method, recognition, start, end in _METHODS:
        records.add("methodiek", methodiek=method, erkenning=recognition, erkend_van=start, erkend_tot=end)


def add_interventions(records: Records, seed: int) -> None:
    """Add tables interventie, interventie_deelname, bijvangst and nazorgmeting."""
    lot = Lot(seed, "interventies")
    for case in records["casus"]:
        _add_individual(records, lot, case)
    crowd = Crowd(records)
    lot = Lot(seed, "groepen")
    for _ in range(_GROUPS):
        _add_group(records, lot, crowd)
    lot = Lot(seed, "nazorg")
    people = _participants(records)
    for intervention in records["interventie"]:
        _add_bycatch(records, lot, intervention)
        _add_follow_up(records, lot, intervention, people[intervention["interventie_id"]])


def _add_individual(records: Records, lot: Lot, case: Row) -> None:
    number = lot.weighted({0: 0.1, 1: 0.7, 2: 0.2})
    earlier = None
    for _ in range(number):
        start = case["startdatum"] + lot.days(12, 0.8)
        if earlier is not None:
            if earlier["einddatum"] is None:
                return
            start = earlier["einddatum"] + dt.timedelta(days=lot.whole(0, 40))
        if start > last_day(case):
            return
        end = min(start + lot.days(95, 0.5), last_day(case))
        row = _intervention(records, lot, start, end if end < LAST_DAY else None, place=case["_plaats"])
        row["casus_id"] = case["casus_id"]
        row["signaal_id"] = case["signaal_id"] if lot.chance(0.8) else None
        row["gemeente_code"] = None
        row["vervolg_op_interventie_id"] = None if earlier is None else earlier["interventie_id"]
        _add_participation(records, row, [case["deelnemer_id"]])
        earlier = row


def _intervention(records: Records, lot: Lot, start: dt.date, end: dt.date | None, *, place: Place | None) -> Row:
    reason = lot.weighted(_ENDS)
    done, ended = reason == _DONE, end is not None
    better = shift(place, start)
    costs = lot.amount(900, 0.6) if lot.chance(0.62) else None
    return records.add(
        "interventie",
        interventie_id=f"T{len(records['interventie']) + 1:05d}",
        casus_id=None,
        signaal_id=None,
        gemeente_code=code_of(place),
        methodiek=lot.pick(_USED) if lot.chance(0.85) else None,
        startdatum=start,
        geplande_einddatum=start + dt.timedelta(days=lot.whole(60, 150)) if lot.chance(0.86) else None,
        einddatum=end,
        reden_einde=reason if ended else None,
        succesvol=lot.verdict(0.84, 0.78 + better) if ended and done else None,
        in_een_keer_goed=lot.verdict(0.8, 0.7 + better) if ended and done else None,
        doel_bereikt=lot.verdict(0.82 if done else 0.5, (0.74 if done else 0.3) + better) if ended else None,
        gepland_aantal_deelnemers=None,
        kosten=costs,
        geschatte_besparing=lot.amount(1900, 0.7) if costs is not None and lot.chance(0.55) else None,
        vervolg_op_interventie_id=None,
        _plaats=place,
    )


def _add_group(records: Records, lot: Lot, crowd: Crowd) -> None:
    place = draw_place(lot)
    start = lot.day(EARLIEST, LAST_DAY)
    row = _intervention(records, lot, start, until(start + lot.days(110, 0.4)), place=place)
    planned = lot.whole(8, 30)
    row["gepland_aantal_deelnemers"] = planned if lot.chance(0.85) else None
    _add_participation(records, row, crowd.draw_group(lot, place, max(3, round(planned * lot.around(0.95, 0.2)))))


def _add_participation(records: Records, row: Row, people: list[int]) -> None:
    for person in people:
        records.add(
            "interventie_deelname",
            interventie_id=row["interventie_id"],
            deelnemer_id=person,
            van=row["startdatum"],
            tot=row["einddatum"],
        )


def _participants(records: Records) -> dict[str, list[int]]:
    people: dict[str, list[int]] = {}
    for row in records["interventie_deelname"]:
        people.setdefault(row["interventie_id"], []).append(row["deelnemer_id"])
    return people


def _add_bycatch(records: Records, lot: Lot, intervention: Row) -> None:
    if lot.chance(0.12):
        end = intervention["einddatum"] or LAST_DAY
        records.add(
            "bijvangst",
            bijvangst_id=len(records["bijvangst"]) + 1,
            interventie_id=intervention["interventie_id"],
            datum=lot.day(intervention["startdatum"], end),
            soort=lot.weighted(_BYCATCH),
            aantal=lot.whole(1, 4),
        )


def _add_follow_up(records: Records, lot: Lot, intervention: Row, people: list[int]) -> None:
    """A measurement about half a year after the end; some too early, some too late to count."""
    if intervention["reden_einde"] != _DONE or not lot.chance(0.5):
        return
    for person in people:
        day = until(intervention["einddatum"] + dt.timedelta(days=lot.whole(130, 235)))
        if day is not None and lot.chance(0.8):
            records.add(
                "nazorgmeting",
                nazorgmeting_id=len(records["nazorgmeting"]) + 1,
                interventie_id=intervention["interventie_id"],
                deelnemer_id=person,
                datum=day,
                zonder_ondersteuning=lot.verdict(0.9, 0.66),
                niveau_behouden=lot.verdict(0.88, 0.72),
                inzet_omgeving_pct=round(lot.whole(0, 200) / 2, 1) if lot.chance(0.7) else None,
            )
