"""Which cells and figures may not be shown by themselves, whatever stands around them.

Looks at exact figures. What must be hidden because of something else is decided by `suppression` and `attack`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from serving.disclosure.catalogue import COUNTED, Catalogue, CellKey, Entry, RowCells
from serving.disclosure.parameters import Parameters
from serving.disclosure.rounding import exact_range, to_multiple
from serving.disclosure.rows import NO_DENOMINATOR, ExactRow
from serving.disclosure.view import Pair, View

PRIMARY, STAYS = "primair", "blijft"
_PARTNERS = "A 17"


@dataclass(slots=True)
class Figure:
    """An exact row with what the registry says about it.

    Attributes:
        counts: The row has cells of which the value is known.
    """

    row: ExactRow
    entry: Entry
    cells: RowCells

    @property
    def counts(self) -> bool:
        """Whether there is something behind the figure, even a zero; false when nothing was delivered."""
        if self.row.ontbreekt_reden in {None, NO_DENOMINATOR}:
            return True
        return self.row.teller is not None and self.entry.open_noemer


@dataclass(slots=True)
class Cell:
    """A cell with its exact value.

    Attributes:
        value: The number; of an amount its size.
        units: Smallest number of units or contributors that any figure on it has.
        is_dominated: One or two contributors make up most of the amount.
        conflict: Two figures give different numbers for it.
    """

    value: float
    units: float
    is_dominated: bool = False
    conflict: bool = False


@dataclass(slots=True)
class Cells:
    """All cells of a batch, and the pairs between them with what they leave over."""

    of: dict[CellKey, Cell] = field(default_factory=dict)
    pairs: dict[Pair, float] = field(default_factory=dict)

    def conflicts(self) -> list[CellKey]:
        """Cells that two figures do not agree on."""
        return sorted(key for key, cell in self.of.items() if cell.conflict)


def collect(figures: list[Figure], parameters: Parameters) -> Cells:
    """Gather the cells behind the figures."""
    cells = Cells()
    for figure in figures:
        if not figure.counts:
            continue
        for key, cell in _cells_of(figure, parameters):
            known = cells.of.setdefault(key, cell)
            known.units = min(known.units, cell.units)
            known.is_dominated = known.is_dominated or cell.is_dominated
            known.conflict = known.conflict or known.value != cell.value
    for figure in figures:
        teller, noemer = figure.cells.teller, figure.cells.noemer
        if figure.counts and figure.cells.is_pair and teller is not None and noemer is not None:
            cells.pairs[Pair(teller, noemer)] = cells.of[noemer].value - cells.of[teller].value
    return cells


def _cells_of(figure: Figure, parameters: Parameters) -> list[tuple[CellKey, Cell]]:
    row, entry, found = figure.row, figure.entry, []
    if entry.soort_waarde not in COUNTED and figure.cells.teller is not None:
        return [(figure.cells.teller, _amount(row, entry, parameters))]
    # n counts persons for a count; for a proportion it is the denominator, which is a cell itself.
    counts_persons = entry.soort_waarde == "aantal" or entry.open_noemer
    if figure.cells.teller is not None:
        value = row.teller or 0.0
        found.append((figure.cells.teller, Cell(value, min(value, float(row.n or 0)) if counts_persons else value)))
    if figure.cells.noemer is not None:
        value = row.noemer or 0.0
        found.append((figure.cells.noemer, Cell(value, value)))
    return found


def _amount(row: ExactRow, entry: Entry, parameters: Parameters) -> Cell:
    largest, two = row.grootste, row.grootste_twee
    # An amount of which nobody worked out who dominates it is treated as dominated.
    dominated = largest is None or two is None or largest > parameters.dominantie_1 or two > parameters.dominantie_2
    size = (row.noemer if entry.soort_waarde == "percentage_bedrag" else row.waarde) or 0.0
    return Cell(abs(size), float(row.n or 0), is_dominated=dominated)


def sensitive_cells(
    cells: Cells, catalogue: Catalogue, parameters: Parameters, before: View | None
) -> Mapping[CellKey, str]:
    """The cells that may not be shown, each with the reason."""
    reasons = {}
    for key, cell in cells.of.items():
        if _is_small(key, cell, cells, catalogue, parameters):
            reasons[key] = PRIMARY
        elif before is not None and key in before.hidden and not _passes_again(key, cell, catalogue, parameters):
            reasons[key] = STAYS
    return reasons


def _passes_again(key: CellKey, cell: Cell, catalogue: Catalogue, parameters: Parameters) -> bool:
    """A cell that flickers around the minimum would tell each time on which side it is."""
    needed = catalogue.minimum(key, parameters) + parameters.marge_terug
    return min(cell.value, cell.units) >= needed if catalogue.maat(key).kind == "telling" else cell.units >= needed


def _is_small(key: CellKey, cell: Cell, cells: Cells, catalogue: Catalogue, parameters: Parameters) -> bool:
    if cell.conflict or cell.is_dominated or catalogue.needs_consent(key, parameters):
        return True
    minimum = catalogue.minimum(key, parameters)
    if catalogue.maat(key).kind != "telling":
        return cell.units < minimum
    if cell.value == 0 and catalogue.zero_may_show(key, parameters):
        return any(cells.of[pair.noemer].value < minimum for pair in cells.pairs if pair.teller == key)
    return min(cell.value, cell.units) < minimum


def unsafe_pairs(cells: Cells, parameters: Parameters, before: View | None) -> list[Pair]:
    """Pairs that leave over too small a group to show both."""
    return sorted(
        pair
        for pair, rest in cells.pairs.items()
        if rest < parameters.drempel
        or (before is not None and before.pairs.get(pair) is False and rest < parameters.drempel_terug)
    )


def is_thin(figure: Figure, parameters: Parameters) -> bool:
    """Whether too few units stand behind a figure, whatever its cells: a p90, a mean, a ratio."""
    if not figure.entry.protected or not figure.cells.keys:
        return False
    minimum = _minimum_of(figure.entry, parameters)
    if not minimum:
        return False
    # On the rounded number, so that whether a p90 is there tells nothing about the count beside it.
    units = figure.row.n or 0
    if minimum <= parameters.drempel:
        return units < minimum
    least, _ = exact_range(to_multiple(units, parameters.afronding), parameters.afronding)
    return least < minimum


def _minimum_of(entry: Entry, parameters: Parameters) -> int:
    if entry.soort_waarde == "duur":
        return parameters.n_min_p90 if entry.variant.startswith("p90") else parameters.n_min_duur
    if entry.kpi_id == _PARTNERS:
        return max(parameters.n_min_gemiddelde, parameters.partner_beoordelaars_min)
    if entry.soort_waarde == "gemiddelde" or (entry.soort_waarde == "verhouding" and not entry.open_noemer):
        return parameters.n_min_gemiddelde
    return 0
