"""The aandachtspunten, with what is favourable beside them: the sentences of the terminal and the pages."""

from itertools import product

from openpyxl import Workbook

from serving.points import firmness, ground_of, sentence, stand_in
from serving.words import GROUND, POINT, POINTS_HEAD, trend
from serving.workbook.overview import publication_lines
from serving.workbook.read import Facts
from serving.workbook.said import area_name
from serving.workbook.sheet import Column, Table, write_table

NAME = "Aandachtspunten"

_COLUMNS = (
    Column("Gemeente", 18, lambda row: row["gemeente_naam"]),
    Column("Soort", 18, lambda row: POINT[row["soort_punt"]]),
    Column("Hoe zeker", 34, lambda row: GROUND[ground_of(row)]),
    Column("Leefgebied", 18, area_name),
    Column("KPI", 9, lambda row: row["kpi_id"]),
    Column("Signaal", 70, sentence),
    Column("Als het een benadering is", 34, stand_in),
    Column("Trend", 34, lambda row: trend(row, row["trend_sinds"])),
    Column("Periode en interval", 34, firmness),
    Column("Om ernaast te leggen", 20, lambda row: row["verwante_kpis"]),
    Column("Bron", 40, lambda row: row["bronvermelding"], is_printed=False),
)


def write_points(book: Workbook, facts: Facts) -> None:
    """Add the sheet: per gemeente, per kind, the firmest first."""
    rows = [
        row
        for code, kind, ground in product(facts.codes, POINT, GROUND)
        for row in facts.points
        if (row["gemeente_code"], row["soort_punt"], ground_of(row)) == (code, kind, ground)
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
