"""Charts of the size of a word: a series as a line, and the place among all gemeenten. Inline SVG, text beside it.

A line says only what was measured: solid between years in a row, dashed over years without a measurement, and broken
where a figure is missing or the territory or the method changed. Colours and strokes come from the style sheet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import markupsafe

from serving.site.joins import Join

WIDTH, HEIGHT = 120, 30
_MARGIN = 4
_PLACE_WIDTH, _PLACE_HEIGHT = 100, 12


@dataclass(frozen=True, slots=True)
class Moment:
    """One period of a series.

    Attributes:
        jaar: Year, for the place on the line.
        waarde: Figure; None when there is none.
        aansluiting: How it follows the figure before it; None when there is no figure.
    """

    jaar: int
    waarde: float | None
    aansluiting: Join | None


def years_of(series: Iterable[Sequence[Moment]]) -> tuple[int, int] | None:
    """First and last year with a figure in any of the series; None without one."""
    years = [moment.jaar for moments in series for moment in moments if moment.waarde is not None]
    return (min(years), max(years)) if years else None


def sparkline(moments: Sequence[Moment], text: str, years: tuple[int, int] | None = None) -> markupsafe.Markup:
    """Draw a series.

    Args:
        moments: In order of year; without a figure in it nothing is drawn.
        text: What it says in words, for who does not see it.
        years: First and last year of the axis, so that lines under each other can be compared; else its own.

    Returns:
        An `svg` element, or nothing.
    """
    axis = years or years_of([moments])
    shown = [moment.waarde for moment in moments if moment.waarde is not None]
    if not shown or axis is None:
        return markupsafe.Markup()
    scale = _Scale(axis, (min(shown), max(shown)))
    parts = [
        _path("", (scale.line(one, two) for one, two in _pairs(moments, Join.GOES_ON))),
        _path("los", (scale.line(one, two) for one, two in _pairs(moments, Join.GAP))),
        _path("breuk", (scale.upright(one, two) for one, two in _pairs(moments, Join.BREAK))),
        _dots(scale, moments),
    ]
    return markupsafe.Markup('<svg class="lijntje" role="img" viewBox="0 0 {} {}"><title>{}</title>{}</svg>').format(
        WIDTH, HEIGHT, text, markupsafe.Markup().join(parts)
    )


def place(percentile: float | None) -> markupsafe.Markup:
    """Draw where a figure lies among all gemeenten: a bar in five equal parts with a mark.

    The same stands beside it in words, so that a screen reader passes over it.

    Args:
        percentile: 0 to 100; None gives nothing.
    """
    if percentile is None:
        return markupsafe.Markup()
    x = _short(_MARGIN + (_PLACE_WIDTH - 2 * _MARGIN) * percentile / 100)
    return markupsafe.Markup(
        '<svg class="plaats" aria-hidden="true" viewBox="0 0 {} {}">'
        '<path d="M0 6H{}"/><circle cx="{}" cy="6" r="4"/></svg>'
    ).format(_PLACE_WIDTH, _PLACE_HEIGHT, _PLACE_WIDTH, x)


class _Scale:
    """From year and figure to a place in the drawing."""

    def __init__(self, years: tuple[int, int], values: tuple[float, float]) -> None:
        self._first, last = years
        self._low, self._high = values
        self._years = max(last - self._first, 1)

    def x(self, moment: Moment) -> float:
        return _MARGIN + (WIDTH - 2 * _MARGIN) * (moment.jaar - self._first) / self._years

    def y(self, moment: Moment) -> float:
        assert moment.waarde is not None  # noqa: S101  only called for what has a figure
        span = self._high - self._low
        share = (moment.waarde - self._low) / span if span else 0.5
        return _MARGIN + (HEIGHT - 2 * _MARGIN) * (1 - share)

    def point(self, moment: Moment) -> str:
        return f"{self.x(moment):.0f} {_short(self.y(moment))}"

    def line(self, one: Moment, two: Moment) -> str:
        return f"M{self.point(one)}L{self.point(two)}"

    def upright(self, one: Moment, two: Moment) -> str:
        return f"M{(self.x(one) + self.x(two)) / 2:.0f} 2V{HEIGHT - 2}"


def _pairs(moments: Sequence[Moment], join: Join) -> Iterator[tuple[Moment, Moment]]:
    """Two figures after each other of which the second follows the first in that way."""
    shown = [moment for moment in moments if moment.waarde is not None]
    return ((one, two) for one, two in pairwise(shown) if two.aansluiting is join)


def _path(style: str, pieces: Iterable[str]) -> markupsafe.Markup:
    """One path of many pieces; a piece that goes on where the last one ended is not started anew."""
    drawn = ""
    for piece in pieces:
        start, _, rest = piece.partition("L")
        drawn += f"L{rest}" if rest and drawn.endswith(start[1:]) else piece
    if not drawn:
        return markupsafe.Markup()
    name = markupsafe.Markup(' class="{}"').format(style) if style else ""
    return markupsafe.Markup('<path{} d="{}"/>').format(name, drawn)


def _dots(scale: _Scale, moments: Sequence[Moment]) -> markupsafe.Markup:
    """A dot for every figure that no solid line runs through, and a larger one for the newest."""
    solid = {id(moment) for pair in _pairs(moments, Join.GOES_ON) for moment in pair}
    shown = [moment for moment in moments if moment.waarde is not None]
    dots = [_dot(scale, moment, 2) for moment in shown[:-1] if id(moment) not in solid]
    return markupsafe.Markup().join([*dots, _dot(scale, shown[-1], 3)])


def _dot(scale: _Scale, moment: Moment, radius: int) -> markupsafe.Markup:
    return markupsafe.Markup('<circle cx="{}" cy="{}" r="{}"/>').format(
        f"{scale.x(moment):.0f}", _short(scale.y(moment)), radius
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
