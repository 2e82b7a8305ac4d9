"""Drawing by lot: the few kinds of chance that the invented organisation is made of. Same seed and part, same draws."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")
_CENT = Decimal("0.01")


class Lot:
    """A stream of draws of its own for one part of the organisation, so that one part can change without the others."""

    def __init__(self, seed: int, part: str) -> None:
        self._random = random.Random(f"{seed}|organisatie|{part}")  # noqa: S311  invented records

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random.random() < probability

    def verdict(self, known: float, positive: float) -> bool | None:
        """A judgement that is given with probability `known`, and then positive with probability `positive`."""
        return self.chance(positive) if self.chance(known) else None

    def pick(self, values: Sequence[T]) -> T:
        """One of the values, all equally likely."""
        return values[int(self._random.random() * len(values))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, by its weight."""
        left = self._random.random() * sum(weights.values())
        for value, weight in weights.items():
            left -= weight
            if left < 0:
                return value
        return next(reversed(list(weights)))

    def several(self, values: Sequence[T], number: int) -> list[T]:
        """So many different values; all of them when there are fewer."""
        return self._random.sample(values, min(number, len(values)))

    def whole(self, lowest: int, highest: int) -> int:
        """A whole number, both ends included."""
        return lowest + int(self._random.random() * (highest - lowest + 1))

    def around(self, median: float, spread: float) -> float:
        """A positive number with a long tail to the right; `spread` is in natural logarithms."""
        return float(median * 2.718281828459045 ** (self._random.gauss(0, 1) * spread))

    def days(self, median: float, spread: float) -> dt.timedelta:
        """A whole number of days, zero or more, with a long tail."""
        return dt.timedelta(days=round(self.around(median, spread)))

    def amount(self, median: float, spread: float) -> Decimal:
        """Euros with cents."""
        return Decimal(str(self.around(median, spread))).quantize(_CENT)

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """A day, both ends included."""
        return first + dt.timedelta(days=self.whole(0, (last - first).days))

    def score(self, mean: float, spread: float) -> Decimal:
        """A school mark from 1 to 10, in halves."""
        mark = round(2 * self._random.gauss(mean, spread)) / 2
        return Decimal(str(min(10.0, max(1.0, mark))))
