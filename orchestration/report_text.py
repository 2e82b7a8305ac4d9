"""What a person at the terminal reads about a night: what came in, what is stale, where the time went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.report import LastRun

_STATES = {
    "ververst": "ververst",
    "ongewijzigd": "ongewijzigd",
}
_FAILED = "MISLUKT, vorige editie blijft in gebruik"
_FAILED_WITHOUT = "MISLUKT, er zijn geen cijfers"
_SHOWN = {"ververst", "ongewijzigd", "fout"}
# How many KPIs of a stale source are named; the rest is counted.
_NAMED = 8


def print_report(console: Console, last_run: LastRun) -> None:
    """Say per source what came in, and what came of the publication."""
    if last_run.bronnen:
        _print_sources(console, last_run)
    _print_stale(console, last_run)
    for warning in last_run.warnings:
        console.print(f"[yellow]Let op:[/yellow] {escape(warning)}", soft_wrap=True)
    for failure in last_run.failures:
        console.print(f"[red]Mislukt:[/red] {escape(failure)}", soft_wrap=True)
    if last_run.tijden:
        console.print(times_line(last_run.tijden), soft_wrap=True)
    console.print(_ending(last_run))


def times_line(times: dict[str, float]) -> str:
    """Where the time went, in one line, in seconds."""
    parts = {name: seconds for name, seconds in times.items() if name != "totaal"}
    told = ", ".join(f"{name} {_dutch(seconds)}" for name, seconds in parts.items())
    return f"Tijd {_dutch(times['totaal'])} s: {told}"


def _dutch(seconds: float) -> str:
    return f"{seconds:.1f}".replace(".", ",")


def _print_sources(console: Console, last_run: LastRun) -> None:
    table = Table(title="Bronnen", title_justify="left", box=None, pad_edge=False)
    for header in ("tabel", "titel", "staat"):
        table.add_column(header, overflow="fold")
    for header in ("rijen", "kB"):
        table.add_column(header, justify="right")
    shown = [source for source in last_run.bronnen if source["state"] in _SHOWN]
    for source in shown:
        table.add_row(
            source["tabel"],
            escape(source["titel"]),
            _STATES.get(source["state"]) or (_FAILED if source["editie"] else _FAILED_WITHOUT),
            f"{source['rijen']:,}".replace(",", "."),
            f"{source['bytes'] / 1000:,.0f}".replace(",", "."),
        )
    console.print(table)
    for source in shown:
        for remark in (source["melding"], *source["problemen"]):
            if remark:
                console.print(f"  [dim]{source['tabel']}:[/dim] {escape(remark)}", soft_wrap=True)
    _print_absent(console, last_run)
    if last_run.gelukt and not sum(source["bytes"] for source in last_run.bronnen):
        console.print("Niets opgehaald: alle bronnen zijn ongewijzigd.")


def _print_stale(console: Console, last_run: LastRun) -> None:
    for source in last_run.stale:
        console.print(
            f"[yellow]Verouderd sinds {stale_day(source)}:[/yellow] {escape(source['tabel'])} "
            f"({escape(source['titel'])}); voedt {named_kpis(source['kpis'])}.",
            soft_wrap=True,
        )


def stale_day(source: dict[str, Any]) -> str:
    """Since when a source is stale, as a Dutch date."""
    return f"{datetime.fromisoformat(source['verouderd_sinds']):%d-%m-%Y}"


def named_kpis(kpis: list[str]) -> str:
    """Name KPIs in a sentence: a few by name, the rest counted."""
    if not kpis:
        return "geen KPI rechtstreeks"
    more = f" en nog {len(kpis) - _NAMED}" if len(kpis) > _NAMED else ""
    return ", ".join(kpis[:_NAMED]) + more


def _print_absent(console: Console, last_run: LastRun) -> None:
    absent = [source for source in last_run.bronnen if source["state"] == "ontbreekt"]
    if not absent:
        return
    without = sum(len(source["problemen"]) for source in absent)
    console.print(
        f"Niet aangeboden door de dienst: {len(absent)} tabellen ({', '.join(source['tabel'] for source in absent)}). "
        + (
            f"Daardoor hebben {without} reeksen geen cijfers; per KPI: impact-kpi query "
            '"select kpi_id, reden from kpi_dekking".'
            if without
            else "Alle reeksen die ervan afhangen komen uit een andere uitgave."
        ),
        soft_wrap=True,
    )


def _ending(last_run: LastRun) -> str:
    published = last_run.publicatie
    if not last_run.gelukt or published is None:
        return (
            "[red]Niet gepubliceerd.[/red] De vorige publicatie blijft staan. "
            "Het verslag staat in ververs.log in de datamap."
        )
    if published["state"] == "ongewijzigd":
        return f"Publicatie ongewijzigd: {published['publicatie_id']}"
    return f"[green]Gepubliceerd:[/green] {published['publicatie_id']}{_revised(published['herzien'])}"


def _revised(number: int | None) -> str:
    if number is None:
        return ""
    if not number:
        return "\nGeen enkel eerder gepubliceerd cijfer is herzien."
    figures = "1 eerder gepubliceerd cijfer is" if number == 1 else f"{number:,} eerder gepubliceerde cijfers zijn"
    return f"\n{figures.replace(',', '.')} herzien: impact-kpi revisies"
