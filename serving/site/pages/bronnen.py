"""Where the figures come from: the sources with their state, how many gemeenten each KPI covers, and the licences."""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from serving.publication import read_rows
from serving.site.embed import embed_json
from serving.site.facts import Facts
from serving.site.kpi_groups import Family, families, in_force
from serving.site.page import Page
from serving.words import SOURCE_STATE

Row = Mapping[str, Any]

_SOURCES = "select * from bron order by titel, bron_id"
_COVERAGE = """
select kpi_id, model_versie, status, gemeenten_met_waarde, gemeenten_totaal, nieuwste_periode, reden, ontbreekt_reden
from kpi_dekking
"""
_UNUSED = frozenset({"niet_nodig", "niet_opgehaald"})


def pages(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """The page with the sources."""
    with_page = {row["kpi_id"] for row in in_force(facts.kpis)}
    sources = [{**row, "kpis": _kpis(row, with_page)} for row in read_rows(connection, _SOURCES)]
    yield Page(
        path="bronnen.html",
        template="bronnen.html.jinja",
        title="Bronnen en kwaliteit",
        content={
            "in_gebruik": [row for row in sources if row["editie"]],
            "ontbreekt": [row for row in sources if not row["editie"] and row["staat"] not in _UNUSED],
            "niet_nodig": [row for row in sources if not row["editie"] and row["staat"] in _UNUSED],
            "verouderd": [row for row in sources if row["verouderd_sinds"]],
            "dekking": _coverage(facts, connection),
            "licenties": _licences(sources),
            "voor_script": embed_json(
                {
                    "soort": facts.publicatie["soort"],
                    "publicatie": facts.publicatie["publicatie_id"],
                    "staten": SOURCE_STATE,
                }
            ),
        },
        scripts=("assets/bronnen.js",),
        styles=("assets/naslag.css",),
    )


def _kpis(source: Row, with_page: set[str]) -> list[dict[str, Any]]:
    """The KPIs of a source, each with whether it has a page."""
    names = (source["kpis"] or "").split(", ")
    return [{"kpi_id": name, "heeft_pagina": name in with_page} for name in names if name]


def _coverage(facts: Facts, connection: duckdb.DuckDBPyConnection) -> list[Family]:
    covered = {(row["kpi_id"], row["model_versie"]): row for row in read_rows(connection, _COVERAGE)}
    keyed = [(row, (row["kpi_id"], row["model_versie"])) for row in facts.kpis]
    return families([{**row, "dekking": covered[key]} for row, key in keyed if key in covered])


def _licences(sources: list[dict[str, Any]]) -> list[tuple[str, list[Row]]]:
    """By licence the sources that have figures in this publication."""
    used = [row for row in sources if row["editie"]]
    names = sorted({row["licentie"] for row in used})
    return [(name, [row for row in used if row["licentie"] == name]) for name in names]
