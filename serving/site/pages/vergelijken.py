"""Up to five gemeenten side by side: the page, and per area a script with its figures."""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from serving.publication import read_rows
from serving.site.embed import embed_json, script_text
from serving.site.facts import Facts
from serving.site.kpi_groups import families
from serving.site.page import File, Page
from serving.site.places import gemeente_data, gemeente_page
from serving.site.side_by_side import AreaFigures
from serving.words import OUTCOME

Row = Mapping[str, Any]

MOST = 5
NATION = "NL"
# Stands in an address for the code of an area.
CODE = "{code}"
# Areas that are no choice: Nederland has a column of its own, and nobody lives in an unknown gemeente.
_KINDS = ("gemeente", "organisatie")
_PERIODS = """
select distinct point.kpi_id, point.periode, point.jaar
from kpi_waarde as point
inner join kpi on point.kpi_id = kpi.kpi_id and point.model_versie = kpi.model_versie and kpi.geldend
inner join kpi_gemeente as head
    on point.kpi_id = head.kpi_id and point.model_versie = head.model_versie
    and point.uitsplitsing = head.uitsplitsing and point.gemeente_code = head.gemeente_code and head.hoofduitsplitsing
where point.hoofdreeks and point.waarde is not null
order by point.kpi_id, point.jaar, point.periode
"""
_PARTS = """
select distinct kpi_id, uitsplitsing_naam from kpi_gemeente where hoofduitsplitsing and uitsplitsing <> 'totaal'
"""
_OWN = "select distinct gemeente_code from kpi_gemeente where familie <> 'impact'"


def pages(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Iterator[Page | File]:
    """The page that compares, with the figures of Nederland in it, and one script per area that can be chosen."""
    periods = _periods(connection)
    yield Page(
        path="vergelijken.html",
        template="vergelijken.html.jinja",
        title="Gemeenten naast elkaar",
        content={
            "meest": MOST,
            "families": families(facts.kpis),
            "onderdelen": {row["kpi_id"]: row["uitsplitsing_naam"] for row in read_rows(connection, _PARTS)},
            "nederland": AreaFigures(connection, {}).take(NATION),
            "gemeenten": facts.gemeenten,
            "keuze": embed_json(_choice(facts, connection, periods)),
        },
        scripts=("assets/grafiek.js", "assets/keuzelijst.js", "assets/vergelijken.js"),
        styles=("assets/keuzelijst.css", "assets/vergelijken.css"),
    )
    yield from _scripts(facts, connection, periods)


def _scripts(
    facts: Facts, connection: duckdb.DuckDBPyConnection, periods: Mapping[str, list[tuple[str, int]]]
) -> Iterator[File]:
    """One script per area that can be chosen, and that of Nederland for the lines in a chart."""
    names = {kpi_id: [period for period, _ in found] for kpi_id, found in periods.items()}
    figures = AreaFigures(connection, names)
    wanted = {row["gemeente_code"] for row in _areas(facts)} | {NATION}
    for code in sorted(wanted):
        yield File(gemeente_data(code), script_text(f"gemeente/{code}", figures.take(code).as_record()))


def _areas(facts: Facts) -> list[Row]:
    return [row for row in facts.areas.values() if row["soort_gebied"] in _KINDS]


def _choice(
    facts: Facts, connection: duckdb.DuckDBPyConnection, periods: Mapping[str, list[tuple[str, int]]]
) -> dict[str, Any]:
    """What the script of the page knows: which areas there are and where they lie, and the periods of each KPI."""
    everyday = facts.everyday_names()
    own = {row["gemeente_code"] for row in read_rows(connection, _OWN)}
    return {
        "meest": MOST,
        "gebieden": [
            [row["gemeente_code"], row["gemeente_naam"], everyday.get(row["gemeente_code"], "")]
            for row in _areas(facts)
        ],
        "eigen": sorted(own),
        "perioden": {kpi_id: [period for period, _ in found] for kpi_id, found in periods.items()},
        "jaren": {period: year for found in periods.values() for period, year in found},
        "oordelen": OUTCOME,
        "nederland": NATION,
        "pagina": gemeente_page(CODE),
        "data": gemeente_data(CODE),
        "indelingsjaar": next((row["indelingsjaar"] for row in facts.gemeenten), None),
    }


def _periods(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for row in read_rows(connection, _PERIODS):
        found.setdefault(row["kpi_id"], []).append((row["periode"], row["jaar"]))
    return found
