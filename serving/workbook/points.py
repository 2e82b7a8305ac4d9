"""The aandachtspunten, with what is favourable beside them: the sentences of the terminal and the pages."""

from itertools import product

from openpyxl import Workbook

from serving.render import with_unit
from serving.words import GROUND, POINT, POINTS_HEAD, STATUS, interval, point, trend
from serving.workbook.overview import publication_lines
from serving.workbook.read import Facts, Row
from serving.workbook.said import area_name
from serving.workbook.sheet import Column, Table, write_table

NAME = "Aandachtspunten"


def _ground(row: Row) -> str:
    return "modelmatig" if row["is_modelmatig"] else str(row["grond"])


def _sentence(row: Row) -> str:
    unit = row["vergelijkingseenheid"]
    value, other = with_unit(row["vergelijkingswaarde"], unit), with_unit(row["benchmark_waarde"], unit)
    return point(row, str(row["gemeente_naam"]), value, other)


def _firm(row: Row) -> str:
    low, high = with_unit(row["oi_laag"], row["eenheid"]), with_unit(row["oi_hoog"], row["eenheid"])
    parts = (str(row["periode"]), STATUS.get(row["status"], row["status"]), interval(row, low, high))
    return ", ".join(filter(None, parts))


_COLUMNS = (
    Column("Gemeente", 18, lambda row: row["gemeente_naam"]),
    Column("Soort", 18, lambda row: POINT[row["soort_punt"]]),
    Column("Hoe zeker", 34, lambda row: GROUND[_ground(row)]),
    Column("Leefgebied", 18, area_name),
    Column("KPI", 9, lambda row: row["kpi_id"]),
    Column("Signaal", 70, _sentence),
    Column("Trend", 34, lambda row: trend(row, row["trend_sinds"])),
    Column("Periode en interval", 34, _firm),
    Column("Om ernaast te leggen", 20, lambda row: row["verwante_kpis"]),
    Column("Bron", 40, lambda row: row["bronvermelding"], is_printed=False),
)


def write_points(book: Workbook, facts: Facts) -> None:
    """Add the sheet: per gemeente, per kind, the firmest first."""
    rows = [
        row
        for code, kind, ground in product(facts.codes, POINT, GROUND)
        for row in facts.points
        if (row["gemeente_code"], row["soort_punt"], _ground(row)) == (code, kind, ground)
    ]
    with_points = {row["gemeente_code"] for row in rows}
    without = [row["gemeente_naam"] for row in facts.areas if row["gemeente_code"] not in with_points]
    nobody = f"Zonder aandachtspunten en zonder gunstige punten: {', '.join(without)}." if without and rows else ""
    table = Table(
        NAME,
        f"{NAME}: {POINTS_HEAD}",
        [*publication_lines(facts), nobody],
        _COLUMNS,
        rows,
        frozen=2,
        nothing="Geen.",
    )
    write_table(book, table, facts.notice)
