"""One sheet per leefgebied: every uitsplitsing through the years, with charts of the KPIs against Nederland below."""

from collections.abc import Sequence
from itertools import groupby

from openpyxl import Workbook

from serving.workbook.charts import ChartData, Plot, add_charts, plots_of
from serving.workbook.overview import areas_named, publication_lines
from serving.workbook.read import Facts
from serving.workbook.said import area_name, gaps, named, series_marks
from serving.workbook.series import Line, lines_of, period_columns
from serving.workbook.sheet import Column, Table, write_table

_EMPTY = (
    "Een lege cel is geen cijfer, en geen nul. De kolom Waarom geen cijfer zegt waarom; staat de periode daar niet, "
    "dan is er in die periode niet gemeten."
)
_BEFORE = (
    Column("KPI", 8, lambda line: line.figure["kpi_id"]),
    Column("Naam", 40, lambda line: named(line.figure)),
    Column("Gemeente", 18, lambda line: line.figure["gemeente_naam"]),
    Column("Eenheid", 12, lambda line: line.figure["eenheid"]),
)
_AFTER = (
    Column("Waarom geen cijfer", 34, lambda line: gaps(line.figure, line.points)),
    Column("Bijzonderheden", 34, lambda line: series_marks(line.points)),
    Column("Bron", 40, lambda line: line.figure["bronvermelding"], is_printed=False),
)


def write_leefgebieden(book: Workbook, facts: Facts, data: ChartData) -> None:
    """Add a sheet for every leefgebied that has open statistics, with those of Nederland beside them."""
    shown = [*facts.codes, *([facts.country["gemeente_code"]] if facts.country else [])]
    rows = [row for row in facts.figures if row["familie"] == "impact" and row["gemeente_code"] in shown]
    for name, figures in groupby(rows, key=area_name):
        lines = lines_of(facts, list(figures))
        plots = plots_of(lines, facts.codes)
        written = write_table(book, _table(facts, name, lines, plots), facts.notice)
        add_charts(data, written, plots, len(facts.codes))


def _table(facts: Facts, name: str, lines: Sequence[Line], plots: Sequence[Plot]) -> Table:
    below = "Onder de tabel staan grafieken." if plots else ""
    return Table(
        name,
        f"{name}: {areas_named(facts.areas)}",
        [*publication_lines(facts), _EMPTY, below],
        (*_BEFORE, *period_columns(lines), *_AFTER),
        lines,
        frozen=3,
    )
