"""Working with others and the money for it: requests, marks, referrals, budgets and administration."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sources.replay.demo.organisation.casework import last_day
from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.places import PLACES, Place, draw_place
from sources.replay.demo.organisation.records import FIRST_DAY, LAST_DAY, Records, Row, until

_MARKS, _BUDGETS, _TASKS = 1700, 900, 2100
_BUDGET_KINDS = {"voorziening": 0.5, "beschikking": 0.25, "subsidie": 0.15, "overig": 0.1}
_TASK_KINDS = {"financiering": 0.3, "verantwoording": 0.25, "afronding": 0.45}
_LINES = {0: 0.3, 1: 0.35, 2: 0.25, 3: 0.1}
_REASONS = {"meerwerk": 0.4, "herindexering": 0.3, "lagere_inzet": 0.3}
_CENT = Decimal("0.01")


def add_partner_work(records: Records, seed: int) -> None:
    """Add tables partnerverzoek, partnerbeoordeling and doorverwijzing."""
    requests, referrals = Lot(seed, "verzoeken"), Lot(seed, "doorverwijzingen")
    for case in records["casus"]:
        while requests.chance(0.36):
            _add_request(records, requests, case)
        if referrals.chance(0.42):
            _add_referral(records, referrals, case)
    lot = Lot(seed, "partneroordelen")
    for _ in range(_MARKS):
        _add_mark(records, lot)


def _add_request(records: Records, lot: Lot, case: Row) -> None:
    day = lot.day(case["startdatum"], last_day(case))
    asked = dt.datetime.combine(day, dt.time(lot.whole(8, 16), lot.whole(0, 59)))
    replied = asked + dt.timedelta(minutes=round(lot.around(1500, 1.1)))
    wanted = day + dt.timedelta(days=lot.whole(5, 40))
    supplied = until(wanted + dt.timedelta(days=lot.whole(-8, 35)))
    records.add(
        "partnerverzoek",
        verzoek_id=f"V{len(records['partnerverzoek']) + 1:05d}",
        casus_id=case["casus_id"],
        partner_id=lot.pick(records["partner"])["partner_id"],
        verzocht_op=asked,
        gereageerd_op=replied if lot.chance(0.9) and replied.date() <= LAST_DAY else None,
        gewenste_startdatum=wanted if lot.chance(0.85) else None,
        geleverde_startdatum=supplied if lot.chance(0.85) else None,
    )


def _add_referral(records: Records, lot: Lot, case: Row) -> None:
    day = lot.day(case["startdatum"], last_day(case))
    arrived = until(day + lot.days(20, 0.7)) if lot.chance(0.8) else None
    records.add(
        "doorverwijzing",
        doorverwijzing_id=len(records["doorverwijzing"]) + 1,
        casus_id=case["casus_id"],
        datum=day,
        van_lijn=lot.weighted({1: 0.6, 2: 0.3, 0: 0.1}),
        naar_lijn=lot.weighted(_LINES),
        aangekomen_op=arrived,
        juiste_plek=lot.verdict(0.85, 0.75) if arrived is not None else None,
    )


def _add_mark(records: Records, lot: Lot) -> None:
    place = _some_place(lot)
    aspects = [lot.score(7.2, 1.2) if lot.chance(0.9) else None for _ in range(3)]
    records.add(
        "partnerbeoordeling",
        beoordeling_id=len(records["partnerbeoordeling"]) + 1,
        partner_id=lot.pick(records["partner"])["partner_id"],
        gemeente_code=place.code,
        datum=lot.day(FIRST_DAY, LAST_DAY),
        kwaliteit=aspects[0],
        tijdigheid=aspects[1],
        volledigheid=aspects[2],
        score=lot.score(7.3, 1.0) if lot.chance(0.8) else None,
        beoordelaar_id=f"E{lot.whole(1, 150)}",
        _plaats=place,
    )


def _some_place(lot: Lot) -> Place:
    return draw_place(lot) or PLACES[0]


def add_money(records: Records, seed: int) -> None:
    """Add tables budget, budgetcorrectie and adminopdracht."""
    lot = Lot(seed, "budgetten")
    for _ in range(_BUDGETS):
        _add_budget(records, lot)
    lot = Lot(seed, "administratie")
    for _ in range(_TASKS):
        _add_task(records, lot)


def _add_budget(records: Records, lot: Lot) -> None:
    place = _some_place(lot)
    asked_on = lot.day(FIRST_DAY - dt.timedelta(days=60), LAST_DAY)
    asked = lot.amount(5200, 0.9)
    decided = until(asked_on + lot.days(45, 0.5)) if lot.chance(0.94) else None
    granted = Decimal(0) if lot.chance(0.12) else asked * Decimal(lot.whole(60, 104)) / 100
    budget = records.add(
        "budget",
        budget_id=f"B{len(records['budget']) + 1:04d}",
        gemeente_code=place.code,
        soort=lot.weighted(_BUDGET_KINDS),
        datum_aanvraag=asked_on,
        bedrag_aangevraagd=asked,
        datum_besluit=decided,
        bedrag_toegekend=granted.quantize(_CENT) if decided is not None else None,
        _plaats=place,
    )
    if decided is not None and granted and lot.chance(0.35):
        sign = 1 if lot.chance(0.55) else -1
        records.add(
            "budgetcorrectie",
            correctie_id=len(records["budgetcorrectie"]) + 1,
            budget_id=budget["budget_id"],
            datum=lot.day(decided, LAST_DAY),
            bedrag=sign * lot.amount(450, 0.8),
            reden=lot.weighted(_REASONS) if lot.chance(0.9) else None,
        )


def _add_task(records: Records, lot: Lot) -> None:
    place, kind = _some_place(lot), lot.weighted(_TASK_KINDS)
    submitted = lot.day(FIRST_DAY, LAST_DAY)
    processed = until(submitted + lot.days(16, 0.6)) if lot.chance(0.95) else None
    records.add(
        "adminopdracht",
        opdracht_id=len(records["adminopdracht"]) + 1,
        gemeente_code=place.code,
        soort=kind,
        ingediend_op=submitted,
        deadline=submitted + dt.timedelta(days=28) if lot.chance(0.93) else None,
        verwerkt_op=processed,
        aantal_retouren=lot.weighted({0: 0.8, 1: 0.15, 2: 0.05}),
        juist_en_volledig=lot.verdict(0.92, 0.85) if processed is not None else None,
        _plaats=place,
    )
