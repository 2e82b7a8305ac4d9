"""From exact figures to figures that may be published: hide, round, let the attacker try, hide more.

The order of things stands here; what is too small is in `primary`, what can be subtracted in `suppression`, what can be
worked out in `attack`. When nothing helps the result says so, and the publication goes on with the batch before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from serving.disclosure.attack import Attacker, Bound, leaks
from serving.disclosure.catalogue import Catalogue, CellKey
from serving.disclosure.parameters import Parameters
from serving.disclosure.primary import PRIMARY, Cells, Figure, collect, is_thin, sensitive_cells, unsafe_pairs
from serving.disclosure.publish import Publisher
from serving.disclosure.relations import Relations, build_relations
from serving.disclosure.rows import ExactRow, ProtectedRow
from serving.disclosure.suppression import Sum, Suppression
from serving.disclosure.view import View, observe

SECONDARY, AUDIT = "secundair", "audit"


@dataclass(frozen=True, slots=True)
class Protection:
    """A batch that may be published, when `passed`.

    Attributes:
        rows: Every row that came in, rounded or hidden, ordered by key.
        passed: The attacker found nothing.
        hidden_primary: Cells hidden because they are too small themselves, or were hidden before and still could be.
        hidden_secondary: Cells hidden so that others cannot be subtracted.
        hidden_audit: Cells hidden because the attacker found a way.
        rounds: How often the attacker tried.
        conflicts: Cells that two figures give different numbers for; hidden.
        remaining: What the attacker still found.
        contradictions: Relations that the exact figures do not meet; a sign of an error in a KPI.
    """

    rows: list[ProtectedRow]
    passed: bool
    hidden_primary: int
    hidden_secondary: int
    hidden_audit: int
    rounds: int
    conflicts: tuple[CellKey, ...] = ()
    remaining: tuple[Bound, ...] = ()
    contradictions: int = 0


def protect(
    rows: Iterable[ExactRow],
    catalogue: Catalogue,
    parameters: Parameters,
    previous: Iterable[ProtectedRow] | None = None,
    *,
    secondary: bool = True,
) -> Protection:
    """Protect a batch of own figures.

    Args:
        rows: Exact figures of all KPIs, areas and periods together: what one shows, another may give away.
        catalogue: The registry.
        parameters: The rules.
        previous: The batch that readers have now.
        secondary: Only for tests that show what happens without: hides what is too small and nothing else.

    Raises:
        CatalogueError: when a figure is not in the registry.
    """
    batch = _Batch.of(rows, catalogue, parameters, list(previous) if previous is not None else None)
    if not secondary:
        return batch.result(passed=False)
    batch.suppression.settle(SECONDARY)
    attacker = Attacker(catalogue, parameters, batch.before)
    count = 1
    while found := leaks(attacker.bounds(observe(batch.publish(), catalogue, parameters))):
        if count == parameters.audit_rondes or not batch.hide_more(found):
            break
        count += 1
    return batch.result(passed=not found, rounds=count, remaining=tuple(found), contradictions=attacker.contradictions)


@dataclass(slots=True)
class _Batch:
    figures: list[Figure]
    cells: Cells
    relations: Relations
    number: Mapping[CellKey, int]
    suppression: Suppression
    before: View | None
    publisher: Publisher
    neighbours: Mapping[int, set[int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        rows: Iterable[ExactRow],
        catalogue: Catalogue,
        parameters: Parameters,
        previous: list[ProtectedRow] | None,
    ) -> _Batch:
        figures = []
        for row in sorted(rows, key=lambda row: row.key):
            entry = catalogue.entry(row.key)
            figures.append(Figure(row, entry, catalogue.cells(row.key, entry, parameters)))
        cells = collect(figures, parameters)
        before = None if previous is None else observe(previous, catalogue, parameters)
        relations = build_relations(cells.of, catalogue)
        number = {root: at for at, root in enumerate(sorted(set(relations.root.values())))}
        numbers = {key: number[root] for key, root in relations.root.items()}
        earlier = {row.key: row for row in previous or ()}
        suppression = _suppression(
            figures, cells, relations, number=numbers, catalogue=catalogue, parameters=parameters, before=before
        )
        publisher = Publisher(parameters, before, earlier)
        batch = cls(figures, cells, relations, numbers, suppression, before, publisher)
        for figure, found in enumerate(figures):
            if is_thin(found, parameters):
                batch.suppression.close(figure)
        for key, reason in sorted(sensitive_cells(cells, catalogue, parameters, before).items()):
            batch.suppression.hide(numbers[key], reason)
        batch._close_unsafe(unsafe_pairs(cells, parameters, before))
        return batch

    def _close_unsafe(self, pairs: Sequence[tuple[CellKey, CellKey]]) -> None:
        """Hide percentages that leave too small a group; their counts only where both are shown elsewhere."""
        unsafe = set(pairs)
        for at, figure in enumerate(self.figures):
            if figure.cells.is_pair and figure.cells.keys in unsafe:
                self.suppression.close(at)

    def publish(self) -> list[ProtectedRow]:
        """The batch as it would go out now."""
        return [self.publisher.row(figure, self._hidden_by(at)) for at, figure in enumerate(self.figures)]

    def _hidden_by(self, at: int) -> str | None:
        if at not in self.suppression.closed:
            return None
        keys = (key for key in self.figures[at].cells.keys if key in self.number)
        reasons = [self.suppression.reason.get(self.number[key]) for key in keys]
        return next((reason for reason in reasons if reason is not None), PRIMARY)

    def hide_more(self, found: Sequence[Bound]) -> bool:
        """Hide one more cell for each leak; False when nothing is left to hide."""
        done: set[int] = set()
        for leak in found:
            candidates = self._candidates(leak)
            if done & set(candidates):
                continue
            if candidates:
                done.add(candidates[0])
        for cell in sorted(done):
            self.suppression.hide(cell, AUDIT)
        self.suppression.settle(AUDIT)
        return bool(done)

    def _candidates(self, leak: Bound) -> list[int]:
        """Shown cells that may hold a leaking one in place, the best to hide first."""
        held_by = {self.number[key] for key in leak.holding if key in self.number}
        visible = {cell for cell in held_by if self.suppression.is_visible(cell)}
        start = {self.number[key] for key in (leak.cell, leak.noemer) if key is not None and key in self.number}
        if not visible:
            visible = self._nearest_visible(start)
        fresh = visible - self._stood_there() if leak.met_vorige else set()
        return sorted(fresh or visible, key=lambda cell: (self.suppression.size[cell], cell))

    def _stood_there(self) -> set[int]:
        """Cells that readers have from the batch before: hiding them takes nothing away."""
        return (
            set()
            if self.before is None
            else {number for key, number in self.number.items() if key in self.before.published}
        )

    def _nearest_visible(self, start: set[int]) -> set[int]:
        neighbours = self._neighbours()
        seen, edge = set(start), set(start)
        while edge:
            visible = {cell for cell in edge if self.suppression.is_visible(cell)}
            if visible:
                return visible
            edge = {other for cell in edge for other in neighbours.get(cell, ())} - seen
            seen |= edge
        return set()

    def _neighbours(self) -> Mapping[int, set[int]]:
        if not self.neighbours:
            found: dict[int, set[int]] = {}
            groups = [{equation.total, *equation.parts} for equation in self.relations.equations]
            groups += [{pair.teller, pair.noemer} for pair in self.cells.pairs]
            for group in groups:
                numbers = {self.number[key] for key in group}
                for one in numbers:
                    found.setdefault(one, set()).update(numbers - {one})
            self.neighbours = found
        return self.neighbours

    def result(
        self, *, passed: bool, rounds: int = 0, remaining: tuple[Bound, ...] = (), contradictions: int = 0
    ) -> Protection:
        """What came of it."""
        count = Counter(self.suppression.reason.values())
        return Protection(
            rows=self.publish(),
            passed=passed,
            hidden_primary=sum(count.values()) - count[SECONDARY] - count[AUDIT],
            hidden_secondary=count[SECONDARY],
            hidden_audit=count[AUDIT],
            rounds=rounds,
            conflicts=tuple(self.cells.conflicts()),
            remaining=remaining,
            contradictions=contradictions,
        )


def _suppression(
    figures: Sequence[Figure],
    cells: Cells,
    relations: Relations,
    *,
    number: Mapping[CellKey, int],
    catalogue: Catalogue,
    parameters: Parameters,
    before: View | None,
) -> Suppression:
    count = len(set(number.values()))
    size, units, preferred = [0.0] * count, [0.0] * count, [False] * count
    for key, cell in cells.of.items():
        at = number[key]
        size[at] = max(size[at], cell.value)
        units[at] = max(units[at], cell.value if catalogue.maat(key).kind == "telling" else cell.units)
        preferred[at] = preferred[at] or (before is not None and key in before.hidden)
    shown = [
        tuple(number[key] for key in figure.cells.keys) if figure.row.ontbreekt_reden is None else ()
        for figure in figures
    ]
    sums = [
        Sum(number[equation.total], tuple(number[part] for part in equation.parts))
        for equation in relations.equations
        if equation.additive
    ]
    rests = [(number[pair.noemer], number[pair.teller]) for pair in unsafe_pairs(cells, parameters, before)]
    return Suppression(size, units, preferred, shown, sums, rests, parameters.drempel)
