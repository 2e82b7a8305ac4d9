"""Deterministic rounding: the same figure is always shown the same way. Decides nothing about what may be shown."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal


def to_multiple(value: float, base: int) -> int:
    """Round to the nearest multiple of `base`, halves away from zero; in the unit of the value."""
    size = math.floor(abs(value) / base + 0.5) * base
    return size if value >= 0 else -size


def to_decimals(value: float, decimals: int) -> float:
    """Round to a number of decimals as a person would: halves away from zero, on the digits that are written."""
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be published")
    # Twelve significant digits first: 2.675 is stored as 2.67499999999999982.
    written = Decimal(f"{value:.12g}")
    return float(written.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def to_readable(value: float, decimals: int) -> float:
    """Round to decimals, but keep two significant digits of a figure below one."""
    if value == 0 or abs(value) >= 1:
        return to_decimals(value, decimals)
    return to_decimals(value, max(decimals, 1 - math.floor(math.log10(abs(value)))))


def exact_range(published: int, base: int) -> tuple[int, int]:
    """Smallest and largest whole number that is shown as `published` (zero or more)."""
    low = math.ceil(published - base / 2)
    high = math.ceil(published + base / 2) - 1
    return max(low, 0), high
