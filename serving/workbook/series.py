"""Figures through the years, as the sheets and the charts take them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from serving.workbook.cells import Figure
from serving.workbook.read import Facts, Row
from serving.workbook.sheet import Column

_WIDTH = 9


@dataclass(frozen=True, slots=True)
class Line:
    """One series.

    Attributes:
        figure: Its newest figure: a row of kpi_gemeente.
        points: Its rows of kpi_waarde, in order of time; none when there never was a figure.
        by_period: The same, by period.
    """

    figure: Row
    points: Sequence[Row]
    by_period: Mapping[str, Row]


def lines_of(facts: Facts, figures: Sequence[Row]) -> list[Line]:
    """The series of some figures."""
    return [_line(facts, row) for row in figures]


def period_columns(lines: Sequence[Line]) -> list[Column]:
    """A column for every period that one of the series has."""
    periods = {(point["jaar"], point["periode"]) for line in lines for point in line.points}
    return [_period_column(period) for _, period in sorted(periods)]


def _line(facts: Facts, figure: Row) -> Line:
    points = facts.series.get((figure["kpi_id"], figure["uitsplitsing"], figure["gemeente_code"]), ())
    return Line(figure, points, {point["periode"]: point for point in points})


def _period_column(period: str) -> Column:
    return Column(period, _WIDTH, lambda line: _figure(line, period))


def _figure(line: Line, period: str) -> Figure:
    point = line.by_period.get(period)
    return Figure(point["waarde"] if point else None, line.figure["eenheid"])
