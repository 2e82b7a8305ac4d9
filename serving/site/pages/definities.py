"""All KPIs in force with what they mean, and the words of the site explained."""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from serving.columns import columns_of
from serving.publication import read_rows
from serving.site.facts import Facts
from serving.site.kpi_groups import families, in_force
from serving.site.page import Page
from serving.words import BENCHMARK, GROUND, INTERVAL, MEASURED, NO_TREND, NOT_COMPARED, every_reason

Row = Mapping[str, Any]

_COVERAGE = "select kpi_id, model_versie, status, reden, ontbreekt_reden from kpi_dekking"
_FEATURES = """
select kenmerk, omschrijving, eenheid, gebruikt, reden, jaar
from buurgroep_kenmerk order by gebruikt desc, kenmerk
"""


def pages(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """The page with definitions."""
    coverage = {(row["kpi_id"], row["model_versie"]): row for row in read_rows(connection, _COVERAGE)}
    yield Page(
        path="definities.html",
        template="definities.html.jinja",
        title="KPI's en definities",
        content={
            "families": families(
                [{**row, "dekking": coverage.get((row["kpi_id"], row["model_versie"]))} for row in facts.kpis]
            ),
            "aantal": len(in_force(facts.kpis)),
            "kenmerken": read_rows(connection, _FEATURES) if columns_of(connection, "buurgroep_kenmerk") else [],
            "woorden": {
                "niet_vergeleken": NOT_COMPARED,
                "geen_trend": NO_TREND,
                "interval": INTERVAL,
                "gemeten": MEASURED,
                "grond": GROUND,
                "vergelijking": BENCHMARK,
                "ontbreekt": every_reason(),
            },
        },
        scripts=("assets/definities.js",),
        styles=("assets/naslag.css",),
    )
