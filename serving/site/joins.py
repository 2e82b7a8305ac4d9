"""How each figure of a series follows the one before it: one rule for every line, table and sentence of the site."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any

Row = Mapping[str, Any]


class Join(IntEnum):
    """What lies between a figure and the figure before it; the numbers are those of assets/grafiek.js."""

    GOES_ON = 0
    """Nothing: the same thing, measured the year before, or the first figure."""
    BREAK = 1
    """A change of method or territory: no line, and it is said."""
    GAP = 2
    """Years in which nobody was measured: bridged with dots."""
    MISSING = 3
    """A figure that there should be and that is not shown: no line."""


def has_value(row: Row) -> bool:
    """Whether the mart has a figure."""
    return row["waarde"] is not None


def joins(series: Sequence[Row], has_figure: Callable[[Row], bool] = has_value) -> Iterator[Join | None]:
    """Say for each row how it follows the figure before it; None for a row without a figure.

    Args:
        series: Rows of kpi_waarde of one KPI, uitsplitsing and area, in order of period.
        has_figure: Which rows have a figure to show.
    """
    previous: Row | None = None
    is_missing = False
    for row in series:
        if not has_figure(row):
            is_missing = True
            yield None
            continue
        yield Join.GOES_ON if previous is None else _between(previous, row, is_missing=is_missing)
        previous, is_missing = row, False


def _between(previous: Row, row: Row, *, is_missing: bool) -> Join:
    if _part(previous) != _part(row):
        return Join.BREAK
    if is_missing:
        return Join.MISSING
    return Join.GAP if row["jaar"] - previous["jaar"] > 1 else Join.GOES_ON


def _part(row: Row) -> tuple[object, ...]:
    """What has to stay the same: the definition, the territory, and for an older territory how it was recalculated.

    Recalculated to the territory of today is no other territory: the trend in the mart goes on there too.
    """
    return (row["variant"], row["breuk"], row["breuk"] and row["is_herleid"])
