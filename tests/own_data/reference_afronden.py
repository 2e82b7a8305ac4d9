"""A 28 to A 42, from the definitions: referrals, results, satisfaction, what lasts, and the paperwork."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from tests.own_data.figures import MISSING, Figures, count, percentage, ratio
from tests.own_data.records import Period, Records, Row

FOLLOW_UP_FIRST, FOLLOW_UP_MIDDLE, FOLLOW_UP_LAST = 140, 182, 224


def a_28(records: Records, gebied: str, period: Period) -> Figures:
    """Referrals of the period that arrived at the right place, as known now; per line, and to a lower line."""
    rows = [row for row in records.of("doorverwijzing", gebied) if period.has(row["datum"])]
    right = sum(row["juiste_plek"] is True and row["aangekomen_op"] is not None for row in rows)
    figures = {
        ("aantal", "totaal"): count(right),
        ("percentage", "totaal"): percentage(right, len(rows)),
        ("doorverwijzingen", "totaal"): count(len(rows)),
        ("percentage_lagere_lijn", "totaal"): percentage(
            sum(row["naar_lijn"] < row["van_lijn"] for row in rows), len(rows)
        ),
    }
    for line in range(5):
        to_line = sum(row["naar_lijn"] == line for row in rows)
        figures["doorverwijzingen", f"naar lijn {line}"] = count(to_line)
        figures["aandeel", f"naar lijn {line}"] = percentage(to_line, len(rows))
    return figures


def a_29(records: Records, gebied: str, period: Period) -> Figures:
    """Completed interventions, and those with success of those with a verdict."""
    verdicts = [row["succesvol"] for row in _ended(records, gebied, period) if row["reden_einde"] == "afgerond"]
    return {
        ("aantal", "totaal"): count(len(verdicts)),
        ("percentage_succesvol", "totaal"): percentage(verdicts.count(True), len(verdicts) - verdicts.count(None)),
    }


def a_30(records: Records, gebied: str, period: Period) -> Figures:
    """Completed right first time and on or before the deadline, of the completed with both known."""
    known = [
        row["in_een_keer_goed"] and row["einddatum"] <= row["geplande_einddatum"]
        for row in _ended(records, gebied, period)
        if row["reden_einde"] == "afgerond"
        and row["in_een_keer_goed"] is not None
        and row["geplande_einddatum"] is not None
    ]
    return {("aantal", "totaal"): count(sum(known)), ("percentage", "totaal"): percentage(sum(known), len(known))}


def a_31(records: Records, gebied: str, period: Period) -> Figures:
    """Ended interventions that reached their goal, of all ended ones with a verdict, stopped ones too."""
    verdicts = [row["doel_bereikt"] for row in _ended(records, gebied, period)]
    return {("percentage", "totaal"): percentage(verdicts.count(True), len(verdicts) - verdicts.count(None))}


def a_32(records: Records, gebied: str, period: Period) -> Figures:
    """Marks that participants give."""
    marks = last_marks(records, gebied, period, "deelnemer")
    return {
        ("gemiddelde", "totaal"): ratio(sum(marks, Decimal(0)), len(marks)),
        ("percentage_8_of_hoger", "totaal"): percentage(sum(mark >= 8 for mark in marks), len(marks)),
        ("percentage_5_of_lager", "totaal"): percentage(sum(mark <= 5 for mark in marks), len(marks)),
    }


def a_33(records: Records, gebied: str, period: Period) -> Figures:
    """Marks that partners give."""
    marks = last_marks(records, gebied, period, "partner")
    return {("gemiddelde", "totaal"): ratio(sum(marks, Decimal(0)), len(marks))}


def a_34(records: Records, gebied: str, period: Period) -> Figures:
    """Marks that commissioners give."""
    marks = last_marks(records, gebied, period, "opdrachtgever")
    return {("gemiddelde", "totaal"): ratio(sum(marks, Decimal(0)), len(marks))}


def last_marks(records: Records, gebied: str, period: Period, *groups: str) -> list[Decimal]:
    """Marks of the period; of several by one respondent the last one, wherever it was given."""
    last: dict[tuple[str, str], Row] = {}
    for row in records.all("tevredenheid"):
        if row["groep"] in groups and period.has(row["datum"]):
            known = row["respondent_id"] is not None
            key = (row["groep"], row["respondent_id"]) if known else ("", row["meting_id"])
            if key not in last or last[key]["datum"] < row["datum"]:
                last[key] = row
    return [row["score"] for row in last.values() if gebied in ("ORG", row["gebied"])]


def a_35(records: Records, gebied: str, period: Period) -> Figures:
    """Euro saved per euro spent, of ended interventions that have both amounts."""
    both = [
        (row["geschatte_besparing"], row["kosten"])
        for row in _ended(records, gebied, period)
        if row["geschatte_besparing"] is not None and row["kosten"] is not None
    ]
    return {("verhouding", "totaal"): ratio(sum(saved for saved, _ in both), sum(spent for _, spent in both))}


def a_36(records: Records, gebied: str, period: Period) -> Figures:
    """Participants who go on without support, of those measured at the follow-up; the share by their surroundings."""
    chosen = _follow_up(records, gebied, period, lambda row: row["zonder_ondersteuning"])
    going_on = sum(row["zonder_ondersteuning"] for row in chosen)
    shares = [Fraction(row["inzet_omgeving_pct"]) for row in chosen if row["inzet_omgeving_pct"] is not None]
    return {
        ("aantal", "totaal"): count(going_on),
        ("percentage", "totaal"): percentage(going_on, len(chosen)),
        ("inzet_omgeving", "totaal"): ratio(sum(shares), len(shares)),
    }


def a_38(records: Records, gebied: str, period: Period) -> Figures:
    """Participants who kept their level, of those measured at the follow-up."""
    chosen = _follow_up(records, gebied, period, lambda row: row["niveau_behouden"])
    kept = sum(row["niveau_behouden"] for row in chosen)
    return {("aantal", "totaal"): count(kept), ("percentage", "totaal"): percentage(kept, len(chosen))}


def _follow_up(records: Records, gebied: str, period: Period, verdict: Callable[[Row], bool | None]) -> list[Row]:
    """Per participant the measurement with a verdict nearest to day 182 after the end; the later one of two as near."""
    chosen: dict[str, tuple[int, int, Row]] = {}
    for row in records.of("nazorgmeting", gebied):
        ended = row["interventie"]["einddatum"]
        if ended is None or not period.has(row["datum"]) or verdict(row) is None:
            continue
        days = (row["datum"] - ended).days
        if not FOLLOW_UP_FIRST <= days <= FOLLOW_UP_LAST:
            continue
        candidate = (abs(days - FOLLOW_UP_MIDDLE), -row["datum"].toordinal(), row)
        best = chosen.get(row["deelnemer_id"])
        if best is None or candidate[:2] < best[:2]:
            chosen[row["deelnemer_id"]] = candidate
    return [row for _, _, row in chosen.values()]


def a_37(records: Records, gebied: str, period: Period) -> Figures:
    """Participants who came back within a year; nothing while the delivery does not reach a year back."""
    if period.van - timedelta(days=365) < records.periode_van:
        return {("aantal", "totaal"): MISSING, ("percentage", "totaal"): MISSING}
    back = {
        row["deelnemer_id"]
        for row in records.of("casus", gebied)
        if period.has(row["startdatum"]) and any(_relapse(earlier, row) for earlier in records.all("casus"))
    }
    ended = {
        row["deelnemer_id"]
        for row in records.of("casus", gebied)
        if row["einddatum"] is not None
        and period.van - timedelta(days=365) <= row["einddatum"] <= period.d - timedelta(days=1)
    }
    return {("aantal", "totaal"): count(len(back)), ("percentage", "totaal"): percentage(len(back), len(ended))}


def _relapse(earlier: Row, later: Row) -> bool:
    """One participant, 1 to 365 days from end to start, the same known issue or an explicit link."""
    if earlier["deelnemer_id"] != later["deelnemer_id"] or earlier["einddatum"] is None:
        return False
    if not 1 <= (later["startdatum"] - earlier["einddatum"]).days <= 365:
        return False
    same_issue = earlier["vraagstuk"] is not None and earlier["vraagstuk"] == later["vraagstuk"]
    return same_issue or later["terugval_van_casus"] is earlier


def a_39(records: Records, gebied: str, period: Period) -> Figures:
    """Participants who took part in an intervention and in one that follows on it, after it had ended."""
    taking_part: dict[str, set[str]] = {}
    for row in records.all("interventie_deelname"):
        taking_part.setdefault(row["interventie_id"], set()).add(row["deelnemer_id"])
    found: set[str] = set()
    for row in records.of("interventie", gebied):
        before = row["vervolg_op_interventie"]
        if not period.has(row["startdatum"]) or before is None or _circular(row):
            continue
        if before["einddatum"] is not None and before["einddatum"] <= row["startdatum"]:
            found |= taking_part.get(row["interventie_id"], set()) & taking_part.get(before["interventie_id"], set())
    return {("aantal", "totaal"): count(len(found))}


def _circular(row: Row) -> bool:
    """The chain of predecessors comes back to the intervention itself."""
    seen: set[str] = set()
    at = row["vervolg_op_interventie"]
    while at is not None and at["interventie_id"] not in seen:
        if at is row:
            return True
        seen.add(at["interventie_id"])
        at = at["vervolg_op_interventie"]
    return False


def a_40(records: Records, gebied: str, period: Period) -> Figures:
    """By-catch per kind; kinds are never added. Every kind of the delivery has a row."""
    found = {row["soort"]: 0 for row in records.all("bijvangst")}
    for row in records.of("bijvangst", gebied):
        if period.has(row["datum"]):
            found[row["soort"]] += row["aantal"]
    return {("aantal", f"bijvangst: {kind}"): count(number) for kind, number in found.items()}


def a_41(records: Records, gebied: str, period: Period) -> Figures:
    """Completion orders processed in time, correctly and completely, of those with a deadline in the period."""
    due = [
        row
        for row in records.of("adminopdracht", gebied)
        if row["soort"] == "afronding" and period.has(row["deadline"])
    ]
    in_time = sum(
        row["verwerkt_op"] is not None and row["verwerkt_op"] <= row["deadline"] and row["juist_en_volledig"] is True
        for row in due
    )
    return {("aantal", "totaal"): count(in_time), ("percentage", "totaal"): percentage(in_time, len(due))}


def a_42(records: Records, gebied: str, period: Period) -> Figures:
    """Corrections on budgets in the year of the correction, whatever year the budget is of."""
    amounts = [row["bedrag"] for row in records.of("budgetcorrectie", gebied) if period.has(row["datum"])]
    granted = [row["bedrag_toegekend"] for row in records.of("budget", gebied) if period.has(row["datum_besluit"])]
    nothing = Decimal(0)
    net = sum(amounts, nothing)
    return {
        ("netto", "totaal"): count(net),
        ("aanvullend", "totaal"): count(sum((amount for amount in amounts if amount > 0), nothing)),
        ("restitutie", "totaal"): count(sum((amount for amount in amounts if amount < 0), nothing)),
        ("percentage_van_toegekend", "totaal"): percentage(net, sum(granted, nothing)),
    }


def _ended(records: Records, gebied: str, period: Period) -> list[Row]:
    return [row for row in records.of("interventie", gebied) if period.has(row["einddatum"])]
