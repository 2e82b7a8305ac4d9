"""The summary at the end of a run: what came in, what was built, and how to look at it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, TextIO

import duckdb
from rich.console import Console
from rich.text import Text

from serving.last_run import LastRun
from serving.publication import Publication, read_rows
from serving.render import dutch_number, screen
from serving.words import FAMILY, dutch_date

COUNTS = """
select
    (select count(distinct kpi_id) from kpi_waarde where waarde is not null) as kpis,
    (select count(distinct kpi_id) from kpi where geldend) as kpis_totaal,
    (select count(distinct gemeente_code) from kpi_waarde join gemeente using (gemeente_code)
        where waarde is not null and soort_gebied = 'gemeente') as gemeenten,
    (select count(*) from gemeente where soort_gebied = 'gemeente') as gemeenten_totaal,
    (select count(waarde) from kpi_waarde) as cijfers,
    (select count(*) from bron where editie is not null) as bronnen,
    (select sum(rijen) from bron) as bronrijen,
    (select list(bron_id order by bron_id) from bron where staat = 'ontbreekt') as ontbreekt,
    (select coalesce(arg_max(gemeente_naam, inwoners), min(gemeente_naam)) from gemeente
        where soort_gebied = 'gemeente') as voorbeeld,
    (select published_at from publicatie) as published_at
"""
_FAMILIES = """
select familie, count(distinct kpi_id) as totaal, count(distinct kpi_id) filter (where heeft) as met_cijfer
from (
    select kpi.familie, kpi.kpi_id, kpi.kpi_id in (select kpi_id from kpi_waarde where waarde is not null) as heeft
    from kpi where kpi.geldend
)
group by familie order by met_cijfer desc, familie
"""
# How many missing tables are named; the rest is in the list of sources.
_NAMED = 5
_EXAMPLE = "select kpi_id, kpi_naam, waarde, eenheid, periode from kpi_gemeente where gemeente_code = 'NL'"


def show_summary(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication,
    last_run: LastRun | None,
    file: TextIO,
    *,
    command: str,
) -> None:
    """Write what the current publication holds and how to look at it.

    Args:
        connection: Opened with `open_publication`.
        publication: The publication.
        last_run: Report of the last run, when there is one.
        file: Where to write.
        command: How the user starts this program, with the options that lead to this publication.
    """
    counts = read_rows(connection, COUNTS)[0]
    console = screen(file)
    soort = publication.manifest["soort"]
    moment = dutch_date(counts["published_at"])
    console.print(Text(f"\nImpact-KPI ({soort}), publicatie {publication.publicatie_id}", style="bold"))
    if publication.notice:
        console.print(Text(publication.notice, style="yellow"))
    if last_run is not None and not last_run.gelukt:
        console.print(Text("De laatste run is mislukt: dit is de publicatie van daarvoor.", style="red"))
    _write_incoming(console, counts, last_run)
    _write_built(console, counts, read_rows(connection, _FAMILIES))
    console.print(Text(f"Gepubliceerd   {moment} UTC in {publication.folder}"))
    _write_next(console, publication, command, counts["voorbeeld"])


def _write_incoming(console: Console, counts: dict[str, Any], last_run: LastRun | None) -> None:
    line = f"Binnengekomen  {counts['bronnen']} brontabellen, {dutch_number(counts['bronrijen'] or 0)} rijen"
    if last_run is not None:
        states = Counter(source.get("state") for source in last_run.bronnen.values())
        known = (("ververst", "ververst"), ("ongewijzigd", "ongewijzigd"), ("fout", "mislukt"))
        parts = [f"{states[state]} {word}" for state, word in known if states[state]]
        line += f" ({', '.join(parts)})" if parts else ""
    console.print(Text(line))
    for source in last_run.stale if last_run is not None else []:
        console.print(Text(_stale_line(source), style="yellow"))
    if missing := counts["ontbreekt"]:
        named = ", ".join(missing[:_NAMED]) + (" en andere" if len(missing) > _NAMED else "")
        console.print(
            Text(f"Ontbreekt      {len(missing)} door de dienst niet aangeboden ({named}); zie bronnen en kpi_dekking")
        )


def _stale_line(source: Mapping[str, Any]) -> str:
    kpis = source.get("kpis") or []
    more = f" en nog {len(kpis) - _NAMED}" if len(kpis) > _NAMED else ""
    fed = f"; voedt {', '.join(kpis[:_NAMED])}{more}" if kpis else ""
    return f"Verouderd      {source['bron_id']} sinds {dutch_date(source['verouderd_sinds'])[:10]}{fed}"


def _write_built(console: Console, counts: dict[str, Any], families: list[dict[str, Any]]) -> None:
    filled = ", ".join(
        f"{FAMILY.get(row['familie'], row['familie'])} {row['met_cijfer']} van {row['totaal']}" for row in families
    )
    console.print(Text(f"KPI's          {counts['kpis']} van {counts['kpis_totaal']} met een cijfer ({filled})"))
    console.print(
        Text(
            f"Gemeenten      {counts['gemeenten']} van {counts['gemeenten_totaal']} met een cijfer, "
            f"{dutch_number(counts['cijfers'])} cijfers in totaal"
        )
    )


def _write_next(console: Console, publication: Publication, command: str, gemeente: str | None) -> None:
    console.print(Text("\nZo kijkt u verder", style="bold"))
    for arguments in (
        *(["site --serveer"] if publication.has_site else []),
        f'gemeente "{gemeente or "Breda"}"',
        'kpi "I 3.3.2"',
        "bronnen",
        f'query "{_EXAMPLE}"',
    ):
        console.print(Text(f"  {command} {arguments}"))
    console.print(Text(f"Of open {publication.folder.parent / 'actueel' / 'impact_kpi.duckdb'}"))
    console.print(Text("alleen-lezen in DBeaver, Python of R, of de Parquet-bestanden ernaast in Power BI."))
