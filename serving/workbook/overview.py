"""The first sheet: one row per KPI and gemeente, with what a policy advisor looks for first."""

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from serving.render import dutch_number
from serving.words import SIGNALS, dutch_date
from serving.workbook.cells import Figure
from serving.workbook.read import Facts, Row
from serving.workbook.said import (
    area_name,
    explained,
    named,
    outcome,
    particulars,
    status_words,
    trend_words,
    why_missing,
)
from serving.workbook.sheet import Column, Table, write_table
from serving.workbook.styles import signal_rules

NAME = "Overzicht"
_NAMED = 5
_VERDICTS = ("Naast Nederland", "Naast de buurgroep")

_COLUMNS = (
    Column("Leefgebied", 16, area_name),
    Column("KPI", 8, lambda row: row["kpi_id"]),
    Column("Naam", 36, named),
    Column("Gemeente", 16, lambda row: row["gemeente_naam"]),
    Column("Waarde", 11, lambda row: Figure(row["waarde"], row["eenheid"])),
    Column("Interval laag (95 %)", 10, lambda row: Figure(row["oi_laag"], row["eenheid"])),
    Column("Interval hoog (95 %)", 10, lambda row: Figure(row["oi_hoog"], row["eenheid"])),
    Column("Eenheid", 11, lambda row: row["eenheid"]),
    Column("Periode", 9, lambda row: row["periode"]),
    Column("Waarde in de vergelijking", 12, lambda row: Figure(row["nl_vergeleken"], row["nl_eenheid"])),
    Column("Eenheid van de vergelijking", 13, lambda row: row["nl_eenheid"]),
    Column("Nederland", 11, lambda row: Figure(row["nl_benchmark"], row["nl_eenheid"])),
    Column("Buurgroep", 11, lambda row: Figure(row["buurgroep_benchmark"], row["buurgroep_eenheid"])),
    Column("Verschil met Nederland", 11, lambda row: Figure(row["nl_verschil"], row["nl_eenheid"], is_difference=True)),
    Column(_VERDICTS[0], 15, lambda row: outcome(row, "nl")),
    Column(_VERDICTS[1], 15, lambda row: outcome(row, "buurgroep")),
    Column("Trend", 30, trend_words),
    Column("Status", 12, status_words),
    Column("Bijzonderheden", 24, particulars),
    Column("Waarom geen cijfer", 28, why_missing),
    Column("Naast Nederland, in woorden", 80, lambda row: explained(row, "nl"), False),
    Column("Naast de buurgroep, in woorden", 80, lambda row: explained(row, "buurgroep"), False),
    Column("Bron", 40, lambda row: row["bronvermelding"], False),
)
_CHOSEN = Column("In uw profiel", 10, lambda row: "ja" if row["kpi_gekozen"] else "nee", False)


def write_overview(book: Workbook, facts: Facts) -> None:
    """Add the sheet, with colours for the verdicts."""
    shows_unchosen = facts.everything and facts.chosen[0] < facts.chosen[1]
    table = Table(
        NAME,
        f"Impact-KPI: {areas_named(facts.areas)}",
        [*_areas_lines(facts.areas), *publication_lines(facts), SIGNALS],
        (*_COLUMNS, _CHOSEN) if shows_unchosen else _COLUMNS,
        [row for row in facts.open_figures if row["hoofduitsplitsing"]],
        frozen=3,
        nothing="Er zijn geen open cijfers over dit gebied; zie Eigen registratie.",
    )
    written = write_table(book, table, facts.notice)
    titles = [column.title for column in _COLUMNS]
    first, last = (get_column_letter(titles.index(title) + 1) for title in _VERDICTS)
    for rule in signal_rules():
        written.sheet.conditional_formatting.add(f"{first}{written.head + 1}:{last}{written.last + 1}", rule)


def areas_named(areas: Sequence[Row]) -> str:
    """The areas in a title: by name as long as they fit."""
    if len(areas) <= _NAMED:
        return ", ".join(row["gemeente_naam"] for row in areas)
    kind = "gemeenten" if all(row["soort_gebied"] == "gemeente" for row in areas) else "gebieden"
    return f"{len(areas)} {kind}"


def publication_lines(facts: Facts) -> list[str]:
    """Which publication a sheet is of, and which KPIs are not in it."""
    publicatie = facts.publicatie
    moment = dutch_date(publicatie["published_at"])
    lines = [f"Publicatie {publicatie['publicatie_id']}, gepubliceerd op {moment} UTC"]
    chosen, total = facts.chosen
    if chosen < total and not facts.everything:
        lines.append(
            f"Uw profiel kiest {chosen} van de {total} KPI's, en alleen die staan hier. "
            "impact-kpi werkboek … --alles neemt ze allemaal op."
        )
    return lines


def _areas_lines(areas: Sequence[Row]) -> list[str]:
    return [_described(row) for row in areas] if len(areas) <= _NAMED else []


def _described(area: Row) -> str:
    parts: list[Any] = [f"{area['gemeente_naam']} ({area['gemeente_code']})", area["provincie"]]
    if area["inwoners"] is not None:
        parts.append(f"{dutch_number(area['inwoners'])} inwoners ({area['inwoners_jaar']})")
    parts.append(f"indeling {area['indelingsjaar']}")
    return " · ".join(filter(None, parts))
