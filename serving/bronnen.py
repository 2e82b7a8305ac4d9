"""The list of sources for the terminal: which edition, how old, how the last look at it went."""

from collections.abc import Mapping
from typing import Any, TextIO

import duckdb
from rich.console import Console
from rich.text import Text

from serving.last_run import LastRun
from serving.publication import Publication, read_rows
from serving.render import dutch_number, lined_up, screen
from serving.words import SOURCE_STATE, dutch_date

Row = Mapping[str, Any]

_SOURCES = """
select bron_id, titel, editie, modified, loaded_at, rijen, staat, melding, verouderd_sinds, kpis
from bron order by bron_id
"""
_UNUSED = {"niet_nodig", "niet_opgehaald"}


def show_sources(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication,
    last_run: LastRun | None,
    file: TextIO,
    *,
    everything: bool = False,
) -> None:
    """Write a table of the sources; state and age come from the last run where there is one.

    Args:
        connection: Opened with `open_publication`.
        publication: For its id and the warning that belongs with its kind of data.
        last_run: Report of the last run; without one the state is that of the moment of publication.
        file: Where to write.
        everything: Also the tables that were not needed.
    """
    rows = [_with_last_look(row, last_run) for row in read_rows(connection, _SOURCES)]
    shown = [row for row in rows if everything or row["staat"] not in _UNUSED]
    console = screen(file)
    console.print(Text(f"Bronnen van publicatie {publication.publicatie_id}", style="bold"))
    if publication.notice:
        console.print(Text(publication.notice, style="yellow"))
    _write_rows(console, shown)
    if hidden := len(rows) - len(shown):
        what = "1 tabel was" if hidden == 1 else f"{hidden} tabellen waren"
        console.print(Text(f"\n{what} niet nodig; --alles toont ook die."))
    if last_run is not None and last_run.klaar:
        console.print(Text(f"Laatst gekeken: {dutch_date(last_run.klaar)} UTC"))


def _with_last_look(row: Row, last_run: LastRun | None) -> Row:
    look = last_run.bronnen.get(row["bron_id"]) if last_run is not None else None
    if look is None:
        return row
    return {
        **row,
        "staat": look.get("state", row["staat"]),
        "melding": look.get("melding"),
        "verouderd_sinds": look.get("verouderd_sinds", row["verouderd_sinds"]),
        "controles": look.get("controles"),
    }


def _write_rows(console: Console, rows: list[Row]) -> None:
    header = ("bron", "staat", "rijen", "gewijzigd", "geladen")
    first, *lines = lined_up([header, *map(_cells, rows)], (False, False, True, False, False))
    console.print(Text(first, style="dim"))
    for row, line in zip(rows, lines, strict=True):
        console.print(Text(line))
        edition = f", editie {row['editie']}" if row["editie"] else ""
        console.print(Text(f"    {row['titel']}{edition}", style="dim"))
        if remark := " ".join(part for part in _remarks(row) if part):
            console.print(Text(f"    {remark}", style="yellow"))
        for check in row.get("controles") or ():
            if check["melding"] != row["melding"]:
                console.print(Text(f"    Toets {check['naam']}: {check['melding']}", style="yellow"))


def _remarks(row: Row) -> tuple[str | None, ...]:
    since = row["verouderd_sinds"]
    return (
        f"Verouderd sinds {dutch_date(since)}." if since else None,
        row["melding"],
        f"Voedt {row['kpis']}." if since and row["kpis"] else None,
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row["bron_id"],
        SOURCE_STATE.get(row["staat"], str(row["staat"])),
        "" if row["rijen"] is None else dutch_number(row["rijen"]),
        dutch_date(row["modified"])[:10],
        dutch_date(row["loaded_at"])[:10],
    )
