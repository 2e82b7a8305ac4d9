"""How far the numbers of a linear system can go: lower and upper bound per number, and what holds them there.

Knows nothing of figures or people: variables with ranges, rows that bind them. HiGHS solves the linear programmes.
Most numbers can move far, and a few solutions that push many at once prove it; only the rest is solved one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TOLERANCE = 1e-6
_BATCH = 4000
_ENDLESS = frozenset(
    {
        highspy.HighsModelStatus.kUnbounded,
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    }
)
# Share of the pushed that got far enough, below which fewer are pushed at a time, and above which more.
_CROWDED, _ROOMY = 0.5, 0.8
# Pushing stops when it has not proven anything for this many times: then one by one is cheaper.
_IDLE = 4
_SEED = 20240101


class SolverError(RuntimeError):
    """The solver did not come to an answer."""


@dataclass(slots=True)
class System:
    """Variables with ranges, and rows `low <= sum(weight * variable) <= high`, in compressed rows.

    Attributes:
        start: Where each row begins in `columns`; one longer than the number of rows.
        columns: Variables of the rows.
        weights: Their weights; no zeros.
    """

    lower: Floats
    upper: Floats
    start: Ints
    columns: Ints
    weights: Floats
    row_lower: Floats
    row_upper: Floats


@dataclass(slots=True)
class Extremes:
    """How far each variable was seen to go.

    Attributes:
        low: Smallest value found; the true minimum where `solved`.
        high: Largest value found; the true maximum where `solved`.
        solved: Both bounds are the true ones.
        holding: Per solved variable the variables whose ranges hold it in place.
        widened: Rows that could not all be true, so that they were relaxed.
    """

    low: Floats
    high: Floats
    solved: npt.NDArray[np.bool_]
    holding: dict[int, tuple[int, ...]] = field(default_factory=dict)
    widened: set[int] = field(default_factory=set)


def find_extremes(system: System, targets: Sequence[int], enough: float) -> Extremes:
    """Find how far each target can go, or that it can go at least `enough` whole units.

    Args:
        system: What is known.
        targets: Variables to look at.
        enough: Range in units from which the exact bounds no longer matter; infinite to solve every target.
    """
    size = len(system.lower)
    extremes = Extremes(np.full(size, np.inf), np.full(size, -np.inf), np.zeros(size, dtype=np.bool_))
    wanted = np.zeros(size, dtype=np.bool_)
    wanted[list(targets)] = True
    for rows, variables in _parts(system, wanted):
        for piece in _feasible_pieces(system, rows, variables):
            piece.look(wanted, enough, extremes)
    return extremes


def find_contradictions(system: System, targets: Sequence[int]) -> set[int]:
    """Find rows that cannot be true together, in the parts of the system that hold a target."""
    wanted = np.zeros(len(system.lower), dtype=np.bool_)
    wanted[list(targets)] = True
    return {
        row
        for rows, variables in _parts(system, wanted)
        for piece in _feasible_pieces(system, rows, variables)
        for row in piece.widened
    }


def is_wide(low: Floats, high: Floats, enough: float) -> npt.NDArray[np.bool_]:
    """Whether between two bounds there are whole numbers at least `enough` apart."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.floor(high + TOLERANCE) - np.ceil(low - TOLERANCE) >= enough)


def _parts(system: System, wanted: npt.NDArray[np.bool_]) -> Iterator[tuple[Ints, Ints]]:
    """Independent parts of the system that hold a target: rows and variables; small ones together."""
    rows = _binding_rows(system)
    label = _labels(system, rows)
    row_label = label[system.columns[system.start[rows]]] if len(rows) else np.empty(0, dtype=np.int64)
    of_interest = np.unique(label[wanted])
    variables = np.flatnonzero(np.isin(label, of_interest))
    variables = variables[np.argsort(label[variables], kind="stable")]
    order = np.argsort(row_label, kind="stable")
    rows, row_label = rows[order], row_label[order]
    edges = np.flatnonzero(np.diff(label[variables], prepend=-1))
    begin = 0
    for index in range(len(edges)):
        end = edges[index + 1] if index + 1 < len(edges) else len(variables)
        if end - edges[begin] >= _BATCH or end == len(variables):
            chosen = variables[edges[begin] : end]
            low, high = label[chosen[0]], label[chosen[-1]]
            first, last = np.searchsorted(row_label, [low, high + 1])
            inside = rows[first:last]
            yield inside[np.isin(row_label[first:last], of_interest)], chosen
            begin = index + 1


def _binding_rows(system: System) -> Ints:
    """Rows that are not already true because of the ranges of their variables."""
    if len(system.columns) == 0:
        return np.empty(0, dtype=np.int64)
    ends = np.where(system.weights > 0, system.lower[system.columns], system.upper[system.columns])
    least = np.add.reduceat(system.weights * ends, system.start[:-1])
    ends = np.where(system.weights > 0, system.upper[system.columns], system.lower[system.columns])
    most = np.add.reduceat(system.weights * ends, system.start[:-1])
    return np.flatnonzero((least < system.row_lower - TOLERANCE) | (most > system.row_upper + TOLERANCE))


def _labels(system: System, rows: Ints) -> Ints:
    """Number the connected parts: variables that share a row have the same label."""
    label = np.arange(len(system.lower))
    if len(rows) == 0:
        return label
    lengths = system.start[rows + 1] - system.start[rows]
    picks = _ranges(system.start[rows], lengths)
    columns = system.columns[picks]
    begins = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    while True:
        least = np.repeat(np.minimum.reduceat(label[columns], begins), lengths)
        fresh = label.copy()
        np.minimum.at(fresh, columns, least)
        # A label may itself have found a smaller one: follow it.
        fresh = fresh[fresh]
        if np.array_equal(fresh, label):
            return label
        label = fresh


def _ranges(begins: Ints, lengths: Ints) -> Ints:
    """The numbers begin, begin + 1, ... of every range, one after the other."""
    offsets = np.repeat(begins - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return offsets + np.arange(lengths.sum())


def _feasible_pieces(system: System, rows: Ints, variables: Ints) -> Iterator[_Piece]:
    piece = _Piece(system, rows, variables)
    if piece.is_feasible():
        yield piece
        return
    alone = np.zeros(len(system.lower), dtype=np.bool_)
    alone[variables] = True
    label = _labels(system, rows)
    for name in np.unique(label[variables]):
        members = variables[label[variables] == name]
        own_rows = rows[label[system.columns[system.start[rows]]] == name]
        piece = _Piece(system, own_rows, members)
        if not piece.is_feasible():
            piece.relax()
        yield piece


class _Piece:
    """One independent part of a system, loaded in the solver."""

    def __init__(self, system: System, rows: Ints, variables: Ints) -> None:
        self.rows = rows
        self.variables = variables
        self.lower = system.lower[variables].copy()
        self.upper = system.upper[variables].copy()
        self.row_lower = system.row_lower[rows].copy()
        self.row_upper = system.row_upper[rows].copy()
        self.widened: set[int] = set()
        place = np.full(len(system.lower), -1)
        place[variables] = np.arange(len(variables))
        lengths = system.start[rows + 1] - system.start[rows] if len(rows) else np.empty(0, dtype=np.int64)
        picks = _ranges(system.start[rows], lengths) if len(rows) else np.empty(0, dtype=np.int64)
        self.start = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        self.columns = place[system.columns[picks]].astype(np.int32)
        self.weights = system.weights[picks]
        self.solver = self._load()
        self.cost = np.zeros(len(variables))

    def _load(self) -> Any:
        lp = highspy.HighsLp()
        lp.num_col_ = len(self.variables)
        lp.num_row_ = len(self.rows)
        lp.col_cost_ = np.zeros(len(self.variables))
        lp.col_lower_, lp.col_upper_ = self.lower, self.upper
        lp.row_lower_, lp.row_upper_ = self.row_lower, self.row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = self.start, self.columns, self.weights
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            solver.setOptionValue(option, value)
        solver.passModel(lp)
        return solver

    def is_feasible(self) -> bool:
        """Whether the rows can all be true."""
        self.solver.run()
        return self._is_solved()

    def relax(self) -> None:
        """Widen as little as possible, so that the rows can all be true."""
        self.solver.feasibilityRelaxation(-1, -1, 1)
        values = np.clip(np.array(self.solver.getSolution().col_value), self.lower, self.upper)
        activity = np.add.reduceat(self.weights * values[self.columns], self.start[:-1])
        wide = np.maximum(np.maximum(self.row_lower - activity, activity - self.row_upper), 0)
        self.widened = set(self.rows[wide > TOLERANCE].tolist())
        self.row_lower = np.minimum(self.row_lower, activity)
        self.row_upper = np.maximum(self.row_upper, activity)
        self.solver = self._load()
        self.solver.run()

    def look(self, wanted: npt.NDArray[np.bool_], enough: float, extremes: Extremes) -> None:
        """Find the extremes of the wanted variables of this part."""
        low, high = np.full(len(self.variables), np.inf), np.full(len(self.variables), -np.inf)
        chosen = np.flatnonzero(wanted[self.variables])
        extremes.widened |= self.widened
        if np.isfinite(enough):
            self._push(chosen, enough, low, high)
        solved = np.zeros(len(self.variables), dtype=np.bool_)
        for one in chosen:
            if np.isfinite(enough) and is_wide(low[one : one + 1], high[one : one + 1], enough)[0]:
                continue
            holding = self._solve(int(one), low, high)
            solved[one] = True
            if holding:
                extremes.holding[int(self.variables[one])] = tuple(int(self.variables[at]) for at in sorted(holding))
        extremes.low[self.variables], extremes.high[self.variables] = low, high
        extremes.solved[self.variables] = solved

    def _push(self, chosen: Ints, enough: float, low: Floats, high: Floats) -> None:
        """Push many variables at once, each up or down at random, until most have gone far enough."""
        random = np.random.default_rng(_SEED)
        base = np.array(self.solver.getSolution().col_value)
        if not self._is_solved() or len(base) != len(self.variables):
            return
        _note(base, low, high)
        idle, count, share, asked, got = 0, 0, 1.0, 0, 0
        directions = np.zeros(len(self.variables), dtype=np.int64)
        while idle < _IDLE:
            still = chosen[~is_wide(low[chosen], high[chosen], enough)]
            if len(still) == 0:
                return
            if count % 2 == 0:
                directions = random.integers(0, 2, len(directions)) * 2 - 1
                directions[random.random(len(directions)) >= share] = 0
                asked, got = int(np.count_nonzero(directions[still])), 0
            else:
                # Every draw is followed by its opposite: what went up together goes down together.
                directions = -directions
            pushed = still[directions[still] != 0]
            # The middle of what was found is possible too: bounds around it leave a solution.
            highest = np.maximum(base, low + enough + 1)[pushed]
            lowest = np.minimum(base, high - enough - 1)[pushed]
            values = self._push_once(pushed, directions[pushed] > 0, highest, lowest)
            if values is None:
                return
            count += 1
            _note(values, low, high)
            base += (values - base) / (count + 1)
            proven = int(np.count_nonzero(is_wide(low[still], high[still], enough)))
            got += proven
            idle = 0 if proven else idle + 1
            if count % 2 == 0:
                share = _next_share(share, got, asked)

    def _push_once(self, still: Ints, up: npt.NDArray[np.bool_], highest: Floats, lowest: Floats) -> Floats | None:
        """Solve for one set of directions; a variable gains nothing beyond what proves it wide."""
        upper, lower = self.upper[still].copy(), self.lower[still].copy()
        upper[up] = np.minimum(upper[up], highest[up])
        lower[~up] = np.maximum(lower[~up], lowest[~up])
        self._set_costs(still, np.where(up, -1.0, 1.0))
        self._set_bounds(still, lower, upper)
        self.solver.run()
        values = np.array(self.solver.getSolution().col_value) if self._is_solved() else None
        self._set_bounds(still, self.lower[still], self.upper[still])
        return values

    def _solve(self, one: int, low: Floats, high: Floats) -> set[int]:
        """Solve both extremes of one variable; returns what holds it."""
        holding: set[int] = set()
        for direction in (1.0, -1.0):
            self._set_costs(np.array([one]), np.array([direction]))
            self.solver.run()
            if not self._is_solved():
                # Nothing holds it on this side.
                (low if direction > 0 else high)[one] = -direction * np.inf
                continue
            solution = self.solver.getSolution()
            _note(np.array(solution.col_value), low, high)
            holding.update(np.flatnonzero(np.abs(np.array(solution.col_dual)) > TOLERANCE).tolist())
        holding.discard(one)
        return holding

    def _is_solved(self) -> bool:
        """Whether there is a solution; False when a number can go on for ever, or the rows contradict each other."""
        status = self.solver.getModelStatus()
        if status in _ENDLESS:
            return False
        if status != highspy.HighsModelStatus.kOptimal:
            # Taking it for endless would call a cell safe that nobody has looked at.
            raise SolverError(
                f"HiGHS gave up on {len(self.variables)} cells: {self.solver.modelStatusToString(status)}"
            )
        return True

    def _set_costs(self, columns: Ints, costs: Floats) -> None:
        cost = np.zeros(len(self.variables))
        cost[columns] = costs
        changed = np.flatnonzero(cost != self.cost)
        if len(changed):
            self.solver.changeColsCost(len(changed), changed.astype(np.int32), cost[changed])
        self.cost = cost

    def _set_bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        self.solver.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)


def _next_share(share: float, proven: int, pushed: int) -> float:
    """Push fewer at a time when they are in each other's way, more when they are not."""
    if proven < _CROWDED * pushed:
        return share / 2
    return min(2 * share, 1.0) if proven > _ROOMY * pushed else share


def _note(values: Floats, low: Floats, high: Floats) -> None:
    np.minimum(low, values, out=low)
    np.maximum(high, values, out=high)
