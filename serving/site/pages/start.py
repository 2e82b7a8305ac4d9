"""The start page: find a gemeente or a KPI, the map, and what is new in this publication."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import duckdb

from serving.publication import read_rows
from serving.revision import KINDS
from serving.site.facts import Facts
from serving.site.kaart import svg_paths
from serving.site.kpi_groups import families, in_force
from serving.site.page import Page
from serving.summary import COUNTS

Row = Mapping[str, Any]

# About as wide as it is shown: more points would not be seen, and each costs bytes.
_MAP_WIDTH = 700
_OWN = "select distinct gemeente_code from kpi_gemeente where familie <> 'impact'"
_RENEWED = "select bron_id, titel, modified, loaded_at from bron where staat = 'ververst' order by titel, bron_id"
_PERIODS = """
select nieuwste_periode as periode, count(*) as kpis
from kpi_dekking inner join kpi using (kpi_id, model_versie)
where kpi.geldend and nieuwste_periode is not null
group by nieuwste_periode
order by nieuwste_periode desc
"""
_REVISED = """
select kpi_id, soort_wijziging, count(*) as cijfers, count(distinct gemeente_code) as gebieden
from kpi_revisie
where naar_publicatie_id = ? and kpi_id is not null
group by kpi_id, soort_wijziging
order by split_part(kpi_id, ' ', 1), try_cast(split_part(kpi_id, ' ', 2) as integer) nulls last, kpi_id,
    cijfers desc, soort_wijziging
"""
_NOTES = """
select distinct toelichting from kpi_revisie where naar_publicatie_id = ? and toelichting is not null order by 1
"""


def pages(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """The start page."""
    own = {row["gemeente_code"] for row in read_rows(connection, _OWN)}
    yield Page(
        path="index.html",
        template="start.html.jinja",
        title="Gemeenten en KPI's",
        content={
            "aantallen": read_rows(connection, COUNTS)[0],
            "provincies": _provinces(facts),
            "ook": facts.everyday_names(),
            "families": families(facts.kpis),
            "kaart": _map(facts, own),
            "eigen": [row for row in facts.gemeenten if row["gemeente_code"] in own],
            "organisatie": facts.areas.get("ORG") if "ORG" in own else None,
            "land": facts.areas.get("NL"),
            "nieuw": _news(facts, connection),
        },
        scripts=("assets/keuzelijst.js", "assets/start.js"),
        styles=("assets/keuzelijst.css", "assets/start.css"),
    )


def _provinces(facts: Facts) -> list[tuple[str, list[Row]]]:
    rows = sorted(facts.gemeenten, key=lambda row: row["provincie"] or "")
    return [
        (name or "Zonder provincie", list(group)) for name, group in groupby(rows, key=lambda row: row["provincie"])
    ]


def _map(facts: Facts, own: set[str]) -> dict[str, Any] | None:
    """The map as SVG: what it shows of each gemeente of this publication, in order of name."""
    if facts.boundaries is None:
        return None
    drawn = svg_paths(facts.boundaries, _MAP_WIDTH)
    shapes = [
        {"code": code, "naam": row["gemeente_naam"], "d": drawn.paths[code], "eigen": code in own}
        for code, row in ((row["gemeente_code"], row) for row in facts.gemeenten)
        if code in drawn.paths
    ]
    # What is drawn last lies on top, with its whole outline.
    return {"view_box": drawn.view_box, "vormen": sorted(shapes, key=lambda shape: shape["eigen"])}


def _news(facts: Facts, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    publicatie_id = facts.publicatie["publicatie_id"]
    names = {row["kpi_id"]: row["label"] for row in in_force(facts.kpis)}
    revised = read_rows(connection, _REVISED, [publicatie_id])
    return {
        "bronnen": read_rows(connection, _RENEWED),
        "perioden": read_rows(connection, _PERIODS),
        "herzien": [
            {
                **row,
                "label": names.get(row["kpi_id"]),
                "wat": KINDS.get(row["soort_wijziging"], row["soort_wijziging"]),
            }
            for row in revised
        ],
        "cijfers": sum(row["cijfers"] for row in revised),
        "opmerkingen": [row["toelichting"] for row in read_rows(connection, _NOTES, [publicatie_id])],
    }
