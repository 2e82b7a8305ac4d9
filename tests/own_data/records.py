"""A delivery as the definitions speak of it: rows with their parents, their gemeente and the periods of the window.

What a record means is decided here once: which links hold, where a record falls, what "on d" and "in the period" are.
No KPI is computed here, nothing is read from a disk but the lists of gemeenten, and no code of the project is used.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

Row = dict[str, Any]
REGISTRY = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "registry"
ORG = "ORG"
UNKNOWN = "GM9999"
# Table, link column, table it points to, name of its key, whether a row without parent is refused.
LINKS = (
    ("medewerker_inzet", "medewerker_id", "medewerker", True),
    ("medewerker_registratie", "medewerker_id", "medewerker", True),
    ("educatietraject", "medewerker_id", "medewerker", True),
    ("signaal", "deelnemer_id", "deelnemer", False),
    ("casus", "signaal_id", "signaal", False),
    ("casus", "deelnemer_id", "deelnemer", False),
    ("casus", "terugval_van_casus_id", "casus", False),
    ("casus_complexiteit", "casus_id", "casus", True),
    ("casus_betrokkene", "casus_id", "casus", True),
    ("situatiebeoordeling", "casus_id", "casus", True),
    ("zrm_score", "casus_id", "casus", True),
    ("plan", "casus_id", "casus", True),
    ("plan_wijziging", "plan_id", "plan", True),
    ("plan_voortgang", "plan_id", "plan", True),
    ("interventie", "casus_id", "casus", False),
    ("interventie", "signaal_id", "signaal", False),
    ("interventie", "vervolg_op_interventie_id", "interventie", False),
    ("interventie_deelname", "interventie_id", "interventie", True),
    ("interventie_deelname", "deelnemer_id", "deelnemer", False),
    ("bijvangst", "interventie_id", "interventie", True),
    ("nazorgmeting", "interventie_id", "interventie", True),
    ("nazorgmeting", "deelnemer_id", "deelnemer", False),
    ("urenregistratie", "interventie_id", "interventie", False),
    ("urenregistratie", "casus_id", "casus", False),
    ("partnerverzoek", "casus_id", "casus", True),
    ("partnerbeoordeling", "partner_id", "partner", False),
    ("doorverwijzing", "casus_id", "casus", True),
    ("budgetcorrectie", "budget_id", "budget", True),
    ("tevredenheid", "interventie_id", "interventie", False),
    ("vragenlijst_afname", "deelnemer_id", "deelnemer", False),
    ("vragenlijst_antwoord", "afname_id", "vragenlijst_afname", True),
)
KEYS = {
    "medewerker": "medewerker_id",
    "deelnemer": "deelnemer_id",
    "signaal": "signaal_id",
    "casus": "casus_id",
    "plan": "plan_id",
    "interventie": "interventie_id",
    "partner": "partner_id",
    "budget": "budget_id",
    "vragenlijst_afname": "afname_id",
}
OWN_GEMEENTE = (
    "medewerker_inzet",
    "signaal",
    "capaciteit",
    "casus",
    "interventie",
    "urenregistratie",
    "partnerbeoordeling",
    "budget",
    "tevredenheid",
    "adminopdracht",
    "vragenlijst_afname",
)
DEFAULTS = {"deelnemer": {"aantal_personen": 1}, "adminopdracht": {"aantal_retouren": 0}}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an organisation delivers: the window, and per delivered table its rows in contract form.

    A table that is not in `tables` was not delivered; a table without rows was. A timestamp is a `datetime`, or a
    `date` when the source knows no time.
    """

    levering_id: str
    organisatie_id: str
    periode_van: date
    peildatum: date
    tables: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar year or quarter; `d` is the last day of it that the delivery knows."""

    naam: str
    van: date
    tot: date
    d: date

    def has(self, day: date | None) -> bool:
        """The event is in the period."""
        return day is not None and self.van <= day <= self.d

    def overlaps(self, start: date, end: date | None) -> bool:
        """It was under way at some time in the period; an end on the first day still counts."""
        return start <= self.d and (end is None or end >= self.van)

    def holds(self, start: date, end: date | None) -> bool:
        """It is active on d; the end date is the first day that it is not."""
        return start <= self.d and (end is None or end > self.d)


def periods(periode_van: date, peildatum: date) -> list[Period]:
    """Every calendar year and quarter that overlaps the window, and no other."""
    found = []
    for year in range(periode_van.year, peildatum.year + 1):
        spans = [(str(year), 1, 12), *((f"{year}-Q{quarter}", 3 * quarter - 2, 3 * quarter) for quarter in range(1, 5))]
        for name, first, last in spans:
            van = date(year, first, 1)
            tot = (date(year, last, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            if van <= peildatum and tot >= periode_van:
                found.append(Period(name, van, tot, min(tot, peildatum)))
    return found


def division(year: int) -> Callable[[str | None], str | None]:
    """How a delivered code reads on the division of 1 January of a year; None when no gemeente ever had the code."""
    with (REGISTRY / "gemeente_register.csv").open(encoding="utf-8") as stream:
        known = {row["gemeente_code"]: row["geldig_tot"] for row in csv.DictReader(stream)}
    with (REGISTRY / "herindeling.csv").open(encoding="utf-8") as stream:
        changes = list(csv.DictReader(stream))
    day = f"{year}-01-01"

    def today(code: str | None) -> str | None:
        if code == UNKNOWN:
            return UNKNOWN
        if code is None or code not in known:
            return None
        ended = known[code]
        if not ended or ended > day:
            return code
        successors = {
            row["nieuwe_code"] for row in changes if row["oude_code"] == code and row["ingangsdatum"] == ended
        }
        return today(successors.pop()) if len(successors) == 1 else UNKNOWN

    return today


class Records:
    """The rows of a delivery, each with `gebied` (its gemeente), its parents under their table's name, links resolved.

    A link without its parent is empty where the contract only tests it, and loses the row where it enforces it.
    """

    def __init__(self, delivery: Delivery, gemeente: Callable[[str | None], str | None]) -> None:
        self.delivered = frozenset(delivery.tables)
        self.periode_van = delivery.periode_van
        self.tables: dict[str, list[Row]] = {}
        for table, rows in delivery.tables.items():
            defaults = DEFAULTS.get(table, {})
            self.tables[table] = [
                row | {column: value for column, value in defaults.items() if row.get(column) is None} for row in rows
            ]
        for table, column, parent, enforced in LINKS:
            self._link(table, column, parent, enforced=enforced)
        self._place(gemeente)
        self._complexity = self._intervals()

    def all(self, table: str) -> list[Row]:
        """Rows of a table, wherever they fall; none when it was not delivered."""
        return self.tables.get(table, [])

    def of(self, table: str, gebied: str) -> list[Row]:
        """Rows of a table that fall in a gemeente; all of them for the organisation."""
        return [row for row in self.all(table) if gebied in (ORG, row["gebied"])]

    def gebieden(self, spans: Iterable[Period]) -> list[str]:
        """The gemeenten of the delivery and the organisation."""
        found = {row["gebied"] for table in OWN_GEMEENTE for row in self.all(table)}
        for period in spans:
            for track in self.all("educatietraject"):
                if period.overlaps(track["startdatum"], track["einddatum"]):
                    found.update(self.workplaces(track["medewerker_id"], period))
        return [*sorted(found), ORG]

    def workplaces(self, medewerker_id: str, period: Period) -> set[str]:
        """Gemeenten where an employee works in the period; the unknown one when there is none."""
        found = {
            row["gebied"]
            for row in self.all("medewerker_inzet")
            if row["medewerker_id"] == medewerker_id and period.overlaps(row["van"], row["tot"])
        }
        return found or {UNKNOWN}

    def complexity(self, casus_id: str) -> list[tuple[date, date | None, str]]:
        """Intervals of a case: from, up to and excluding, laag or hoog; equal neighbours are one interval."""
        return self._complexity.get(casus_id, [])

    def complexity_on(self, casus_id: str, day: date) -> str | None:
        """Complexity of a case on a day."""
        for start, end, value in self.complexity(casus_id):
            if start <= day and (end is None or end > day):
                return value
        return None

    def _link(self, table: str, column: str, parent: str, *, enforced: bool) -> None:
        parents = {row[KEYS[parent]]: row for row in self.all(parent)}
        name = column.removesuffix("_id")
        kept = []
        for row in self.all(table):
            row[name] = parents.get(row.get(column))
            if row[name] is not None or not enforced:
                kept.append(row)
        if table in self.tables:
            self.tables[table] = kept

    def _place(self, gemeente: Callable[[str | None], str | None]) -> None:
        for table in OWN_GEMEENTE:
            for row in self.all(table):
                row["gebied"] = gemeente(row["gemeente_code"])
        # The parents first: what has no gemeente of its own takes that of the record it stands under.
        for row in self.all("interventie"):
            row["gebied"] = row["gebied"] or _place_of(row["casus"])
        for row in self.all("urenregistratie"):
            row["gebied"] = row["gebied"] or _place_of(row["interventie"]) or _place_of(row["casus"])
        for row in self.all("tevredenheid"):
            row["gebied"] = row["gebied"] or _place_of(row["interventie"])
        for table in OWN_GEMEENTE:
            for row in self.all(table):
                row["gebied"] = row["gebied"] or UNKNOWN
        for table, parent in (
            ("casus_complexiteit", "casus"),
            ("casus_betrokkene", "casus"),
            ("situatiebeoordeling", "casus"),
            ("zrm_score", "casus"),
            ("plan", "casus"),
            ("plan_wijziging", "plan"),
            ("plan_voortgang", "plan"),
            ("interventie_deelname", "interventie"),
            ("bijvangst", "interventie"),
            ("nazorgmeting", "interventie"),
            ("partnerverzoek", "casus"),
            ("doorverwijzing", "casus"),
            ("budgetcorrectie", "budget"),
        ):
            for row in self.all(table):
                row["gebied"] = row[parent]["gebied"]

    def _intervals(self) -> dict[str, list[tuple[date, date | None, str]]]:
        changes: dict[str, list[tuple[date, str]]] = {}
        for row in sorted(self.all("casus_complexiteit"), key=lambda row: row["vanaf"]):
            own = changes.setdefault(row["casus_id"], [])
            if not own or own[-1][1] != row["complexiteit"]:
                own.append((row["vanaf"], row["complexiteit"]))
        return {
            casus_id: [
                (start, end, value)
                for (start, value), end in zip(own, [*(later for _, (later, _) in pairwise(own)), None], strict=True)
            ]
            for casus_id, own in changes.items()
        }


def persons(deelnemer: Row | None) -> int:
    """Persons behind a participant; one when the participant is not in the delivery."""
    return deelnemer["aantal_personen"] if deelnemer else 1


def day_of(moment: date | datetime) -> date:
    """The date of a moment, which may be a date already."""
    return moment.date() if isinstance(moment, datetime) else moment


def _place_of(parent: Row | None) -> str | None:
    return parent["gebied"] if parent else None
