"""The profile of one gemeente for the terminal: per leefgebied the newest figure of every KPI.

Open statistics first, then what the organisation registered itself, clearly apart.

Reads `kpi_gemeente` only; what a figure is was decided there.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, TextIO

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from serving.gemeenten import find_gemeente
from serving.publication import Publication, read_rows
from serving.render import dutch_number, screen, with_unit
from serving.words import SIGNALS, marks, reason

Row = Mapping[str, Any]

_AREAS = """
select gemeente_code, gemeente_naam, provincie, inwoners, inwoners_jaar, indelingsjaar
from gemeente where soort_gebied in ('gemeente', 'land', 'organisatie')
"""
_FIGURES = """
select
    familie, kpi_id, kpi_naam, leefgebied, leefgebied_naam, uitsplitsing, uitsplitsing_naam, hoofduitsplitsing,
    waarde, eenheid, periode, nl_waarde, status, ontbreekt_reden, soort, is_modelmatig, is_herleid, breuk,
    verouderd_sinds, bronvermelding, toelichting
from kpi_gemeente
where gemeente_code = ? and (hoofduitsplitsing or ?)
order by
    familie = 'impact' desc, leefgebied nulls first, familie,
    try_cast(split_part(kpi_id, ' ', 2) as integer) nulls last, kpi_id, hoofduitsplitsing desc, uitsplitsing
"""


def show_gemeente(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication,
    wanted: str,
    file: TextIO,
    *,
    everything: bool = False,
) -> None:
    """Write the profile of a gemeente.

    Args:
        connection: Opened with `open_publication`.
        publication: For the warning that belongs with its kind of data.
        wanted: Name or code as the user typed it.
        file: Where to write.
        everything: Also the uitsplitsingen that do not stand for the KPI.

    Raises:
        WrongUseError: when no gemeente or more than one has that name.
    """
    areas = {row["gemeente_code"]: row for row in read_rows(connection, _AREAS)}
    code = find_gemeente(wanted, {code: row["gemeente_naam"] for code, row in areas.items()})
    rows = read_rows(connection, _FIGURES, [code, everything])
    console = screen(file)
    _write_head(console, areas[code], publication)
    _write_areas(console, [row for row in rows if row["familie"] == "impact"])
    own = [row for row in rows if row["familie"] != "impact"]
    if own:
        console.print(Text("\nUit de eigen registratie van de organisatie", style="bold underline"))
        _write_areas(console, own)
    _write_foot(console, rows)


def _write_areas(console: Console, rows: Iterable[Row]) -> None:
    for (number, name), figures in groupby(rows, key=lambda row: (row["leefgebied"], row["leefgebied_naam"])):
        console.print(Text(f"\n{number} {name}" if number else "\nActiviteiten en kwaliteit", style="bold"))
        console.print(_table(figures))


def _write_head(console: Console, area: Row, publication: Publication) -> None:
    parts = [f"{area['gemeente_naam']} ({area['gemeente_code']})"]
    if area["provincie"]:
        parts.append(area["provincie"])
    if area["inwoners"] is not None:
        parts.append(f"{dutch_number(area['inwoners'])} inwoners ({area['inwoners_jaar']})")
    parts.append(f"indeling {area['indelingsjaar']}")
    console.print(Text(" · ".join(parts), style="bold"))
    if publication.notice:
        console.print(Text(publication.notice, style="yellow"))


def _table(rows: Iterable[Row]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("KPI", no_wrap=True)
    table.add_column("waarde", justify="right", no_wrap=True)
    table.add_column("Nederland", justify="right", no_wrap=True)
    table.add_column("periode", no_wrap=True)
    # Name and remarks share the last column, so that the profile is readable on 80 characters too.
    table.add_column("wat", overflow="fold")
    for row in rows:
        table.add_row(
            row["kpi_id"],
            with_unit(row["waarde"], row["eenheid"]) or "-",
            with_unit(row["nl_waarde"], row["eenheid"]),
            row["periode"] or "",
            Text.assemble(_what(row), "\n", (_remarks(row), "dim")),
        )
    return table


def _what(row: Row) -> str:
    name: str = row["kpi_naam"]
    return name if row["uitsplitsing"] == "totaal" else f"{name} ({row['uitsplitsing_naam']})"


def _remarks(row: Row) -> str:
    if row["waarde"] is None:
        return f"geen cijfer: {reason(row['ontbreekt_reden'])}"
    source = (row["bronvermelding"] or "").removeprefix("Bron: ")
    return " · ".join(part for part in (", ".join(marks(row)), source) if part)


def _write_foot(console: Console, rows: Iterable[Row]) -> None:
    shown = [row for row in rows if row["waarde"] is not None]
    proxies = {row["kpi_id"]: row["toelichting"] for row in shown if row["soort"] == "proxy" and row["toelichting"]}
    if proxies:
        console.print(Text("\nWat de benaderingen wel en niet zeggen", style="bold"))
        for kpi_id, text in proxies.items():
            console.print(Text(f"{kpi_id}: {text}"))
    if any(row["is_modelmatig"] for row in shown):
        console.print(
            Text("\nModelmatig geschat: uitkomst van een model, geen telling; kleine verschillen zeggen niets.")
        )
    console.print(Text(f"\n{SIGNALS} Meer over een KPI: impact-kpi kpi 'I 1.1.1'"))
