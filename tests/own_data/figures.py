"""What a cell holds: numerator, denominator, value, or the reason that there is no value.

The three shapes of a figure (count, ratio, duration) and the quantile. Which records go into it is for the KPI files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Number = int | float | Decimal | Fraction
# What a KPI gives for one area and period, by variant and uitsplitsing.
Figures = dict[tuple[str, str], "Figure"]
NIET_GELEVERD = "niet_geleverd"
NOEMER_NUL = "noemer_nul"
NOEMER_ONTBREEKT = "noemer_ontbreekt"


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell; `reden` is set exactly when `waarde` is not."""

    teller: float | None
    noemer: float | None
    waarde: float | None
    reden: str | None = None


MISSING = Figure(None, None, None, NIET_GELEVERD)


def count(teller: Number) -> Figure:
    """A number without a denominator: the value is the number."""
    return Figure(float(teller), None, float(teller))


def ratio(teller: Number, noemer: Number, factor: int = 1) -> Figure:
    """Factor times teller divided by noemer; no value when there is nothing to divide by."""
    if not noemer:
        return Figure(float(teller), 0.0, None, NOEMER_NUL)
    return Figure(float(teller), float(noemer), float(factor * Fraction(teller) / Fraction(noemer)))


def percentage(teller: Number, noemer: Number) -> Figure:
    """Teller as a share of noemer, in percent."""
    return ratio(teller, noemer, 100)


def open_rate(teller: Number, noemer: Number | None, factor: int) -> Figure:
    """A rate on a denominator from the open statistics, which may not be there."""
    if noemer is None:
        return Figure(float(teller), None, None, NOEMER_ONTBREEKT)
    return ratio(teller, noemer, factor)


def duration(values: Sequence[Number], kind: str) -> Figure:
    """`mediaan`, `gemiddelde` or `p90` of waits; numerator their sum, denominator their number."""
    total, n = sum(map(Fraction, values)), len(values)
    if not n:
        return Figure(0.0, 0.0, None, NOEMER_NUL)
    found = total / n if kind == "gemiddelde" else quantile(values, {"mediaan": "0.5", "p90": "0.9"}[kind])
    return Figure(float(total), float(n), float(found))


def quantile(values: Sequence[Number], share: str) -> Fraction:
    """The quantile, linear between the two order statistics around it."""
    ordered = sorted(map(Fraction, values))
    place = Fraction(share) * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
