"""What a reader of a publication knows of each cell: a range where a figure is shown, nothing where it is hidden.

Reads published rows and the catalogue only. The exact figures never come here: the attacker stands on this module.

Percentages, ratios and rates are left out on purpose. They are computed from the rounded counts that stand beside them
(and from open denominators that anybody can look up), so they say nothing that those counts do not say already. Means,
medians and ratios of amounts are not sums of anything that is published; they come and go with their denominator.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from serving.disclosure.catalogue import AMOUNTS, Catalogue, CellKey
from serving.disclosure.parameters import Parameters
from serving.disclosure.rounding import exact_range
from serving.disclosure.rows import SUPPRESSED, ProtectedRow

_INCOMPLETE = "onvolledig"


class Range(NamedTuple):
    """Smallest and largest value that a number can have."""

    low: float
    high: float


class Pair(NamedTuple):
    """A numerator and its denominator; what is left of the denominator is a group too."""

    teller: CellKey
    noemer: CellKey


@dataclass(slots=True)
class View:
    """What one publication says.

    Attributes:
        published: Per shown cell the figure itself.
        hidden: Cells of hidden figures that no other figure shows.
        pairs: Per pair whether its percentage is shown.
        incomplete: Periods that were not over yet.
    """

    published: dict[CellKey, float] = field(default_factory=dict)
    hidden: set[CellKey] = field(default_factory=set)
    pairs: dict[Pair, bool] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)

    @property
    def cells(self) -> set[CellKey]:
        """All cells, shown or not."""
        return self.hidden | self.published.keys()


def observe(rows: Iterable[ProtectedRow], catalogue: Catalogue, parameters: Parameters) -> View:
    """Read a publication as an outsider."""
    view = View()
    over: set[str] = set()
    for row in rows:
        if row.status is not None:
            (view.incomplete if row.status == _INCOMPLETE else over).add(row.periode)
        is_hidden = row.ontbreekt_reden == SUPPRESSED
        if row.ontbreekt_reden is not None and not is_hidden:
            continue
        key = row.key
        entry = catalogue.entry(key)
        cells = catalogue.cells(key, entry, parameters)
        if is_hidden:
            view.hidden.update(cells.keys)
        else:
            if cells.teller is not None:
                shown = row.waarde if entry.soort_waarde in AMOUNTS else row.teller
                # The ratio of two amounts shows neither: that it is there is all there is to know.
                view.published[cells.teller] = math.nan if shown is None else shown
            if cells.noemer is not None and row.noemer is not None:
                view.published[cells.noemer] = row.noemer
        if cells.is_pair and cells.teller is not None and cells.noemer is not None:
            view.pairs[Pair(cells.teller, cells.noemer)] = not is_hidden
    view.hidden -= view.published.keys()
    # A KPI may be incomplete for a reason of its own: bad rows, a follow-up that is still to come.
    view.incomplete -= over
    return view


def range_of(
    key: CellKey, published: float | None, catalogue: Catalogue, parameters: Parameters, *, may_be_kept: bool = False
) -> Range:
    """The range that a reader infers from a published cell; from nothing when it is hidden.

    Args:
        key: The cell.
        catalogue: The registry.
        parameters: The rules.
        published: The figure that is shown; null when hidden.
        may_be_kept: The same figure stood in the batch before, so that a small revision may have been held back.
    """
    maat = catalogue.maat(key)
    if published is None or math.isnan(published):
        return Range(-math.inf if maat.sign < 1 else 0, math.inf if maat.sign > -1 else 0)
    if maat.kind != "telling":
        slack = (parameters.uren_afronding if maat.in_uren else parameters.bedrag_afronding) / 2
        if may_be_kept:
            slack += abs(published) * parameters.verschil_aandeel
        low, high = published - slack, published + slack
        return Range(max(low, 0) if maat.sign == 1 else low, min(high, 0) if maat.sign == -1 else high)
    if published == 0:
        return Range(0, 0)
    low, high = exact_range(round(published), parameters.afronding)
    kept = parameters.vastgehouden if may_be_kept else 0
    return Range(max(low - kept, parameters.drempel), high + kept)


def is_changed(one: float, other: float) -> bool:
    """Whether two published figures differ; what is not published does not."""
    return not (one == other or (math.isnan(one) and math.isnan(other)))


def shown_unchanged(key: CellKey, view: View, previous: Mapping[CellKey, float]) -> bool:
    """Whether a cell is shown with the figure that the batch before showed."""
    now, before = view.published.get(key), previous.get(key)
    return now is not None and before is not None and not is_changed(now, before)
