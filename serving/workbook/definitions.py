"""What the KPIs in the workbook mean and how they are made, and the sources that their figures come from."""

from openpyxl import Workbook

from serving.words import COVERAGE, DIRECTION, FAMILY, MEASURED, SOURCE_STATE, dutch_date
from serving.workbook.overview import publication_lines
from serving.workbook.read import Facts, Row
from serving.workbook.said import area_name
from serving.workbook.sheet import Column, Table, write_table

DEFINITIONS = "Definities"
SOURCES = "Bronnen"


def _caution(row: Row) -> str:
    found = (
        (row["soort"] == "proxy", "benadering (proxy) van wat de KPI vraagt"),
        (row["soort"] == "handmatig", "zelf aangeleverd"),
        (row["is_modelmatig"], "modelmatig geschat"),
        (row["alias_van"], f"hetzelfde cijfer als {row['alias_van']}"),
    )
    return ", ".join(text for holds, text in found if holds)


def _coverage(row: Row) -> str:
    parts = (COVERAGE.get(row["dekking"], row["dekking"]), row["dekking_reden"])
    return ". ".join(filter(None, parts))


_KPI = (
    Column("KPI", 9, lambda row: row["kpi_id"]),
    Column("Naam", 36, lambda row: row["label"] or row["naam"]),
    Column("Soort", 14, lambda row: FAMILY.get(row["familie"], row["familie"])),
    Column("Leefgebied", 18, area_name),
    Column("Definitie", 50, lambda row: row["definitie"]),
    Column("Eenheid", 12, lambda row: row["eenheid"]),
    Column("Richting", 20, lambda row: DIRECTION.get(row["richting"], row["richting"])),
    Column("Berekening", 34, lambda row: row["berekening"]),
    Column("Let op", 22, _caution),
    Column("Kanttekening", 46, lambda row: row["kanttekening"]),
    Column("Interval", 26, lambda row: row["interval_methode"]),
    Column("Dekking", 40, _coverage),
    Column("Gemeten", 24, lambda row: MEASURED.get(row["meetwijze"], row["meetwijze"]), is_printed=False),
    Column("Teller", 36, lambda row: row["teller_definitie"], is_printed=False),
    Column("Noemer", 36, lambda row: row["noemer_definitie"], is_printed=False),
    Column("Afbakening", 36, lambda row: row["afbakening"], is_printed=False),
    Column("Afronding", 30, lambda row: row["afronding"], is_printed=False),
    Column("Onthulling", 30, lambda row: row["onthulling"], is_printed=False),
    Column("Waarom", 46, lambda row: row["waarom"], is_printed=False),
    Column("Bronvermelding", 40, lambda row: row["bronvermelding"], is_printed=False),
    Column("Licentie", 14, lambda row: row["licentie"], is_printed=False),
)
_SOURCE = (
    Column("Bron", 20, lambda row: row["bron_id"]),
    Column("Titel", 44, lambda row: row["titel"]),
    Column("Tabel", 14, lambda row: row["tabel"]),
    Column("Editie", 28, lambda row: row["editie"]),
    Column("Gewijzigd door de bron", 17, lambda row: dutch_date(row["modified"])),
    Column("Geladen (UTC)", 17, lambda row: row["loaded_at"]),
    Column("Staat bij de publicatie", 16, lambda row: SOURCE_STATE.get(row["staat"], row["staat"])),
    Column("Niet ververst sinds", 13, lambda row: row["verouderd_sinds"]),
    Column("Melding", 30, lambda row: row["melding"]),
    Column("Licentie", 14, lambda row: row["licentie"]),
    Column("Bronvermelding", 50, lambda row: row["bronvermelding"]),
    Column("KPI's", 30, lambda row: row["kpis"]),
)


def write_definitions(book: Workbook, facts: Facts) -> None:
    """Add the sheet with every KPI in the workbook."""
    table = Table(DEFINITIONS, "Wat de KPI's betekenen", publication_lines(facts), _KPI, facts.kpis, frozen=2)
    write_table(book, table, facts.notice)


def write_sources(book: Workbook, facts: Facts) -> None:
    """Add the sheet with every source that a figure in the workbook comes from."""
    lines = [*publication_lines(facts), "Vermeld de bron bij elk cijfer dat u overneemt."]
    table = Table(SOURCES, "Waar de cijfers vandaan komen", lines, _SOURCE, facts.sources, frozen=2)
    write_table(book, table, facts.notice)
