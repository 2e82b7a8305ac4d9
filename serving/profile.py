"""The profile of one gemeente for the terminal: per leefgebied the newest figure of every KPI.

Open statistics first, then what the organisation registered itself, clearly apart.

Reads `kpi_gemeente`, which KPIs the organisation chose and since when there is a trend; what a figure is, and how it
compares, was decided in the mart.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, TextIO

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from serving.columns import absent, columns_of
from serving.gemeenten import find_gemeente
from serving.publication import Publication, read_rows
from serving.render import dutch_number, screen, with_unit
from serving.words import SIGNALS, interval, marks, reason, trend, verdict

Row = Mapping[str, Any]

_AREAS = """
select gemeente.* {missing} from gemeente where soort_gebied in ('gemeente', 'land', 'organisatie')
"""
_FIGURES = """
select
    kpi_gemeente.* {missing},
    {chosen} as kpi_gekozen,
    {label} as kpi_label,
    {since} as trend_sinds
from kpi_gemeente
inner join kpi on kpi.kpi_id = kpi_gemeente.kpi_id and kpi.model_versie = kpi_gemeente.model_versie
{trends}
where kpi_gemeente.gemeente_code = ? and (kpi_gemeente.hoofduitsplitsing or ?)
order by
    kpi_gemeente.familie = 'impact' desc, kpi_gemeente.leefgebied nulls first, kpi_gemeente.familie,
    try_cast(split_part(kpi_gemeente.kpi_id, ' ', 2) as integer) nulls last, kpi_gemeente.kpi_id,
    kpi_gemeente.hoofduitsplitsing desc, kpi_gemeente.uitsplitsing
"""
_TRENDS = """
left join kpi_trend
    on kpi_trend.kpi_id = kpi_gemeente.kpi_id and kpi_trend.model_versie = kpi_gemeente.model_versie
    and kpi_trend.uitsplitsing = kpi_gemeente.uitsplitsing and kpi_trend.gemeente_code = kpi_gemeente.gemeente_code
"""
# What a publication of an earlier release does not have.
_COMPARED = (
    "oi_laag",
    "oi_hoog",
    "oi_methode",
    "benchmark_type",
    "benchmark_naam",
    "benchmark_waarde",
    "vergelijkingswaarde",
    "vergelijkingseenheid",
    "oordeel",
    "oordeel_reden",
    "positie",
    "trend",
    "trend_signaal",
    "trend_reden",
)


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
        everything: Also the KPIs that the organisation did not choose, and the uitsplitsingen that do not stand for
            the KPI.

    Raises:
        WrongUseError: when no gemeente or more than one has that name.
    """
    found = read_rows(connection, _AREAS.format(missing=absent(connection, "gemeente", ["gekozen"])))
    areas = {row["gemeente_code"]: row for row in found}
    code = find_gemeente(wanted, {code: row["gemeente_naam"] for code, row in areas.items()})
    available = _figures(connection, code, everything=everything)
    rows = [row for row in available if everything or row["kpi_gekozen"]]
    console = screen(file)
    _write_head(console, areas[code], publication)
    _write_choice(console, areas[code], available, everything=everything)
    _write_areas(console, [row for row in rows if row["familie"] == "impact"])
    own = [row for row in rows if row["familie"] != "impact"]
    if own:
        console.print(Text("\nUit de eigen registratie van de organisatie", style="bold underline"))
        _write_areas(console, own)
    _write_foot(console, rows)


def _figures(connection: duckdb.DuckDBPyConnection, code: str, *, everything: bool) -> list[dict[str, Any]]:
    """The figures of a gemeente; what a publication of an earlier release does not have is null."""
    catalogue, has_trend = columns_of(connection, "kpi"), bool(columns_of(connection, "kpi_trend"))
    query = _FIGURES.format(
        missing=absent(connection, "kpi_gemeente", _COMPARED),
        chosen="kpi.gekozen" if "gekozen" in catalogue else "true",
        label="kpi.label" if "label" in catalogue else "kpi.naam",
        since="kpi_trend.van_periode" if has_trend else "null",
        trends=_TRENDS if has_trend else "",
    )
    return read_rows(connection, query, [code, everything])


def _write_choice(console: Console, area: Row, rows: Iterable[Row], *, everything: bool) -> None:
    """Say that the organisation chose, so that nobody takes a short list for a complete one."""
    chosen = {row["kpi_id"]: bool(row["kpi_gekozen"]) for row in rows}
    if not all(chosen.values()):
        said = f"Uw profiel kiest {sum(chosen.values())} van {len(chosen)} KPI's"
        shown = "; u ziet ze nu allemaal." if everything else ", en alleen die staan hier. --alles toont ze allemaal."
        console.print(Text(said + shown))
    if area["gekozen"] is False:
        console.print(Text("Deze gemeente staat niet in uw profiel."))


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
    name: str = row["kpi_label"]
    return name if row["uitsplitsing"] == "totaal" else f"{name} ({row['uitsplitsing_naam']})"


def _remarks(row: Row) -> str:
    if row["waarde"] is None:
        return f"geen cijfer: {reason(row['ontbreekt_reden'])}"
    source = (row["bronvermelding"] or "").removeprefix("Bron: ")
    unit = row["eenheid"]
    low, high = with_unit(row["oi_laag"], unit), with_unit(row["oi_hoog"], unit)
    other = row["vergelijkingseenheid"]
    compared = verdict(row, with_unit(row["vergelijkingswaarde"], other), with_unit(row["benchmark_waarde"], other))
    lines = (
        " · ".join(part for part in (", ".join(marks(row)), interval(row, low, high), source) if part),
        compared,
        trend(row, row["trend_sinds"]),
    )
    return "\n".join(line for line in lines if line)


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
