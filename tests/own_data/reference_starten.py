"""A 1 to A 7, from the definitions: reaching people, signals and the waiting list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.own_data.figures import MISSING, Figures, count, duration, open_rate, percentage, ratio
from tests.own_data.records import ORG, Period, Records, Row, persons


def a_1(records: Records, gebied: str, period: Period) -> Figures:
    """Hours at places where people are found, per place; every place of the delivery has a row."""
    hours: dict[str, Decimal] = {}
    for row in records.all("urenregistratie"):
        if row["soort"] == "vindplaats":
            hours.setdefault(row["vindplaats"], Decimal(0))
    visited = set()
    for row in records.of("urenregistratie", gebied):
        if row["soort"] == "vindplaats" and period.has(row["datum"]):
            hours[row["vindplaats"]] += row["uren"]
            visited.add(row["vindplaats"])
    total = sum(hours.values(), Decimal(0))
    return {
        ("uren", "totaal"): count(total),
        ("uren_per_vindplaats", "totaal"): ratio(total, len(visited)),
        **{("uren", f"vindplaats: {place}"): count(value) for place, value in hours.items()},
    }


def a_2(records: Records, gebied: str, period: Period) -> Figures:
    """Signals by where they come from; those of unknown origin are a row of their own, outside the percentage."""
    found = [row["herkomst"] for row in records.of("signaal", gebied) if period.has(row["datum_ontvangen"])]
    proactive, reactive = found.count("proactief"), found.count("reactief")
    return {
        ("aantal", "totaal"): count(len(found)),
        ("aantal", "proactief"): count(proactive),
        ("aantal", "reactief"): count(reactive),
        ("aantal", "herkomst onbekend"): count(found.count(None)),
        ("percentage", "proactief"): percentage(proactive, proactive + reactive),
    }


def a_3_waiting(records: Records, gebied: str, period: Period) -> Figures:
    """Signals that wait on d for want of capacity: received, not closed on or before d, no case started by d."""
    taken_up = {
        row["signaal"]["signaal_id"]
        for row in records.all("casus")
        if row["signaal"] is not None and row["startdatum"] <= period.d
    }
    waiting = [
        row
        for row in records.of("signaal", gebied)
        if row["wachtreden"] == "capaciteit"
        and row["datum_ontvangen"] <= period.d
        and not (row["datum_afgehandeld"] is not None and row["datum_afgehandeld"] <= period.d)
        and row["signaal_id"] not in taken_up
    ]
    people = {row["deelnemer_id"] for row in waiting if row["deelnemer_id"] is not None}
    groups = {row["deelnemer_id"] for row in waiting if row["deelnemer"] and row["deelnemer"]["soort"] == "groep"}
    return {
        ("personen", "totaal"): count(sum(persons(row["deelnemer"]) for row in waiting)),
        ("deelnemers", "totaal"): count(len(people)),
        ("groepen", "totaal"): count(len(groups)),
    }


def a_3_shortage(records: Records, gebied: str, period: Period) -> Figures:
    """Hours asked above hours available; a gemeente with a month missing has none and is left out of the total."""
    if gebied != ORG:
        own = _months(records, gebied, period)
        return _shortage([own]) if own is not None else _shortage([])
    parts = [_months(records, other, period) for other in {row["gebied"] for row in records.all("capaciteit")}]
    return _shortage([part for part in parts if part is not None])


def _months(records: Records, gebied: str, period: Period) -> list[tuple[Decimal, Decimal]] | None:
    """Asked and available hours per month of the period up to d; None when one of those months is missing."""
    months = [date(period.van.year, month, 1) for month in range(period.van.month, period.d.month + 1)]
    per_month = []
    for month in months:
        rows = [row for row in records.of("capaciteit", gebied) if row["maand"] == month]
        if not rows:
            return None
        per_month.append((sum(row["gevraagde_uren"] for row in rows), sum(row["beschikbare_uren"] for row in rows)))
    return per_month


def _shortage(gemeenten: list[list[tuple[Decimal, Decimal]]]) -> Figures:
    """Months of a gemeente are added first, then the maximum is taken per gemeente, then the gemeenten are added."""
    if not gemeenten:
        return {
            ("uren_tekort", "totaal"): MISSING,
            ("uren_tekort_per_maand", "totaal"): MISSING,
            ("percentage_tekort", "totaal"): MISSING,
        }
    nothing = Decimal(0)
    available = sum((month[1] for own in gemeenten for month in own), nothing)
    over_period = sum((max(sum(asked - there for asked, there in own), nothing) for own in gemeenten), nothing)
    per_month = sum((max(asked - there, nothing) for own in gemeenten for asked, there in own), nothing)
    return {
        ("uren_tekort", "totaal"): count(over_period),
        ("uren_tekort_per_maand", "totaal"): count(per_month),
        ("percentage_tekort", "totaal"): percentage(over_period, available),
    }


def a_4(records: Records, gebied: str, period: Period) -> Figures:
    """Days from the signal of a case to its start; no signal or a negative wait: outside."""
    waits = [
        (row["startdatum"] - row["signaal"]["datum_ontvangen"]).days
        for row in records.of("casus", gebied)
        if period.has(row["startdatum"]) and row["signaal"] is not None
    ]
    valid = [wait for wait in waits if wait >= 0]
    return {(kind, "totaal"): duration(valid, kind) for kind in ("mediaan", "gemiddelde", "p90")}


def a_5(records: Records, gebied: str, period: Period) -> Figures:
    """Signals that came too late, of those that were judged."""
    verdicts = [row["te_laat"] for row in records.of("signaal", gebied) if period.has(row["datum_ontvangen"])]
    late, judged = verdicts.count(True), len(verdicts) - verdicts.count(None)
    return {("aantal", "totaal"): count(late), ("percentage", "totaal"): percentage(late, judged)}


def a_6(records: Records, gebied: str, period: Period) -> Figures:
    """Interventions after an early signal that nobody escalated yet; not knowing is not escalated."""
    started = [row for row in records.of("interventie", gebied) if period.has(row["startdatum"])]
    own = sum(_early(row["signaal"]) for row in started)
    through_case = sum(_early(row["signaal"] or (row["casus"] and row["casus"]["signaal"])) for row in started)
    return {
        ("aantal", "totaal"): count(own),
        ("percentage", "totaal"): percentage(own, len(started)),
        ("aantal_via_casus", "totaal"): count(through_case),
    }


def _early(signaal: Row | None) -> bool:
    return signaal is not None and signaal["vroegsignaal"] is True and signaal["geescaleerd"] is not True


def a_7(records: Records, gebied: str, period: Period, inwoners: float | None) -> Figures:
    """Persons behind the participants who came themselves, each participant once; anonymous contacts are outside."""
    found = {
        row["deelnemer_id"]: persons(row["deelnemer"])
        for row in records.of("signaal", gebied)
        if row["herkomst"] == "reactief" and row["deelnemer_id"] is not None and period.has(row["datum_ontvangen"])
    }
    reached = sum(found.values())
    return {
        ("personen", "totaal"): count(reached),
        ("per_1000_inwoners", "totaal"): open_rate(reached, inwoners, 1000),
    }
