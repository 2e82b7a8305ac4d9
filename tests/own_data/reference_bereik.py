"""B 1 to B 7: how many of a target population have a case in the leefgebied."""

from __future__ import annotations

from tests.own_data.figures import Figures, count, open_rate
from tests.own_data.records import Period, Records
from tests.own_data.reference_analyseren import cases_in_treatment


def b(records: Records, gebied: str, period: Period, leefgebied: int, population: float | None) -> Figures:
    """Distinct participants with a case of the leefgebied in treatment in the period, per 1 000 of the population."""
    found = {
        row["deelnemer_id"] for row in cases_in_treatment(records, gebied, period) if row["leefgebied"] == leefgebied
    }
    return {
        ("deelnemers", "totaal"): count(len(found)),
        ("per_1000", "totaal"): open_rate(len(found), population, 1000),
    }
