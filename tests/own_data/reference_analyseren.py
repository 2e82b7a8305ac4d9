"""A 8 to A 15, from the definitions: hours, judgements, money, the work in hand and its complexity."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.own_data.figures import Figure, Figures, count, open_rate, percentage, ratio
from tests.own_data.records import Period, Records, Row

HOURS_PER_FTE_YEAR = 1878


def a_8(records: Records, gebied: str, period: Period) -> Figures:
    """All hours ever booked on the interventions that ended in the period, per intervention with at least one row."""
    ended = {row["interventie_id"] for row in records.of("interventie", gebied) if period.has(row["einddatum"])}
    booked = [
        row
        for row in records.all("urenregistratie")
        if row["interventie"] is not None and row["interventie"]["interventie_id"] in ended
    ]
    hours = sum((row["uren"] for row in booked), Decimal(0))
    with_hours = {row["interventie"]["interventie_id"] for row in booked}
    return {
        ("uren_per_interventie", "totaal"): ratio(hours, len(with_hours)),
        ("fte_per_interventie", "totaal"): ratio(Fraction(hours) / HOURS_PER_FTE_YEAR, len(with_hours)),
    }


def a_9(records: Records, gebied: str, period: Period) -> Figures:
    """Assessments that were right first time, of those with a verdict."""
    rows = [row for row in records.of("situatiebeoordeling", gebied) if period.has(row["datum"])]

    def share(*judges: str) -> Figure:
        verdicts = [row["in_een_keer_goed"] for row in rows if row["beoordelaar"] in judges]
        return percentage(verdicts.count(True), len(verdicts) - verdicts.count(None))

    return {
        ("percentage", "totaal"): share("intern", "extern"),
        ("percentage", "intern"): share("intern"),
        ("percentage", "extern"): share("extern"),
    }


def a_10(records: Records, gebied: str, period: Period) -> Figures:
    """Euro granted of euro asked for, of what was decided in the period; refused is 0."""
    decided = [row for row in records.of("budget", gebied) if period.has(row["datum_besluit"])]

    def share(*kinds: str) -> Figure:
        rows = [row for row in decided if row["soort"] in kinds]
        return percentage(sum(row["bedrag_toegekend"] for row in rows), sum(row["bedrag_aangevraagd"] for row in rows))

    kinds = ("voorziening", "beschikking", "subsidie", "overig")
    return {("percentage", "totaal"): share(*kinds)} | {("percentage", kind): share(kind) for kind in kinds}


def a_11(records: Records, gebied: str, period: Period) -> Figures:
    """Declarable hours of the hours of which that is known."""
    rows = [row for row in records.of("urenregistratie", gebied) if period.has(row["datum"])]
    declarable = sum((row["uren"] for row in rows if row["declarabel"] is True), Decimal(0))
    known = sum((row["uren"] for row in rows if row["declarabel"] is not None), Decimal(0))
    return {("percentage", "totaal"): percentage(declarable, known)}


def a_12(records: Records, gebied: str, period: Period, inwoners: float | None) -> Figures:
    """Cases active on d; cases in treatment in the period."""
    active = len(active_cases(records, gebied, period))
    return {
        ("stand", "totaal"): count(active),
        ("in_behandeling", "totaal"): count(len(cases_in_treatment(records, gebied, period))),
        ("per_10000_inwoners", "totaal"): open_rate(active, inwoners, 10000),
    }


def a_13(records: Records, gebied: str, period: Period) -> Figures:
    """Active cases per employee; an employee of two gemeenten is a head in both, the fte are divided."""
    active = len(active_cases(records, gebied, period))
    deployed = [
        row
        for row in records.of("medewerker_inzet", gebied)
        if row["medewerker"]["soort"] == "medewerker" and period.holds(row["van"], row["tot"])
    ]
    heads = {row["medewerker_id"] for row in deployed}
    return {
        ("per_medewerker", "totaal"): ratio(active, len(heads)),
        ("per_fte", "totaal"): ratio(active, sum((row["fte"] for row in deployed), Decimal(0))),
    }


def a_14(records: Records, gebied: str, period: Period) -> Figures:
    """Cases that changed complexity in the period, of those that had the first complexity and were in treatment."""
    cases = cases_in_treatment(records, gebied, period)

    def share(before: str, after: str) -> Figure:
        exposed = sum(
            any(
                value == before and period.overlaps(start, end)
                for start, end, value in records.complexity(row["casus_id"])
            )
            for row in cases
        )
        changed = sum(
            # Equal neighbours are one interval, so the interval before one of `after` is one of `before`.
            any(value == after and period.has(start) for start, _, value in records.complexity(row["casus_id"])[1:])
            for row in cases
        )
        return percentage(changed, exposed)

    return {
        ("percentage", "laag naar hoog"): share("laag", "hoog"),
        ("percentage", "hoog naar laag"): share("hoog", "laag"),
    }


def a_15(records: Records, gebied: str, period: Period) -> Figures:
    """Active cases of high complexity per active case of low complexity."""
    found = [records.complexity_on(row["casus_id"], period.d) for row in active_cases(records, gebied, period)]
    return {("verhouding", "totaal"): ratio(found.count("hoog"), found.count("laag"))}


def active_cases(records: Records, gebied: str, period: Period) -> list[Row]:
    """Cases in stock on d."""
    return [row for row in records.of("casus", gebied) if period.holds(row["startdatum"], row["einddatum"])]


def cases_in_treatment(records: Records, gebied: str, period: Period) -> list[Row]:
    """Cases under way at some time in the period."""
    return [row for row in records.of("casus", gebied) if period.overlaps(row["startdatum"], row["einddatum"])]
