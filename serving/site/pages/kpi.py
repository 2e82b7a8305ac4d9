"""A page per KPI and uitsplitsing: where every area stands, since when, and what the figure means."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import duckdb

from serving.publication import read_rows
from serving.site import kpi_card
from serving.site.embed import embed_json, script_text
from serving.site.facts import Facts
from serving.site.kaart import map_file
from serving.site.kpi_figures import Breakdown, Breakdowns
from serving.site.kpi_groups import in_force
from serving.site.kpi_lines import chart_data, sentences, table
from serving.site.kpi_series import AllSeries, Moment, Series
from serving.site.page import File, Page
from serving.site.places import kpi_page

Row = Mapping[str, Any]

_COVERAGE = "select * from kpi_dekking"
_SOURCES = "select * from bron where kpis is not null order by bron_id"
_LINKS = """
select distinct impact_kpi_id, effect_kpi_id, professional_kpi_id, bereik_kpi_id
from resultaatketen_schakel
order by all
"""
_EMPTY = Series()
_SCRIPTS = ("assets/grafiek.js", "assets/kpi.js", "assets/kpi_tabel.js", "assets/kpi_kaart.js", "assets/kpi_trend.js")


def pages(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Iterator[Page | File]:
    """Yield the pages of every KPI of the version in force, and what they load.

    A KPI without figures has a page that says why; one with figures has a script with its series and sentences. The
    map comes first.
    """
    if facts.boundaries is not None:
        yield map_file(facts.boundaries)
    coverage = {(row["kpi_id"], row["model_versie"]): row for row in read_rows(connection, _COVERAGE)}
    sources = read_rows(connection, _SOURCES)
    links = read_rows(connection, _LINKS)
    everyday = facts.everyday_names()
    for kpi, breakdowns, series in _all(facts, connection):
        shared = {
            "kpi": kpi,
            "merken": kpi_card.tags(kpi),
            "richting": kpi_card.direction(kpi),
            "dekking": kpi_card.coverage(coverage.get((kpi["kpi_id"], kpi["model_versie"]))),
            "kaartregels": kpi_card.facts(kpi),
            "bronnen": kpi_card.sources_of(kpi["kpi_id"], sources),
            "privacy": kpi_card.PRIVACY,
            "eerder": [row for row in facts.kpis if row["kpi_id"] == kpi["kpi_id"] and not row["geldend"]],
            "keten": _related(facts, kpi["kpi_id"], links),
            "delen": [(breakdown, _path(breakdown)) for breakdown in breakdowns],
            "ook": everyday,
        }
        for breakdown in breakdowns:
            found = series.get(breakdown.code, _EMPTY)
            yield _page(facts, breakdown, found, shared)
            if breakdown.rows:
                name = _data_name(breakdown)
                yield File(f"data/{name}.js", script_text(name, _script_value(breakdown, found)))


def _all(
    facts: Facts, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[Row, Sequence[Breakdown], Mapping[str, Series]]]:
    """Every KPI in force with its figures and its series, in order of id: the order in which they are read."""
    figures, series = Breakdowns(connection), AllSeries(connection)
    for kpi in sorted(in_force(facts.kpis), key=itemgetter("kpi_id")):
        breakdowns = figures.take(kpi)
        yield kpi, breakdowns, series.take(kpi["kpi_id"], {found.code: found.drawn_unit for found in breakdowns})


def _path(breakdown: Breakdown) -> str:
    return kpi_page(breakdown.kpi["kpi_id"], None if breakdown.is_hoofd else breakdown.code)


def _data_name(breakdown: Breakdown) -> str:
    return _path(breakdown).removesuffix(".html")


def _page(facts: Facts, breakdown: Breakdown, series: Series, shared: Mapping[str, Any]) -> Page:
    kpi, whole = breakdown.kpi, breakdown.whole
    codes = {row["gemeente_code"] for row in breakdown.areas}
    everyday = {code: name for code, name in shared["ook"].items() if code in codes}
    name = kpi["label"] or kpi["naam"]
    has_map = breakdown.is_open and facts.boundaries is not None and breakdown.periode is not None
    content = {
        **shared,
        "deel": breakdown,
        "tabel": table(breakdown),
        "reeks": _shown(series, whole),
        "heeft_kaart": has_map,
        "heeft_punten": breakdown.is_open and breakdown.periode is not None,
        "gegevens": embed_json({**chart_data(breakdown), "bestand": _data_name(breakdown), "ook": everyday}),
    }
    return Page(
        path=_path(breakdown),
        template="kpi.html.jinja",
        title=f"{kpi['kpi_id']} {name}" + ("" if breakdown.is_hoofd else f", {breakdown.naam}"),
        content=content,
        scripts=_SCRIPTS,
        styles=("assets/kpi.css",),
    )


def _shown(series: Series, whole: Row | None) -> list[tuple[str, Moment | None]]:
    """The series of Nederland or the organisation as text: what the page says without a script."""
    if whole is None:
        return []
    return [
        (name, moment) for (_, name), moment in zip(series.periods, series.moments(whole["gemeente_code"]), strict=True)
    ]


def _script_value(breakdown: Breakdown, series: Series) -> dict[str, Any]:
    said = {row["gemeente_code"]: sentences(row) for row in breakdown.rows}
    return {**series.script_value(), "zinnen": {code: lines for code, lines in said.items() if lines}}


def _related(facts: Facts, kpi_id: str, links: Iterable[Row]) -> list[Row]:
    """The KPIs that stand in one link of the results chain with this one, in the order of the model."""
    beside = {other for link in links if kpi_id in link.values() for other in link.values()} - {kpi_id}
    return [row for row in in_force(facts.kpis) if row["kpi_id"] in beside]
