"""A 19 to A 27, from the definitions: progress, plans, reach, stops, the people around a case, and how long it took."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from tests.own_data.figures import Figure, Figures, count, duration, open_rate, percentage, ratio
from tests.own_data.records import Period, Records, Row, persons
from tests.own_data.reference_analyseren import cases_in_treatment

STOPPED = {
    "gestopt door deelnemer": "gestopt_deelnemer",
    "gestopt door organisatie": "gestopt_organisatie",
    "gestopt door derden": "gestopt_derden",
}


def a_19(records: Records, gebied: str, period: Period) -> Figures:
    """Progress on the self-sufficiency matrix from the first measurement of a case to the last one by d."""
    cases = cases_in_treatment(records, gebied, period)
    steps = [found for row in cases if (found := _zrm_steps(records, row["casus_id"], period.d))]
    forward = sum(sum(own) > 0 for own in steps)
    return {
        ("percentage_van_alle", "totaal"): percentage(forward, len(cases)),
        ("percentage_van_gemeten", "totaal"): percentage(forward, len(steps)),
        ("gelijk_van_gemeten", "totaal"): percentage(sum(sum(own) == 0 for own in steps), len(steps)),
        ("achteruit_van_gemeten", "totaal"): percentage(sum(sum(own) < 0 for own in steps), len(steps)),
        ("zuiver_vooruit_van_gemeten", "totaal"): percentage(
            sum(max(own) > 0 and min(own) >= 0 for own in steps), len(steps)
        ),
    }


def _zrm_steps(records: Records, casus_id: str, d: date) -> list[int]:
    """Last minus first score per domain that both measurements scored in one version; empty without such a domain.

    A measurement is the scores of one date; one without any score does not exist.
    """
    measurements: dict[date, dict[tuple[int, str | None], int]] = {}
    for row in records.all("zrm_score"):
        if row["casus_id"] == casus_id and row["score"] is not None and row["meetdatum"] <= d:
            measurements.setdefault(row["meetdatum"], {})[row["domein"], row["versie"]] = row["score"]
    if len(measurements) < 2:
        return []
    first, last = measurements[min(measurements)], measurements[max(measurements)]
    return [last[domain] - first[domain] for domain in first.keys() & last.keys()]


def a_20(records: Records, gebied: str, period: Period) -> Figures:
    """Budgeted euro of plans that run as planned, of those with a status and an amount; and the same in cases."""
    cases = {row["casus_id"] for row in cases_in_treatment(records, gebied, period)}
    status: dict[str, bool] = {}
    for row in sorted(records.all("plan_voortgang"), key=lambda row: row["datum"]):
        if row["datum"] <= period.d:
            status[row["plan_id"]] = row["conform_plan"]
    plans = [
        row
        for row in records.all("plan")
        if row["casus_id"] in cases and row["datum_vastgesteld"] <= period.d and row["plan_id"] in status
    ]
    euro = [(row["begroot_bedrag"], status[row["plan_id"]]) for row in plans if row["begroot_bedrag"] is not None]
    as_planned = sum((amount for amount, fine in euro if fine), Decimal(0))
    # A case runs as planned when every plan of it that has a status does.
    per_case: dict[str, bool] = {}
    for row in plans:
        per_case[row["casus_id"]] = per_case.get(row["casus_id"], True) and status[row["plan_id"]]
    return {
        ("percentage_euro", "totaal"): percentage(as_planned, sum((amount for amount, _ in euro), Decimal(0))),
        ("percentage_casussen", "totaal"): percentage(sum(per_case.values()), len(per_case)),
    }


def a_21(records: Records, gebied: str, period: Period, inwoners: float | None) -> Figures:
    """Persons behind the participants of the period; and participants so far against the plan of what is under way."""
    taking_part = records.of("interventie_deelname", gebied)
    reached = {
        row["deelnemer_id"]: persons(row["deelnemer"]) for row in taking_part if period.overlaps(row["van"], row["tot"])
    }
    planned = {
        row["interventie_id"]: row["gepland_aantal_deelnemers"]
        for row in records.of("interventie", gebied)
        if row["gepland_aantal_deelnemers"] is not None and period.overlaps(row["startdatum"], row["einddatum"])
    }
    so_far = {
        (row["interventie_id"], row["deelnemer_id"]): persons(row["deelnemer"])
        for row in taking_part
        if row["interventie_id"] in planned and row["van"] <= period.d
    }
    total = sum(reached.values())
    return {
        ("personen", "totaal"): count(total),
        ("percentage_van_plan", "totaal"): percentage(sum(so_far.values()), sum(planned.values())),
        ("per_1000_inwoners", "totaal"): open_rate(total, inwoners, 1000),
    }


def a_22(records: Records, gebied: str, period: Period) -> Figures:
    """Changes of a plan dated after it was made; per plan of the cases in treatment."""
    changes = sum(
        period.has(row["datum"]) and row["datum"] > row["plan"]["datum_vastgesteld"]
        for row in records.of("plan_wijziging", gebied)
    )
    cases = {row["casus_id"] for row in cases_in_treatment(records, gebied, period)}
    plans = sum(row["casus_id"] in cases and row["datum_vastgesteld"] <= period.d for row in records.all("plan"))
    return {("aantal", "totaal"): count(changes), ("per_plan", "totaal"): ratio(changes, plans)}


def a_23(records: Records, gebied: str, period: Period) -> Figures:
    """Interventions that were stopped, per reason; moving house or dying is no stop."""
    reasons = [row["reden_einde"] for row in records.of("interventie", gebied) if period.has(row["einddatum"])]
    stopped = {label: reasons.count(reason) for label, reason in STOPPED.items()}
    stopped = {"totaal": sum(stopped.values()), **stopped}
    return {("aantal", label): count(number) for label, number in stopped.items()} | {
        ("percentage", label): percentage(number, len(reasons)) for label, number in stopped.items()
    }


def a_24(records: Records, gebied: str, period: Period) -> Figures:
    """Days on which somebody joins or leaves a case, after its first plan and before its end; a swap is one day."""
    first_plan: dict[str, date] = {}
    for row in records.all("plan"):
        first_plan[row["casus_id"]] = min(row["datum_vastgesteld"], first_plan.get(row["casus_id"], date.max))
    moments = {
        (row["casus_id"], day)
        for row in records.of("casus_betrokkene", gebied)
        for day in (row["van"], row["tot"])
        if day is not None
        and row["casus_id"] in first_plan
        and _after_plan(day, first_plan[row["casus_id"]], row["casus"])
    }
    found = [records.complexity_on(casus_id, day) for casus_id, day in moments if period.has(day)]
    with_plan = sum(
        row["casus_id"] in first_plan and first_plan[row["casus_id"]] <= period.d
        for row in cases_in_treatment(records, gebied, period)
    )
    return {
        ("aantal", "totaal"): count(len(found)),
        ("aantal", "hoog"): count(found.count("hoog")),
        ("aantal", "laag"): count(found.count("laag")),
        ("aantal", "complexiteit onbekend"): count(found.count(None)),
        ("per_casus", "totaal"): ratio(len(found), with_plan),
    }


def _after_plan(day: date, plan: date, casus: Row) -> bool:
    return day > plan and (casus["einddatum"] is None or day < casus["einddatum"])


def a_25(records: Records, gebied: str, period: Period) -> Figures:
    """People and organisations that are or were around a case by d, per case that has any registered."""
    cases = {row["casus_id"] for row in cases_in_treatment(records, gebied, period)}
    rows = [
        row for row in records.of("casus_betrokkene", gebied) if row["casus_id"] in cases and row["van"] <= period.d
    ]
    people = len(_distinct(rows, "betrokkene_id"))
    organisations = len(_distinct(rows, "instantie"))
    others = len(_distinct((row for row in rows if row["eigen_medewerker"] is not True), "betrokkene_id"))
    registered = len({row["casus_id"] for row in rows})
    return {
        ("personen_per_casus", "totaal"): ratio(people, registered),
        ("personen_per_casus_alle", "totaal"): ratio(people, len(cases)),
        ("instanties_per_casus", "totaal"): ratio(organisations, registered),
        ("instanties_per_casus_alle", "totaal"): ratio(organisations, len(cases)),
        ("personen_zonder_eigen", "totaal"): ratio(others, registered),
    }


def _distinct(rows: Iterable[Row], column: str) -> set[tuple[str, str]]:
    """Distinct values per case."""
    return {(row["casus_id"], row[column]) for row in rows}


def a_26(records: Records, gebied: str, period: Period) -> Figures:
    """Orders that came back, of those submitted in the period that were judged, as known now."""
    submitted = [
        row
        for row in records.of("adminopdracht", gebied)
        if row["soort"] in ("financiering", "verantwoording") and period.has(row["ingediend_op"])
    ]
    returned = sum(row["aantal_retouren"] > 0 for row in submitted)
    judged = sum(row["verwerkt_op"] is not None or row["aantal_retouren"] > 0 for row in submitted)
    return {
        ("aantal", "totaal"): count(returned),
        ("percentage", "totaal"): percentage(returned, judged),
        ("retouren", "totaal"): count(sum(row["aantal_retouren"] for row in submitted)),
    }


def a_27(records: Records, gebied: str, period: Period) -> Figures:
    """Days from start to end of the cases that closed, by complexity at the end and by the highest they ever had."""
    closed = [row for row in records.of("casus", gebied) if period.has(row["einddatum"])]
    at_end: dict[str, list[int]] = {"hoog": [], "laag": [], "complexiteit onbekend": []}
    highest: dict[str, list[int]] = {"hoog": [], "laag": []}
    for row in closed:
        days = (row["einddatum"] - row["startdatum"]).days
        at_end[records.complexity_on(row["casus_id"], row["einddatum"]) or "complexiteit onbekend"].append(days)
        ever = {value for _, _, value in records.complexity(row["casus_id"])}
        if ever:
            highest["hoog" if "hoog" in ever else "laag"].append(days)
    splits = {"totaal": [days for own in at_end.values() for days in own], **at_end}
    found: dict[tuple[str, str], Figure] = {
        (kind, label): duration(days, kind)
        for kind in ("mediaan", "gemiddelde", "p90")
        for label, days in splits.items()
    }
    return found | {("mediaan_hoogste", label): duration(days, "mediaan") for label, days in highest.items()}
