"""What came of a refresh: `laatste_run.json` for machines, a few lines for whoever ran it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.publication import PUBLICATION_KEY
from orchestration.results import load_results
from orchestration.settings import REGISTRY, Settings
from sources.registry import load_registry

_STATES = {
    "ververst": "ververst",
    "ongewijzigd": "ongewijzigd",
    "fout": "MISLUKT, vorige editie blijft in gebruik",
}
_SHOWN = {"ververst", "ongewijzigd", "fout"}


@dataclass(frozen=True, slots=True)
class LastRun:
    """One refresh in figures.

    Attributes:
        gestart, klaar: UTC ISO times.
        soort: demo, recorded or live.
        run_id: Dagster run.
        gelukt: whether every step succeeded.
        bronnen: one entry per source table of the registry.
        publicatie: its state and id, or None when nothing was published.
        warnings: failed checks that did not stop the publication.
        failures: steps and tests that did.
    """

    gestart: str
    klaar: str
    soort: str
    run_id: str
    gelukt: bool
    bronnen: list[dict[str, Any]]
    publicatie: dict[str, Any] | None
    warnings: list[str]
    failures: list[str]


def write_last_run(settings: Settings, result: dg.ExecuteInProcessResult, started: datetime) -> LastRun:
    """Gather the outcome of a run and write `laatste_run.json` beside the link `actueel`."""
    registry = load_registry(REGISTRY)
    looks = load_results(settings.results, settings.locations.lake, registry.tables.values())
    bronnen = []
    for table in registry.tables.values():
        look = looks.get(table.bron_id)
        if look is None:
            continue
        found = look.result
        fresh = look.looked_at >= started
        bronnen.append(
            {
                "bron_id": table.bron_id,
                "tabel": table.table_id,
                "titel": table.titel,
                "state": found.state,
                "rijen": found.rows,
                "bytes": found.bytes if fresh else 0,
                "verzoeken": found.requests if fresh else 0,
                "editie": found.edition.edition_id if found.edition else None,
                "melding": found.melding,
                "problemen": [problem.melding for problem in found.problems],
                "gekeken_op": look.looked_at.isoformat(timespec="seconds"),
                "verouderd_sinds": found.verouderd_sinds.isoformat() if found.verouderd_sinds else None,
            }
        )
    last_run = LastRun(
        gestart=started.isoformat(timespec="seconds"),
        klaar=datetime.now(UTC).isoformat(timespec="seconds"),
        soort=settings.locations.soort,
        run_id=result.run_id,
        gelukt=result.success,
        bronnen=bronnen,
        publicatie=_publication(result),
        warnings=_warnings(result),
        failures=_failures(result),
    )
    target = settings.locations.last_run
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".json.nieuw")
    beside.write_text(json.dumps(asdict(last_run), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(beside, target)  # noqa: PTH105 - one atomic step
    return last_run


def print_report(console: Console, last_run: LastRun) -> None:
    """Say per source what came in, and what came of the publication."""
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
            _STATES[source["state"]],
            f"{source['rijen']:,}".replace(",", "."),
            f"{source['bytes'] / 1000:,.0f}".replace(",", "."),
        )
    console.print(table)
    for source in shown:
        for remark in (source["melding"], *source["problemen"]):
            if remark:
                console.print(f"  [dim]{source['tabel']}:[/dim] {escape(remark)}", soft_wrap=True)
    _print_absent(console, last_run)
    received = sum(source["bytes"] for source in last_run.bronnen)
    if not received:
        console.print("Niets opgehaald: alle bronnen zijn ongewijzigd.")
    for warning in last_run.warnings:
        console.print(f"[yellow]Let op:[/yellow] {escape(warning)}")
    for failure in last_run.failures:
        console.print(f"[red]Mislukt:[/red] {escape(failure)}")
    console.print(_ending(last_run))


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


def _publication(result: dg.ExecuteInProcessResult) -> dict[str, Any] | None:
    for event in result.all_events:
        if event.event_type_value == "ASSET_MATERIALIZATION" and event.asset_key == PUBLICATION_KEY:
            metadata = event.materialization.metadata
            return {
                "state": metadata["staat"].value,
                "publicatie_id": metadata["publicatie_id"].value,
                "herzien": metadata["herziene_cijfers"].value,
            }
    return None


def _warnings(result: dg.ExecuteInProcessResult) -> list[str]:
    return [
        f"{'/'.join(check.asset_key.path)}, toets {check.check_name}: {_told(check)}"
        for check in _failed_checks(result)
        if check.severity == dg.AssetCheckSeverity.WARN
    ]


def _failures(result: dg.ExecuteInProcessResult) -> list[str]:
    checks = [
        f"{'/'.join(check.asset_key.path)}, toets {check.check_name}: {_told(check)}"
        for check in _failed_checks(result)
        if check.severity == dg.AssetCheckSeverity.ERROR
    ]
    steps = [
        f"stap {event.step_key}: {_error_line(event)}"
        for event in result.all_events
        if event.event_type_value == "STEP_FAILURE"
    ]
    return [*checks, *steps]


def _failed_checks(result: dg.ExecuteInProcessResult) -> list[Any]:
    return [
        event.asset_check_evaluation_data
        for event in result.all_events
        if event.event_type_value == "ASSET_CHECK_EVALUATION" and not event.asset_check_evaluation_data.passed
    ]


def _told(check: Any) -> str:
    told = check.metadata.get("melding")
    return str(told.value) if told is not None else (check.description or "niet gehaald; zie het verslag van dbt")


def _error_line(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip().splitlines()[0] if error is not None else "onbekend"
