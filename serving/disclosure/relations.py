"""How the cells of a publication relate: which add up to which, which cannot exceed which, which are the same.

Built from the cells that occur and the catalogue; used alike by who hides cells and by who tries to find them again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from serving.disclosure.catalogue import Catalogue, CellKey
from serving.disclosure.rows import ORGANISATION

Form = Literal["equal", "at_most", "union", "each"]
_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Equation:
    """One relation between cells.

    Attributes:
        form: equal (the parts add up to the total), at_most (they add up to no more), union (each at most the total,
            together at least the total), each (each at most the total).
        additive: True when one hidden part among shown ones could be worked out, or guessed closely.
    """

    form: Form
    total: CellKey
    parts: tuple[CellKey, ...]
    additive: bool


@dataclass(frozen=True, slots=True)
class Relations:
    """All relations between a set of cells.

    Attributes:
        root: Per cell the one that stands for all cells that are the same number; itself for most.
        equations: Between roots, in a fixed order.
    """

    root: Mapping[CellKey, CellKey]
    equations: tuple[Equation, ...]


def build_relations(cells: Iterable[CellKey], catalogue: Catalogue) -> Relations:
    """Find every relation between these cells."""
    present = sorted(set(cells))
    periods = _periods(present)
    root = {cell: cell for cell in present}
    found: list[Equation] = []
    by_area: dict[tuple[str, str], list[CellKey]] = defaultdict(list)
    by_period: dict[tuple[str, str], list[CellKey]] = defaultdict(list)
    for cell in present:
        by_area[cell.maat, cell.periode].append(cell)
        by_period[cell.maat, cell.gemeente_code].append(cell)
    for group in by_area.values():
        found.extend(_areas(group, catalogue))
    for group in by_period.values():
        found.extend(_years(group, catalogue, periods, root))
    found.extend(_categories(set(present), catalogue))
    return Relations(root, tuple(_on_roots(found, root)))


def _areas(group: list[CellKey], catalogue: Catalogue) -> Iterable[Equation]:
    total = next((cell for cell in group if cell.gemeente_code == ORGANISATION), None)
    parts = tuple(cell for cell in group if cell.gemeente_code != ORGANISATION)
    maat = catalogue.maat(group[0])
    if total is not None and parts and maat.som_periode != "geen":
        # Somebody counts in two gemeenten now and then: no sum, but close enough to one to hide as if it were.
        yield Equation("equal" if maat.som_gebied else "union", total, parts, additive=True)


def _periods(cells: Iterable[CellKey]) -> dict[str, list[str]]:
    """The quarters of each year that occur, in order."""
    quarters: dict[str, set[str]] = defaultdict(set)
    for cell in cells:
        year, dash, _ = cell.periode.partition("-Q")
        if dash:
            quarters[year].add(cell.periode)
    return {year: sorted(found) for year, found in quarters.items()}


def _years(
    group: list[CellKey], catalogue: Catalogue, quarters: Mapping[str, list[str]], root: dict[CellKey, CellKey]
) -> Iterable[Equation]:
    present = {cell.periode: cell for cell in group}
    kind = catalogue.maat(group[0]).som_periode
    for year, names in quarters.items():
        total = present.get(year)
        parts = tuple(present[name] for name in names if name in present)
        if total is None or not parts:
            continue
        if kind == "stand":
            # A stock is of the last day: the year's is that of its last quarter.
            if names[-1] in present:
                root[total] = present[names[-1]]
        elif kind == "som":
            yield Equation("equal" if len(parts) == len(names) else "at_most", total, parts, additive=True)
        elif kind != "geen":
            yield Equation(_overlap(names, parts), total, parts, additive=False)


def _overlap(names: list[str], parts: tuple[CellKey, ...]) -> Form:
    """A person of the year is in one of its quarters, unless quarters before the first are missing."""
    from_the_start = names[0].endswith("-Q1") and len(parts) == len(names) <= _QUARTERS
    return "union" if from_the_start else "each"


def _categories(present: set[CellKey], catalogue: Catalogue) -> Iterable[Equation]:
    of_maat: dict[str, list[CellKey]] = defaultdict(list)
    for cell in sorted(present):
        of_maat[cell.maat].append(cell)
    for whole, (names, is_complete) in sorted(catalogue.sums.items()):
        for total in of_maat[whole]:
            parts = tuple(cell for name in names if (cell := total._replace(maat=name)) in present)
            if parts:
                complete = is_complete and len(parts) == len(names)
                yield Equation("equal" if complete else "at_most", total, parts, additive=complete or len(parts) > 1)
    for whole, name in catalogue.covers:
        for total in of_maat[whole]:
            part = total._replace(maat=name)
            if part in present:
                yield Equation("at_most", total, (part,), additive=False)


def _on_roots(found: Iterable[Equation], root: Mapping[CellKey, CellKey]) -> Iterable[Equation]:
    seen = set()
    for equation in found:
        total = root[equation.total]
        parts = tuple(sorted(root[part] for part in equation.parts))
        one = Equation(equation.form, total, parts, equation.additive)
        if one not in seen and not (len(parts) == 1 and parts[0] == total):
            seen.add(one)
            yield one
