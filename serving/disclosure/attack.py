"""The attacker: what somebody with every published figure, the registry and a computer can work out.

Sees published rows and the catalogue, never an exact figure. Two questions per hidden cell: how far it can go given
this publication, and how far given the one before as well, as long as nothing shows that the cell changed in between.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from serving.disclosure.catalogue import Catalogue, CellKey
from serving.disclosure.linear import TOLERANCE, Extremes, Floats, System, find_contradictions, find_extremes, is_wide
from serving.disclosure.parameters import Parameters
from serving.disclosure.relations import Equation, Form, build_relations
from serving.disclosure.rows import ProtectedRow
from serving.disclosure.view import Range, View, is_changed, observe, range_of, shown_unchanged

_UNTIE_ROUNDS = 25


class Node(NamedTuple):
    """A number that the attacker does not know: a cell in one of the two publications, or what a pair leaves."""

    vintage: int
    cell: CellKey
    rest_of: CellKey | None = None


class _Span(NamedTuple):
    node: Node
    span: Range
    is_narrow: bool
    holding: tuple[CellKey, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """What the attacker knows of one hidden number.

    Attributes:
        cell: The hidden cell; for what a percentage leaves over, the numerator.
        noemer: The denominator when the number is what is left of it, else null.
        minimum: Smallest possible value; when it is no leak possibly not the very smallest.
        maximum: Largest possible value, likewise.
        is_leak: The range is narrower than it may be.
        met_vorige: The batch before was used.
        soort: bereik (a range), or verschil (a published figure that moved too little).
        holding: Cells that keep the range this narrow.
    """

    cell: CellKey
    noemer: CellKey | None
    minimum: float
    maximum: float
    is_leak: bool
    met_vorige: bool
    soort: str = "bereik"
    holding: tuple[CellKey, ...] = ()


def attack(
    rows: Iterable[ProtectedRow],
    catalogue: Catalogue,
    parameters: Parameters,
    previous: Iterable[ProtectedRow] | None = None,
) -> list[Bound]:
    """Bound every hidden cell of a publication from everything that is published.

    Args:
        rows: The publication, protected.
        catalogue: The registry, public.
        parameters: The rules, public as well.
        previous: The publication before it, when readers have one.

    Returns:
        One bound per hidden cell, and one per figure that moved less than it may; in a fixed order.
    """
    now = observe(rows, catalogue, parameters)
    before = None if previous is None else observe(previous, catalogue, parameters)
    return Attacker(catalogue, parameters, before).bounds(now)


def leaks(bounds: Iterable[Bound]) -> list[Bound]:
    """The bounds that give somebody away."""
    return [bound for bound in bounds if bound.is_leak]


@dataclass(slots=True)
class Attacker:
    """The attack on one publication after another, while protection hides more and more of it.

    What was once found wide stays so when more is hidden, so that it is not solved again.

    Attributes:
        before: The publication that readers already have.
        contradictions: Relations that the last publication cannot all meet; relaxed for the attack.
    """

    catalogue: Catalogue
    parameters: Parameters
    before: View | None
    contradictions: int = 0
    _wide: dict[Node, Range] = field(default_factory=dict)

    def bounds(self, now: View) -> list[Bound]:
        """Bound every hidden cell of a publication, see `attack`."""
        kept = {} if self.before is None else self.before.published
        found = self._alone(_Puzzle(self.catalogue, self.parameters, [now], kept), now)
        if self.before is not None:
            found += self._together(_Puzzle(self.catalogue, self.parameters, [now, self.before], kept), now)
            found += _small_moves(now, self.before, self.catalogue, self.parameters)
        return sorted(found, key=_order)

    def _alone(self, puzzle: _Puzzle, now: View) -> list[Bound]:
        """What this publication says by itself."""
        targets = _targets(puzzle, now)
        spans = self._spans(puzzle, [node for node in targets if node not in self._wide])
        if puzzle.contradictions and self._wide:
            # Figures that cannot all be true: what was relaxed before may be bound differently now.
            self._wide.clear()
            spans = self._spans(puzzle, targets)
        self.contradictions = puzzle.contradictions
        bounds = [
            Bound(node.cell, node.rest_of, *span, is_leak=is_narrow, met_vorige=False, holding=holding)
            for node, span, is_narrow, holding in spans
        ]
        known = [node for node in targets if node in self._wide]
        bounds += [Bound(node.cell, node.rest_of, *self._wide[node], is_leak=False, met_vorige=False) for node in known]
        if not puzzle.contradictions:
            self._wide.update({node: span for node, span, is_narrow, _ in spans if not is_narrow})
        return bounds

    def _together(self, puzzle: _Puzzle, now: View) -> list[Bound]:
        """What it says to who also has the one before; what that one said by itself cannot be taken back."""
        spans = self._spans(puzzle, [node for node in _targets(puzzle, now) if self._was_not_shown(node)])
        earlier = self._earlier([node for node, _, is_narrow, _ in spans if is_narrow])
        bounds = []
        for node, span, is_narrow, holding in spans:
            known = earlier.get(node, Range(-math.inf, math.inf))
            is_news = span.low > known.low + TOLERANCE or span.high < known.high - TOLERANCE
            is_leak = is_narrow and is_news
            bounds.append(Bound(node.cell, node.rest_of, *span, is_leak, met_vorige=True, holding=holding))
        return bounds

    def _earlier(self, nodes: Sequence[Node]) -> dict[Node, Range]:
        if self.before is None or not nodes:
            return {}
        puzzle = _Puzzle(self.catalogue, self.parameters, [self.before], {})
        there = [node for node in nodes if puzzle.has(node)]
        return {node: span for node, span, _, _ in self._spans(puzzle, there)}

    def _spans(self, puzzle: _Puzzle, nodes: Sequence[Node]) -> list[_Span]:
        spans = []
        for amounts in (False, True):
            chosen = [node for node in nodes if (self.catalogue.maat(node.cell).kind == "bedrag") == amounts]
            # How far an amount may go depends on its size: every one is solved.
            extremes = puzzle.solve(chosen, math.inf if amounts else float(self.parameters.audit_breedte))
            for node in chosen:
                span, is_narrow = self._judge(puzzle, node, extremes, amounts=amounts)
                spans.append(_Span(node, span, is_narrow, puzzle.holding(node, extremes) if is_narrow else ()))
        return spans

    def _was_not_shown(self, node: Node) -> bool:
        """Readers who had the figure before it was hidden learn nothing from an attack on it."""
        return self.before is not None and not (
            node.cell in self.before.published and (node.rest_of is None or node.rest_of in self.before.published)
        )

    def _judge(self, puzzle: _Puzzle, node: Node, extremes: Extremes, *, amounts: bool) -> tuple[Range, bool]:
        at = puzzle.column[puzzle.find(node)]
        span = Range(float(extremes.low[at]), float(extremes.high[at]))
        if amounts:
            size = max(abs(span.low), abs(span.high))
            return span, not math.isinf(size) and (
                span.high - span.low < self.parameters.audit_breedte_bedrag * size + TOLERANCE
            )
        low, high = np.array([span.low]), np.array([span.high])
        return span, not is_wide(low, high, float(self.parameters.audit_breedte))[0]


def _order(bound: Bound) -> tuple[object, ...]:
    return (bound.cell, bound.noemer or ("", "", ""), bound.met_vorige, bound.soort)


def _targets(puzzle: _Puzzle, now: View) -> list[Node]:
    """What the attacker is after: hidden cells, and what a hidden percentage leaves over."""
    cells = [Node(0, cell) for cell in sorted(now.hidden)]
    rests = [Node(0, pair.teller, pair.noemer) for pair, is_shown in sorted(now.pairs.items()) if not is_shown]
    return [node for node in [*cells, *rests] if puzzle.has(node)]


def _small_moves(now: View, before: View, catalogue: Catalogue, parameters: Parameters) -> Iterator[Bound]:
    """Counts that were published again with a difference that isolates too few."""
    for cell, published in now.published.items():
        earlier = before.published.get(cell)
        if earlier is None or catalogue.maat(cell).kind != "telling" or published == earlier:
            continue
        if abs(published - earlier) < parameters.verschil_minimum:
            move = published - earlier
            yield Bound(cell, None, move, move, is_leak=True, met_vorige=True, soort="verschil", holding=(cell,))


class _Puzzle:
    """Everything that one or two publications say, as a linear system."""

    def __init__(
        self, catalogue: Catalogue, parameters: Parameters, views: Sequence[View], kept: Mapping[CellKey, float]
    ) -> None:
        self.catalogue = catalogue
        self.parameters = parameters
        self.views = views
        self.kept = kept
        self.contradictions = 0
        self.relations = [build_relations(_counted(view, catalogue), catalogue) for view in views]
        self.ranges = [self._ranges(at) for at in range(len(views))]
        self.parent: dict[Node, Node] = {}
        self.untied: set[CellKey] = self._changed()
        self._build()

    def _ranges(self, vintage: int) -> dict[CellKey, Range]:
        view = self.views[vintage]
        before = self.kept if vintage == 0 else {}
        return {
            cell: range_of(
                cell,
                view.published.get(cell),
                self.catalogue,
                self.parameters,
                may_be_kept=shown_unchanged(cell, view, before),
            )
            for cell in self.relations[vintage].root
        }

    def _changed(self) -> set[CellKey]:
        """Cells that are not the same number in both publications, for all the attacker can see."""
        if len(self.views) == 1:
            return set()
        now, before = self.views
        running = {period for period in before.incomplete if self._has_moved(period)}
        changed = {cell for cell in self.relations[0].root if cell.periode in running}
        for cell, published in now.published.items():
            earlier = before.published.get(cell)
            if earlier is not None and is_changed(published, earlier):
                changed.add(cell)
        return changed

    def _has_moved(self, period: str) -> bool:
        """Whether an unfinished period has later days in this publication: there are quarters after its last one."""
        now, before = ({cell.periode for cell in relations.root} for relations in self.relations)
        return period not in self.views[0].incomplete or now != before

    def has(self, node: Node) -> bool:
        """Whether a number is part of the puzzle."""
        return self.find(node) in self.column

    def find(self, node: Node) -> Node:
        """The node that stands for all that are the same number."""
        while (up := self.parent.get(node, node)) != node:
            node = up
        return node

    def _join(self, one: Node, other: Node) -> None:
        first, second = sorted((self.find(one), self.find(other)), key=lambda node: (node.vintage, node.cell))
        self.parent[second] = first

    def _build(self) -> None:
        self.parent = {}
        for vintage, relations in enumerate(self.relations):
            for cell, root in relations.root.items():
                if cell != root:
                    self._join(Node(vintage, cell), Node(vintage, root))
        if len(self.views) > 1:
            for cell in self.relations[0].root.keys() & self.relations[1].root.keys():
                if cell not in self.untied:
                    self._join(Node(0, cell), Node(1, cell))
        self._set_columns()
        self._set_rows()

    def _set_columns(self) -> None:
        self.column: dict[Node, int] = {}
        self.cells: list[list[CellKey]] = []
        lower: list[float] = []
        upper: list[float] = []
        for vintage, ranges in enumerate(self.ranges):
            for cell, span in ranges.items():
                node = self.find(Node(vintage, cell))
                at = self.column.setdefault(node, len(self.column))
                if at == len(self.cells):
                    self.cells.append([])
                    lower.append(-math.inf)
                    upper.append(math.inf)
                if vintage == 0:
                    self.cells[at].append(cell)
                # The newer publication goes first: where the two cannot both be true, the older one gives way.
                low, high = max(lower[at], span.low), min(upper[at], span.high)
                if low <= high:
                    lower[at], upper[at] = low, high
        self._set_rests(lower, upper)
        self.lower, self.upper = np.array(lower, dtype=float), np.array(upper, dtype=float)

    def _set_rests(self, lower: list[float], upper: list[float]) -> None:
        self.rests: dict[tuple[int, int], int] = {}
        for vintage, view in enumerate(self.views):
            for pair, is_shown in view.pairs.items():
                ends = (self._at(vintage, pair.noemer), self._at(vintage, pair.teller))
                at = self.rests.setdefault(ends, len(self.cells))
                self.column[Node(vintage, pair.teller, pair.noemer)] = at
                if at == len(self.cells):
                    self.cells.append([])
                    lower.append(0)
                    upper.append(math.inf)
                if vintage == 0:
                    self.cells[at] = [pair.teller, pair.noemer]
                if is_shown:
                    lower[at] = self.parameters.drempel

    def _set_rows(self) -> None:
        rows = _Rows()
        for vintage, relations in enumerate(self.relations):
            for equation in relations.equations:
                rows.add_equation(equation.form, self._at(vintage, equation.total), self._all_at(vintage, equation))
        for (noemer, teller), rest in self.rests.items():
            rows.add_equation("equal", noemer, [teller, rest])
        self.rows = rows

    def _all_at(self, vintage: int, equation: Equation) -> list[int]:
        return [self._at(vintage, part) for part in equation.parts]

    def _at(self, vintage: int, cell: CellKey) -> int:
        return self.column[self.find(Node(vintage, cell))]

    def solve(self, targets: Sequence[Node], enough: float) -> Extremes:
        """Find how far the targets can go; where the two publications contradict each other, they are separated."""
        for _ in range(_UNTIE_ROUNDS if len(self.views) > 1 else 0):
            system, columns = self._system(targets)
            if not self._untie(find_contradictions(system, columns)):
                break
            self._build()
        extremes = find_extremes(*self._system(targets), enough)
        self.contradictions += len(extremes.widened)
        return extremes

    def _system(self, targets: Sequence[Node]) -> tuple[System, list[int]]:
        return self.rows.system(self.lower, self.upper), [self.column[self.find(node)] for node in targets]

    def _untie(self, widened: Iterable[int]) -> bool:
        """Take the numbers in a relation that cannot be true of both publications to have changed."""
        involved = {cell for row in widened for at in self.rows.columns_of(row) for cell in self.cells[at]}
        tied = {cell for cell in involved if cell in self.relations[1].root} - self.untied
        self.untied |= tied
        return bool(tied)

    def holding(self, node: Node, extremes: Extremes) -> tuple[CellKey, ...]:
        """The cells of this publication whose figures hold a number in place."""
        held_by = extremes.holding.get(self.column[self.find(node)], ())
        return tuple(sorted({cell for at in held_by for cell in self.cells[at]}))


def _counted(view: View, catalogue: Catalogue) -> Iterator[CellKey]:
    """Cells that are numbers; the ratio of two amounts is not."""
    for cell in view.cells:
        if catalogue.maat(cell).kind != "ratio":
            yield cell


def _difference(total: int, parts: Iterable[int]) -> dict[int, float]:
    """Weights of a total minus its parts."""
    terms = {total: 1.0}
    for part in parts:
        terms[part] = terms.get(part, 0.0) - 1.0
    return terms


class _Rows:
    """Rows of a linear system while they are collected; equal ones once."""

    def __init__(self) -> None:
        self._seen: set[tuple[object, ...]] = set()
        self._start = [0]
        self._columns: list[int] = []
        self._weights: list[float] = []
        self._lower: list[float] = []
        self._upper: list[float] = []

    def add_equation(self, form: Form, total: int, parts: Sequence[int]) -> None:
        """Add what a relation says."""
        together = _difference(total, parts)
        if form == "equal":
            self.add(together, 0.0, 0.0)
        elif form == "at_most":
            self.add(together, 0.0, math.inf)
        else:
            for part in parts:
                self.add(_difference(total, [part]), 0.0, math.inf)
            if form == "union":
                self.add(together, -math.inf, 0.0)

    def add(self, terms: Mapping[int, float], low: float, high: float) -> None:
        """Add a row, unless it says nothing or stands there already."""
        kept = sorted((column, weight) for column, weight in terms.items() if weight)
        signature = (tuple(kept), low, high)
        if not kept or signature in self._seen:
            return
        self._seen.add(signature)
        for column, weight in kept:
            self._columns.append(column)
            self._weights.append(weight)
        self._start.append(len(self._columns))
        self._lower.append(low)
        self._upper.append(high)

    def columns_of(self, row: int) -> list[int]:
        """The variables of a row."""
        return self._columns[self._start[row] : self._start[row + 1]]

    def system(self, lower: Floats, upper: Floats) -> System:
        """The system, with these ranges."""
        return System(
            lower,
            upper,
            np.array(self._start, dtype=np.int64),
            np.array(self._columns, dtype=np.int64),
            np.array(self._weights, dtype=float),
            np.array(self._lower, dtype=float),
            np.array(self._upper, dtype=float),
        )
