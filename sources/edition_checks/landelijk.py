"""The national figure against the gemeenten, where arithmetic leaves no choice.

A share of the country is a weighted mean of the shares of its gemeenten, so it lies between the lowest and the highest
of them. A count of the country is no less than its gemeenten together, apart from rounding and from who moved house and
is counted in two of them. Which form holds for a unit is column `landelijk` of unit_range.csv.
"""

from __future__ import annotations

from dataclasses import dataclass

from sources.edition_checks.model import EXAMPLES, CheckContext, EditionCheck, Severity, feeds, show
from sources.edition_checks.subject import Subject

NAME = "landelijk"
# Share of the gemeenten of that year that must have a figure before the lowest and the highest say something.
_FILLED = 0.8
# A person or household that moved in the year is counted in two gemeenten and once in the country.
_COUNTED_TWICE = 0.01
# Registrations abroad or without an address are in the country and in no gemeente.
_WITHOUT_GEMEENTE = 0.02
_NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class _Cell:
    """One column, codes and period: the country and the gemeenten."""

    series_id: str
    measure: str
    period: str
    form: str
    national: float
    low: float
    high: float
    filled: int
    total: float
    step: float

    def off(self, gemeenten: int) -> Severity | None:
        """How wrong the national figure is, given the number of gemeenten there should be."""
        if self.form == "tussen":
            slack = self.step / 2 + _NOISE * max(1.0, abs(self.high))
            inside = self.low - slack <= self.national <= self.high + slack
            return None if inside or self.filled < _FILLED * gemeenten else "fout"
        rounding = self.step / 2 * (self.filled + 1)
        if self.national < self.total * (1 - _COUNTED_TWICE) - rounding:
            return "fout"
        whole = self.filled >= gemeenten
        return "waarschuwing" if whole and self.national > self.total * (1 + _WITHOUT_GEMEENTE) + rounding else None

    def __str__(self) -> str:
        """As a person would look it up."""
        gemeenten = f"{show(self.low)} tot {show(self.high)}" if self.form == "tussen" else f"samen {show(self.total)}"
        return f"{self.measure} {self.period}: Nederland {show(self.national)}, gemeenten {gemeenten}"


def check(subject: Subject) -> EditionCheck:
    """Refuse an edition whose national figure cannot belong to its gemeenten."""
    if subject.context is None or not subject.parts or subject.series is None:
        return EditionCheck(NAME, passed=True, facts={"vergeleken": 0})
    cells = [
        (cell, gemeenten)
        for cell in _cells(subject, subject.context)
        if (gemeenten := _gemeenten(subject, subject.context, cell)) is not None
    ]
    found = [(severity, cell) for cell, gemeenten in cells if (severity := cell.off(gemeenten)) is not None]
    if not found:
        return EditionCheck(NAME, passed=True, facts={"vergeleken": len(cells)})
    found.sort(key=lambda item: (item[0], item[1].series_id, item[1].measure, item[1].period))
    # Two series may stand on one column.
    shown = list(dict.fromkeys(str(cell) for _, cell in found))[:EXAMPLES]
    return EditionCheck(
        NAME,
        passed=False,
        severity=found[0][0],
        melding=(
            f"{feeds(subject.context, (cell.series_id for _, cell in found))}: {subject.table}, het landelijke cijfer "
            f"past niet bij de gemeenten ({len(found)} keer): {'; '.join(shown)}. Vergelijk met "
            "StatLine; hoort dit zo, zet dan landelijk op geen voor deze eenheid in unit_range.csv"
        ),
        facts={"vergeleken": len(cells), "afwijkend": len(found)},
    )


def _cells(subject: Subject, context: CheckContext) -> list[_Cell]:
    """The cells whose unit has a form that must hold, and that have a national figure and gemeenten."""
    forms = {unit.eenheid: unit.landelijk for unit in context.expectations.units.values() if unit.landelijk != "geen"}
    rows = subject.rows(
        """
        select series_id, measure, time_period, eenheid, national, low, high, filled, total, step from cell
        where national is not null and filled > 0
        """
    )
    return [
        _Cell(series_id, measure, period, forms[unit], *numbers)
        for series_id, measure, period, unit, *numbers in rows
        if unit in forms
    ]


def _gemeenten(subject: Subject, context: CheckContext, cell: _Cell) -> int | None:
    """Gemeenten on the division of a cell; None where that cannot be known."""
    year = subject.manifest.indelingsjaar or int(cell.period[:4])
    return context.expectations.gemeenten.get(year)
