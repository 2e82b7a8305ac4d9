"""A 16 to A 18, from the definitions: waiting for partners, what they deliver, how soon they answer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from tests.own_data.figures import Figure, Figures, count, duration, percentage, ratio
from tests.own_data.records import Period, Records, Row, day_of


def a_16(records: Records, gebied: str, period: Period) -> Figures:
    """Days that a partner started later than wanted, early is 0; of cases high complex at the request, and of all."""
    requests = records.of("partnerverzoek", gebied)
    figures = _waits(_of_high_complexity(records, requests), period)
    return figures | {(f"{variant}_alle", split): value for (variant, split), value in _waits(requests, period).items()}


def _waits(requests: list[Row], period: Period) -> Figures:
    delivered = [
        (row["geleverde_startdatum"] - row["gewenste_startdatum"]).days
        for row in requests
        if row["gewenste_startdatum"] is not None and period.has(row["geleverde_startdatum"])
    ]
    late = [max(days, 0) for days in delivered]
    waiting = [
        row
        for row in requests
        if row["gewenste_startdatum"] is not None
        and day_of(row["verzocht_op"]) <= period.d
        and not (row["geleverde_startdatum"] is not None and row["geleverde_startdatum"] <= period.d)
    ]
    return {
        ("mediaan", "totaal"): duration(late, "mediaan"),
        ("gemiddelde", "totaal"): duration(late, "gemiddelde"),
        ("percentage_op_tijd", "totaal"): percentage(sum(days <= 0 for days in delivered), len(delivered)),
        ("openstaand", "totaal"): count(len(waiting)),
    }


def a_17(records: Records, gebied: str, period: Period) -> Figures:
    """Mean mark for partners; without an overall mark the mean of the aspects that have one."""
    rows = [row for row in records.of("partnerbeoordeling", gebied) if period.has(row["datum"])]

    def mean(*kinds: str | None) -> Figure:
        marks = [
            mark
            for row in rows
            if (row["partner"]["soort"] if row["partner"] else None) in kinds and (mark := _mark(row)) is not None
        ]
        return ratio(sum(marks, Fraction(0)), len(marks))

    return {
        ("gemiddelde", "totaal"): mean("formeel", "informeel", None),
        ("gemiddelde", "formeel"): mean("formeel"),
        ("gemiddelde", "informeel"): mean("informeel"),
        ("gemiddelde", "partner onbekend"): mean(None),
    }


def _mark(row: Row) -> Fraction | None:
    if row["score"] is not None:
        return Fraction(row["score"])
    aspects: list[Decimal] = [
        row[name] for name in ("kwaliteit", "tijdigheid", "volledigheid") if row[name] is not None
    ]
    return Fraction(sum(aspects)) / len(aspects) if aspects else None


def a_18(records: Records, gebied: str, period: Period) -> Figures:
    """Time to an answer: elapsed hours where both moments have a time, and the difference of the two dates."""
    requests = records.of("partnerverzoek", gebied)
    figures = _replies(_of_high_complexity(records, requests), period)
    return figures | {
        (f"{variant}_alle", split): value for (variant, split), value in _replies(requests, period).items()
    }


def _replies(requests: list[Row], period: Period) -> Figures:
    answered = [
        (row["verzocht_op"], row["gereageerd_op"])
        for row in requests
        if row["gereageerd_op"] is not None and period.has(day_of(row["gereageerd_op"]))
    ]
    days = [(day_of(reply) - day_of(request)).days for request, reply in answered]
    hours = [
        Fraction(int((reply - request).total_seconds()), 3600)
        for request, reply in answered
        if isinstance(request, datetime) and isinstance(reply, datetime)
    ]
    waiting = [
        row
        for row in requests
        if day_of(row["verzocht_op"]) <= period.d
        and not (row["gereageerd_op"] is not None and day_of(row["gereageerd_op"]) <= period.d)
    ]
    return {
        ("mediaan_uren", "totaal"): duration(hours, "mediaan"),
        ("mediaan_dagen", "totaal"): duration(days, "mediaan"),
        ("gemiddelde_uren", "totaal"): duration(hours, "gemiddelde"),
        ("gemiddelde_dagen", "totaal"): duration(days, "gemiddelde"),
        ("openstaand", "totaal"): count(len(waiting)),
    }


def _of_high_complexity(records: Records, requests: list[Row]) -> list[Row]:
    return [row for row in requests if records.complexity_on(row["casus_id"], day_of(row["verzocht_op"])) == "hoog"]
