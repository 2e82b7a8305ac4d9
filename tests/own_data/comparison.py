"""Holds the figures of the mart against those of the reference, cell for cell, and says where they differ."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.own_data.figures import Figure
from tests.own_data.reference import Cell


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell on which the two do not agree; None for a cell that one of them does not have."""

    cell: Cell
    expected: Figure | None
    found: Figure | None

    def __str__(self) -> str:
        """The cell and both figures, on one line."""
        place = " | ".join(self.cell)
        return f"{place}: expected {_text(self.expected)}, found {_text(self.found)}"


def differences(expected: Mapping[Cell, Figure], found: Mapping[Cell, Figure]) -> list[Difference]:
    """Cells that differ in numerator, denominator, value or reason, or that only one of the two has."""
    return [
        Difference(cell, expected.get(cell), found.get(cell))
        for cell in sorted(expected.keys() | found.keys())
        if not _same(expected.get(cell), found.get(cell))
    ]


def report(found: Iterable[Difference], per_kpi: int = 6) -> str:
    """The differences as text, a few of each KPI, variant and uitsplitsing, with how many there are."""
    groups: dict[tuple[str, ...], list[Difference]] = {}
    for one in found:
        groups.setdefault(one.cell[:3], []).append(one)
    lines = []
    for key, own in groups.items():
        lines.append(f"{' | '.join(key)}: {len(own)} differences")
        lines += [f"  {one}" for one in own[:per_kpi]]
    return "\n".join(lines)


def _same(expected: Figure | None, found: Figure | None) -> bool:
    if expected is None or found is None:
        return False
    return (
        expected.reden == found.reden
        and _close(expected.teller, found.teller)
        and _close(expected.noemer, found.noemer)
        and _close(expected.waarde, found.waarde)
    )


def _close(expected: float | None, found: float | None) -> bool:
    """Equal to the ninth significant digit, to which the mart rounds what it computes."""
    if expected is None or found is None:
        return expected is found
    half_a_digit = 0.5 * 10 ** (math.floor(math.log10(abs(expected))) - 8) if expected else 0
    return abs(expected - found) <= half_a_digit + abs(expected) * 1e-12


def _text(figure: Figure | None) -> str:
    if figure is None:
        return "no row"
    return f"{figure.teller} / {figure.noemer} = {figure.waarde}" + (f" ({figure.reden})" if figure.reden else "")
