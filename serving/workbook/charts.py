"""Native charts of KPIs through the years, beside Nederland.

The years stand on a scale, so that two years between measurements look like two years; what is missing, or measured
on other territory, is a gap. The figures of every chart stand on a sheet of their own.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import Reference, ScatterChart, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from serving.workbook import styles
from serving.workbook.cells import Figure, without_control
from serving.workbook.read import COUNTRY, Facts
from serving.workbook.said import named
from serving.workbook.series import Line
from serving.workbook.sheet import Written, open_sheet, write_cell, write_heads, write_text

DATA = "Grafiekgegevens"
_MOST_CHARTS = 6
_MOST_LINES = 5
_ENOUGH = 2
_AXES = {"jaar": "Jaar", "schooljaar": "Schooljaar (jaar waarin het begint)"}
_WIDE, _HIGH = 16.5, 8.5
_ROWS = 18
_DATA_WIDTHS = (14, *[22] * 7)
_ROOMS = ("A", "E")
_TITLE_LENGTH = 110
_TICKS = 8
_GRID_COLOUR = "D9DEE5"
_COUNTRY_COLOUR = "545B64"
_COLOURS = ("154273", "9A3B00", "0B7A5F", "7A3E9D", "B8860B")
_SYMBOLS = ("circle", "diamond", "square", "triangle", "star")


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a chart.

    Attributes:
        name: In the legend.
        values: Stored figures by year; a year without one is a gap.
        colour: RGB.
        symbol: Of its points, so that nothing hangs on colour.
        is_dashed: For Nederland, and for other territory.
    """

    name: str
    values: Mapping[int, float]
    colour: str
    symbol: str
    is_dashed: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """One chart.

    Attributes:
        title: Dutch title.
        unit: Of its figures.
        axis: What the years are.
        years: Every year in which a figure was due, also when it is missing.
        curves: Its lines.
    """

    title: str
    unit: str
    axis: str
    years: Sequence[int]
    curves: Sequence[Curve]


class ChartData:
    """The sheet with the figures of the charts, filled from above."""

    def __init__(self, book: Workbook, facts: Facts) -> None:
        lines = ("De cijfers die in de grafieken staan, zoals de mart ze bewaart. Een lege cel is een onderbreking.",)
        self.sheet, self.free = open_sheet(
            book, DATA, heading=DATA, lines=lines, widths=_DATA_WIDTHS, notice=facts.notice
        )

        self.is_empty = True

    def add(self, plot: Plot) -> Any:
        """Write the figures of a chart; return the chart."""
        self.is_empty = False
        write_text(self.sheet, self.free, f"{plot.title} ({plot.unit})", styles.LINE)
        head = self.free + 1
        titles = [plot.axis, *(curve.name for curve in plot.curves)]
        write_heads(self.sheet, head, titles, [True] * len(titles))
        for row, year in enumerate(plot.years, start=head + 1):
            write_cell(self.sheet, row, 1, year)
            for column, curve in enumerate(plot.curves, start=2):
                write_cell(self.sheet, row, column, Figure(curve.values.get(year), plot.unit))
        self.free = head + len(plot.years) + 2
        return _chart(self.sheet, plot, head)


def plots_of(lines: Sequence[Line], codes: Sequence[str]) -> list[Plot]:
    """The charts of a leefgebied: of the KPIs with figures of more years, the first of the model.

    Args:
        lines: Its series, those of one KPI together.
        codes: Areas of the workbook; the first few are drawn, beside Nederland.
    """
    there = {line.figure["gemeente_code"] for line in lines}
    asked = [code for code in codes if code in there][:_MOST_LINES]
    drawn = {*asked, COUNTRY}
    heads = [line for line in lines if line.figure["hoofduitsplitsing"] and line.figure["gemeente_code"] in drawn]
    plots = [_plot(list(some), asked) for _, some in groupby(heads, key=lambda line: line.figure["kpi_id"])]
    return [plot for plot in plots if plot is not None][:_MOST_CHARTS]


def add_charts(data: ChartData, written: Written, plots: Sequence[Plot], areas: int) -> None:
    """Put charts below the table of a sheet.

    Args:
        data: Where their figures go.
        written: The table.
        plots: What to draw.
        areas: Number of areas of the workbook, to say when not all of them are drawn.
    """
    if not plots:
        return
    top = written.last + 2
    only = f", van de eerste {_MOST_LINES} gebieden" if areas > _MOST_LINES else ""
    write_text(written.sheet, top, f"Grafieken{only}; de cijfers staan op {DATA}", styles.TITLE)
    written.sheet.row_dimensions[top].height = 24
    written.sheet.row_breaks.append(Break(id=top - 1))
    for number, plot in enumerate(plots):
        row = top + 2 + number // len(_ROOMS) * _ROWS
        written.sheet.add_chart(data.add(plot), f"{_ROOMS[number % len(_ROOMS)]}{row}")
    written.print_until(top + 2 + math.ceil(len(plots) / len(_ROOMS)) * _ROWS)


def _plot(lines: Sequence[Line], asked: Sequence[str]) -> Plot | None:
    figure = lines[0].figure
    kinds = {point["periode_soort"] for line in lines for point in line.points}
    unit, column = _measure(lines)
    own = [line for line in lines if line.figure["gemeente_code"] in asked]
    known = [sum(point[column] is not None for point in line.points) for line in own]
    if len(kinds) != 1 or max(known, default=0) < _ENOUGH or not kinds <= _AXES.keys():
        return None
    title = f"{figure['kpi_id']} {named(figure)}"
    return Plot(
        title if len(title) <= _TITLE_LENGTH else f"{title[:_TITLE_LENGTH]}…",
        unit,
        _AXES[kinds.pop()],
        sorted({point["jaar"] for line in lines for point in line.points}),
        [curve for number, line in enumerate(lines) for curve in _curves(line, column, number)],
    )


def _measure(lines: Sequence[Line]) -> tuple[str, str]:
    """The unit to draw in, and the column: counts of a gemeente and of the country do not fit on one scale."""
    own = str(lines[0].figure["eenheid"] or "")
    compared = {point["vergelijkingseenheid"] for line in lines for point in line.points} - {None, own}
    return (str(compared.pop()), "vergelijkingswaarde") if len(compared) == 1 else (own, "waarde")


def _curves(line: Line, column: str, number: int) -> Iterator[Curve]:
    """One line, or two when the territory has changed: figures of before and after are not one line."""
    is_country = line.figure["gemeente_code"] == COUNTRY
    colour = _COUNTRY_COLOUR if is_country else _COLOURS[number % len(_COLOURS)]
    symbol = "dash" if is_country else _SYMBOLS[number % len(_SYMBOLS)]
    for is_broken in (True, False):
        values = {
            point["jaar"]: point[column]
            for point in line.points
            if point["breuk"] == is_broken and point[column] is not None
        }
        if values:
            name = line.figure["gemeente_naam"] + (", ander grondgebied" if is_broken else "")
            yield Curve(name, values, colour, symbol, is_country or is_broken)


def _chart(sheet: Worksheet, plot: Plot, head: int) -> Any:
    chart: Any = ScatterChart()
    chart.style = 2
    chart.scatterStyle = "lineMarker"
    chart.display_blanks = "gap"
    chart.width, chart.height = _WIDE, _HIGH
    chart.title = _title(plot.title, 1100, is_bold=True)
    chart.legend.position = "b"
    _set_axes(chart, plot)
    last = head + len(plot.years)
    years = Reference(sheet, min_col=1, min_row=head + 1, max_row=last)
    for column, curve in enumerate(plot.curves, start=2):
        values = Reference(sheet, min_col=column, min_row=head, max_row=last)
        series = Series(values, years, title_from_data=True)
        _draw(series, curve)
        chart.series.append(series)
    return chart


def _set_axes(chart: Any, plot: Plot) -> None:
    first, last = plot.years[0], plot.years[-1]
    chart.x_axis.title = _title(plot.axis, 900)
    chart.x_axis.number_format = "0"
    chart.x_axis.majorUnit = max(1, math.ceil((last - first) / _TICKS))
    chart.x_axis.scaling.min, chart.x_axis.scaling.max = first, last
    chart.x_axis.majorGridlines = None
    chart.x_axis.tickLblPos = "low"  # below the figures also when some of them are below nought
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(w=6350, solidFill=_GRID_COLOUR))
    chart.y_axis.title = _title(plot.unit, 900)
    chart.y_axis.number_format = "General"
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False


def _draw(series: Any, curve: Curve) -> None:
    series.smooth = False
    series.graphicalProperties.line = LineProperties(
        w=19050, solidFill=curve.colour, prstDash="dash" if curve.is_dashed else "solid"
    )
    series.marker.symbol = curve.symbol
    series.marker.size = 6
    series.marker.graphicalProperties.solidFill = curve.colour
    series.marker.graphicalProperties.line.solidFill = curve.colour


def _title(text: str, size: int, *, is_bold: bool = False) -> Title:
    """A title of a size of its own: at the size of the program a long name covers the chart."""
    properties = CharacterProperties(sz=size, b=is_bold)
    run = RegularTextRun(rPr=properties, t=without_control(text))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=properties), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)
