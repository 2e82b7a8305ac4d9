"""Hiding cells until no hidden one can be subtracted out of the shown ones: the rules, to a fixpoint.

Works on numbered cells and figures; where the numbers come from is the business of `protect`. Monotone: hides, never
shows again, so that it ends, and always in the same state whatever the order of the rows.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Sum(NamedTuple):
    """Parts that add up (closely) to a total; numbers of cells."""

    total: int
    parts: tuple[int, ...]


@dataclass(slots=True)
class Suppression:
    """What is hidden so far.

    Attributes:
        size: Per cell what decides which is smallest: its number, or of an amount its size.
        units: Per cell the units that hide among each other.
        preferred: Cells that readers did not see before either: hidden before others.
        figures: Per figure the cells that it shows.
        sums: Relations to keep.
        rests: Pairs (noemer, teller) that leave too small a group: never both shown.
        minimum: Units that hidden parts have together at least.
        reason: Per hidden cell why.
    """

    size: Sequence[float]
    units: Sequence[float]
    preferred: Sequence[bool]
    figures: Sequence[tuple[int, ...]]
    sums: Sequence[Sum]
    rests: Iterable[tuple[int, int]]
    minimum: int
    reason: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    _shown_in: list[int] = field(default_factory=list)
    _sums_of: list[list[int]] = field(default_factory=list)
    _figures_of: list[list[int]] = field(default_factory=list)
    _rests_of: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _waiting: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look up the other way round: which figures and relations a cell is in."""
        self._shown_in = [0] * len(self.size)
        self._sums_of = [[] for _ in self.size]
        self._figures_of = [[] for _ in self.size]
        for number, cells in enumerate(self.figures):
            for cell in set(cells):
                self._shown_in[cell] += 1
                self._figures_of[cell].append(number)
        for number, relation in enumerate(self.sums):
            for cell in {relation.total, *relation.parts}:
                self._sums_of[cell].append(number)
        for pair in self.rests:
            for cell in pair:
                self._rests_of.setdefault(cell, []).append(pair)
        self._waiting = list(range(len(self.sums)))

    def is_visible(self, cell: int) -> bool:
        """Whether any figure shows the cell."""
        return self._shown_in[cell] > 0

    def close(self, figure: int) -> None:
        """Hide one figure, without hiding its cells elsewhere."""
        if figure in self.closed:
            return
        self.closed.add(figure)
        for cell in sorted(set(self.figures[figure])):
            self._shown_in[cell] -= 1
            if not self._shown_in[cell]:
                for relation in self._sums_of[cell]:
                    heapq.heappush(self._waiting, relation)

    def hide(self, cell: int, reason: str) -> None:
        """Hide a cell: every figure that shows it."""
        self.reason.setdefault(cell, reason)
        for figure in self._figures_of[cell]:
            self.close(figure)

    def settle(self, reason: str) -> None:
        """Hide more until every relation is safe."""
        while True:
            while self._waiting:
                self._protect(self.sums[heapq.heappop(self._waiting)], reason)
            unsafe = sorted({pair for pairs in self._rests_of.values() for pair in pairs if self._is_unsafe(pair)})
            if not unsafe:
                return
            for noemer, teller in unsafe:
                if self._is_unsafe((noemer, teller)):
                    self.hide(teller, reason)

    def _is_unsafe(self, pair: tuple[int, int]) -> bool:
        return self.is_visible(pair[0]) and self.is_visible(pair[1])

    def _protect(self, relation: Sum, reason: str) -> None:
        """Hide parts of one relation, the smallest first, until what is hidden cannot be worked out."""
        while True:
            hidden = [part for part in relation.parts if not self.is_visible(part)]
            if not self.is_visible(relation.total):
                if hidden:
                    return
            elif not hidden or (len(hidden) > 1 and sum(self.units[part] for part in hidden) >= self.minimum):
                return
            self.hide(self._next(relation), reason)

    def _next(self, relation: Sum) -> int:
        candidates = [part for part in relation.parts if self.is_visible(part) and self.size[part] > 0]
        if not candidates and self.is_visible(relation.total):
            return relation.total
        if not candidates:
            candidates = [part for part in relation.parts if self.is_visible(part)]
        return min(candidates, key=lambda cell: (not self.preferred[cell], self.size[cell], cell))
