"""The figures of one KPI in every area, as its page needs them: read in one pass, put together per uitsplitsing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

import duckdb

from serving.newest import NEWEST
from serving.site.by_area import ByArea

Row = Mapping[str, Any]

COUNTRY, ORGANISATION = "NL", "ORG"
OPEN_FAMILY = "impact"

_FIGURES = f"""
select
    f.*, f.nl_laag as vergelijking_laag, f.nl_hoog as vergelijking_hoog, g.soort_gebied
from ({NEWEST}) as f
inner join gemeente as g on f.gemeente_code = g.gemeente_code
order by
    f.kpi_id, f.hoofduitsplitsing desc, f.uitsplitsing, g.soort_gebied = 'onbekend', f.gemeente_naam, f.gemeente_code
"""


@dataclass(frozen=True)
class Breakdown:
    """The newest figure of every area for one KPI and uitsplitsing.

    Attributes:
        kpi: Row of table kpi.
        code: Uitsplitsing.
        naam: Its name.
        is_hoofd: It stands for the KPI.
        rows: Rows of `serving.newest`, with the kind of area: gemeenten in order of name, and what stands for all of
            them.
    """

    kpi: Row
    code: str
    naam: str
    is_hoofd: bool
    rows: Sequence[Row]

    @cached_property
    def is_open(self) -> bool:
        """Open statistics of every gemeente, not the organisation's own registration."""
        return bool(self.kpi["familie"] == OPEN_FAMILY)

    @cached_property
    def whole(self) -> Row | None:
        """The row that stands for all: Nederland, or the organisation; None when there is none."""
        code = COUNTRY if self.is_open else ORGANISATION
        return next((row for row in self.rows if row["gemeente_code"] == code), None)

    @cached_property
    def areas(self) -> list[Row]:
        """The rows of single areas, in order of name."""
        return [row for row in self.rows if row["gemeente_code"] not in {COUNTRY, ORGANISATION}]

    @cached_property
    def periode(self) -> str | None:
        """The newest period with a figure of a single area; None without any."""
        periods = [(row["jaar"], row["periode"]) for row in self.areas if row["waarde"] is not None]
        return max(periods)[1] if periods else None

    @cached_property
    def eenheid(self) -> str:
        """Unit of the figures."""
        return next((row["eenheid"] for row in self.rows if row["waarde"] is not None), self.kpi["eenheid"]) or ""

    @cached_property
    def drawn_unit(self) -> str:
        """Unit in which areas can be held beside each other: a count is compared per so many inhabitants."""
        found = (row["vergelijkingseenheid"] for row in self.rows if row["waarde"] is not None)
        return next((unit for unit in found if unit), self.eenheid)


class Breakdowns:
    """The newest figures of every KPI in force, for whoever asks for the KPIs in order of id."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._rows = ByArea(connection, _FIGURES, "kpi_id")

    def take(self, kpi: Row) -> list[Breakdown]:
        """Return the uitsplitsingen of a KPI: first the one that stands for it; an empty one when it has no rows.

        Args:
            kpi: Row of table kpi.
        """
        by_code = groupby(self._rows.take(kpi["kpi_id"]), key=lambda row: str(row["uitsplitsing"]))
        found = [
            Breakdown(kpi, code, rows[0]["uitsplitsing_naam"], number == 0, rows)
            for number, (code, rows) in enumerate((code, list(group)) for code, group in by_code)
        ]
        if not found:
            return [Breakdown(kpi, kpi["hoofduitsplitsing"] or "totaal", "Totaal", True, ())]
        if not any(breakdown.is_hoofd for breakdown in found):
            # A KPI of parts only: every KPI has a page under its own number, for the links to it.
            found[0] = replace(found[0], is_hoofd=True)
        return found


def drawn(row: Row, unit: str) -> tuple[float | None, float | None, float | None]:
    """Return a figure and its interval in the unit in which it is drawn, as stored; None when there is none.

    Args:
        row: Of kpi_gemeente or kpi_waarde with the comparison beside it.
        unit: Unit of the drawing.
    """
    if row["eenheid"] == unit:
        return row["waarde"], row["oi_laag"], row["oi_hoog"]
    if row["vergelijkingseenheid"] == unit:
        return row["vergelijkingswaarde"], row["vergelijking_laag"], row["vergelijking_hoog"]
    return None, None, None
