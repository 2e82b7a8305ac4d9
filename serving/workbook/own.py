"""What the organisation registered itself, on a sheet of its own: clearly apart from the open statistics."""

from openpyxl import Workbook

from serving.words import FAMILY
from serving.workbook.cells import Figure
from serving.workbook.overview import areas_named, publication_lines
from serving.workbook.read import Facts
from serving.workbook.said import area_name, gaps, named, particulars, status_words
from serving.workbook.series import lines_of, period_columns
from serving.workbook.sheet import Column, Table, write_table

NAME = "Eigen registratie"
ROUNDED = (
    "Aantallen zijn afgerond op vijftallen, en percentages komen uit afgeronde aantallen: delen tellen niet precies op "
    "tot het geheel."
)
SUPPRESSED = (
    "Een cijfer dat op minder dan tien mensen rust, of dat zo'n cijfer zou verraden, is te klein om te tonen. De cel "
    "is dan leeg; dat is geen nul."
)
_BEFORE = (
    Column("Soort", 16, lambda line: FAMILY.get(line.figure["familie"], line.figure["familie"])),
    Column("Leefgebied", 18, lambda line: area_name(line.figure)),
    Column("KPI", 9, lambda line: line.figure["kpi_id"]),
    Column("Naam", 44, lambda line: named(line.figure)),
    Column("Gemeente", 18, lambda line: line.figure["gemeente_naam"]),
    Column("Waarde", 11, lambda line: Figure(line.figure["waarde"], line.figure["eenheid"])),
    Column("Interval laag (95 %)", 10, lambda line: Figure(line.figure["oi_laag"], line.figure["eenheid"])),
    Column("Interval hoog (95 %)", 10, lambda line: Figure(line.figure["oi_hoog"], line.figure["eenheid"])),
    Column("Eenheid", 13, lambda line: line.figure["eenheid"]),
    Column("Periode", 9, lambda line: line.figure["periode"]),
    Column("Status", 12, lambda line: status_words(line.figure)),
)
_AFTER = (
    Column("Waarom geen cijfer", 40, lambda line: gaps(line.figure, line.points)),
    Column("Bijzonderheden", 24, lambda line: particulars(line.figure)),
    Column("Bron", 40, lambda line: line.figure["bronvermelding"], is_printed=False),
)


def write_own(book: Workbook, facts: Facts) -> None:
    """Add the sheet, when there is anything registered in these areas."""
    lines = lines_of(facts, facts.own_figures)
    if not lines:
        return
    periods = [column.titled(f"In {column.title}") for column in period_columns(lines)]
    table = Table(
        NAME,
        f"Uit de eigen registratie van de organisatie: {areas_named(facts.areas)}",
        [*publication_lines(facts), ROUNDED, SUPPRESSED],
        (*_BEFORE, *periods, *_AFTER),
        lines,
        frozen=4,
    )
    write_table(book, table, facts.notice)
