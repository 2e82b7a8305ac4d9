"""What is registered on a case: how complex it is, who is involved, how it was judged, measured and planned."""

from __future__ import annotations

import datetime as dt

from sources.replay.demo.organisation.lot import Lot
from sources.replay.demo.organisation.places import shift
from sources.replay.demo.organisation.records import LAST_DAY, Records, Row

_OTHER = {"laag": "hoog", "hoog": "laag"}
_OWN = "eigen_organisatie"
_AGENCIES = {"gemeente": 0.3, "ggz": 0.2, "woningcorporatie": 0.15, "schuldhulp": 0.2, "huisarts": 0.1, "school": 0.05}
_OUTSIDE_WORKERS = 420
_UNDISCUSSED = 99
_REASONS = {"situatie_gewijzigd": 0.5, "wens_deelnemer": 0.3, "partner_valt_weg": 0.2}
_ZRM_DOMAINS = 13


def add_casework(records: Records, seed: int) -> None:
    """Add everything that hangs under a case, but for interventions and hours."""
    for part, add in (
        ("complexiteit", _add_complexity),
        ("betrokkenen", _add_involved),
        ("beoordelingen", _add_assessments),
        ("zrm", _add_zrm),
        ("plannen", _add_plans),
    ):
        lot = Lot(seed, part)
        for case in records["casus"]:
            add(records, lot, case)


def last_day(case: Row) -> dt.date:
    """The last day on which something can have happened on the case."""
    end: dt.date | None = case["einddatum"]
    return LAST_DAY if end is None else end


def _add_complexity(records: Records, lot: Lot, case: Row) -> None:
    if lot.chance(0.04):
        return
    value = lot.weighted({"laag": 0.62, "hoog": 0.38})
    # Entered a few days late now and then.
    day = case["startdatum"] + dt.timedelta(days=3 if lot.chance(0.01) else 0)
    case["_complexiteit"] = value
    records.add("casus_complexiteit", casus_id=case["casus_id"], vanaf=min(day, LAST_DAY), complexiteit=value)
    while lot.chance(0.3):
        day += dt.timedelta(days=lot.whole(20, 150))
        if day >= last_day(case):
            return
        value = value if lot.chance(0.15) else _OTHER[value]
        records.add("casus_complexiteit", casus_id=case["casus_id"], vanaf=day, complexiteit=value)


def _add_involved(records: Records, lot: Lot, case: Row) -> None:
    if lot.chance(0.12):
        return
    seen = set()
    for position in range(1 + lot.whole(0, 3)):
        own = position == 0 or lot.chance(0.2)
        worker = f"E{lot.whole(1, 150)}" if own else f"X{lot.whole(1, _OUTSIDE_WORKERS)}"
        if worker in seen:
            continue
        seen.add(worker)
        joined = case["startdatum"] if position == 0 else lot.day(case["startdatum"], last_day(case))
        leaves = lot.chance(0.35)
        records.add(
            "casus_betrokkene",
            casus_id=case["casus_id"],
            betrokkene_id=worker,
            instantie=_OWN if own else lot.weighted(_AGENCIES),
            van=joined,
            tot=lot.day(joined, last_day(case)) if leaves else case["einddatum"],
            eigen_medewerker=own,
        )


def _add_assessments(records: Records, lot: Lot, case: Row) -> None:
    for kind, share in (("intern", 0.85), ("extern", 0.35)):
        if lot.chance(share):
            records.add(
                "situatiebeoordeling",
                beoordeling_id=len(records["situatiebeoordeling"]) + 1,
                casus_id=case["casus_id"],
                datum=min(case["startdatum"] + lot.days(14, 0.5), last_day(case)),
                beoordelaar=kind,
                in_een_keer_goed=lot.verdict(0.88, 0.76 + shift(case["_plaats"], case["startdatum"])),
            )


def _add_zrm(records: Records, lot: Lot, case: Row) -> None:
    """Measurements on the thirteen domains; what was not discussed is delivered as 99."""
    if not lot.chance(0.26):
        return
    scores = {domain: lot.whole(1, 4) for domain in range(1, _ZRM_DOMAINS + 1) if lot.chance(0.7)}
    day = case["startdatum"] + dt.timedelta(days=lot.whole(0, 14))
    for measurement in range(1 + lot.weighted({0: 0.3, 1: 0.5, 2: 0.2})):
        if day > last_day(case):
            return
        for domain in range(1, _ZRM_DOMAINS + 1):
            if measurement and domain in scores:
                step = lot.weighted({-1: 0.1, 0: 0.6, 1: 0.3})
                scores[domain] = min(5, max(1, scores[domain] + step))
            records.add(
                "zrm_score",
                casus_id=case["casus_id"],
                meetdatum=day,
                domein=domain,
                score=scores.get(domain, _UNDISCUSSED),
                versie="2017",
            )
        day += dt.timedelta(days=lot.whole(45, 130))


def _add_plans(records: Records, lot: Lot, case: Row) -> None:
    if not lot.chance(0.68):
        return
    day = case["startdatum"] + lot.days(18, 0.6)
    for _ in range(2 if lot.chance(0.06) else 1):
        if day > last_day(case):
            return
        plan = records.add(
            "plan",
            plan_id=f"L{len(records['plan']) + 1:05d}",
            casus_id=case["casus_id"],
            datum_vastgesteld=day,
            begroot_bedrag=lot.amount(1400, 0.7) if lot.chance(0.88) else None,
        )
        _follow_plan(records, lot, case, plan)
        day += dt.timedelta(days=lot.whole(60, 120))


def _follow_plan(records: Records, lot: Lot, case: Row, plan: Row) -> None:
    made = plan["datum_vastgesteld"]
    while lot.chance(0.35):
        records.add(
            "plan_wijziging",
            plan_wijziging_id=len(records["plan_wijziging"]) + 1,
            plan_id=plan["plan_id"],
            datum=lot.day(made, last_day(case)),
            reden=lot.weighted(_REASONS) if lot.chance(0.9) else None,
        )
    day = made + dt.timedelta(days=lot.whole(30, 60))
    while day <= last_day(case) and lot.chance(0.75):
        records.add("plan_voortgang", plan_id=plan["plan_id"], datum=day, conform_plan=lot.chance(0.72))
        day += dt.timedelta(days=lot.whole(40, 90))
