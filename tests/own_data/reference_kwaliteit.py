"""K 1 to K 4, from the definitions: satisfaction of staff, recognised methods, registers and education."""

from __future__ import annotations

from decimal import Decimal

from tests.own_data.figures import Figures, count, percentage, ratio
from tests.own_data.records import ORG, Period, Records, Row
from tests.own_data.reference_afronden import last_marks

STAFF = ("medewerker", "stagiair", "vrijwilliger", "ervaringsdeskundige")


def k_1(records: Records, gebied: str, period: Period) -> Figures:
    """Marks that staff give, per group and together."""
    figures = {}
    for label, groups in {"totaal": STAFF, **{group: (group,) for group in STAFF}}.items():
        marks = last_marks(records, gebied, period, *groups)
        figures["gemiddelde", label] = ratio(sum(marks, Decimal(0)), len(marks))
    return figures


def k_2(records: Records, gebied: str, period: Period) -> Figures:
    """Methods in use that are recognised in the period; a method nobody described is not, no method is unknown."""
    in_use = [
        row["methodiek"]
        for row in records.of("interventie", gebied)
        if row["methodiek"] is not None and period.overlaps(row["startdatum"], row["einddatum"])
    ]
    methods = {row["methodiek"]: row for row in records.all("methodiek")}
    recognised = {name for name in in_use if name in methods and _recognised(methods[name], period)}
    well_founded = {name for name in recognised if methods[name]["erkenning"] in ("goed_onderbouwd", "effectief")}
    return {
        ("percentage", "totaal"): percentage(len(recognised), len(set(in_use))),
        ("percentage_goed_onderbouwd", "totaal"): percentage(len(well_founded), len(set(in_use))),
        ("percentage_interventies", "totaal"): percentage(sum(name in recognised for name in in_use), len(in_use)),
    }


def _recognised(method: Row, period: Period) -> bool:
    if method["erkenning"] == "geen" or method["erkend_van"] is None:
        return False
    return period.overlaps(method["erkend_van"], method["erkend_tot"])


def k_3(records: Records, gebied: str, period: Period) -> Figures:
    """Employees at work on d with a registration valid on d, each once whatever the number of registers."""
    at_work = {
        row["medewerker_id"]
        for row in records.of("medewerker_inzet", gebied)
        if row["medewerker"]["soort"] == "medewerker" and period.holds(row["van"], row["tot"])
    }
    registered = {
        row["medewerker_id"]
        for row in records.all("medewerker_registratie")
        if row["medewerker_id"] in at_work and period.holds(row["geldig_van"], row["geldig_tot"])
    }
    return {
        ("aantal", "totaal"): count(len(registered)),
        ("percentage", "totaal"): percentage(len(registered), len(at_work)),
    }


def k_4(records: Records, gebied: str, period: Period) -> Figures:
    """Education under way in the period, in every gemeente where the employee works; once for the organisation."""
    tracks = sum(
        gebied == ORG or gebied in records.workplaces(row["medewerker_id"], period)
        for row in records.all("educatietraject")
        if period.overlaps(row["startdatum"], row["einddatum"])
    )
    staff = {
        row["medewerker_id"]
        for row in records.of("medewerker_inzet", gebied)
        if period.overlaps(row["van"], row["tot"])
    }
    return {("aantal", "totaal"): count(tracks), ("per_medewerker", "totaal"): ratio(tracks, len(staff))}
