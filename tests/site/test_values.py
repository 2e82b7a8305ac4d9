"""Whatever a page says is what the mart stored."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from serving.render import with_unit
from serving.site.places import gemeente_data, gemeente_page, kpi_page
from serving.words import OUTCOME, reason, trend

pytestmark = pytest.mark.xdist_group("demo")

_SAMPLE = 25
_FIGURES = """
select
    figure.*, peers.benchmark_waarde as buur_waarde, peers.oordeel as buur_oordeel, series.van_periode,
    coalesce(figure.vergelijkingseenheid, figure.eenheid) as naast_eenheid
from kpi_gemeente as figure
inner join kpi on kpi.kpi_id = figure.kpi_id and kpi.model_versie = figure.model_versie and kpi.geldend
inner join gemeente on gemeente.gemeente_code = figure.gemeente_code and gemeente.soort_gebied = 'gemeente'
left join kpi_vergelijking as peers
    on peers.kpi_id = figure.kpi_id and peers.model_versie = figure.model_versie
    and peers.uitsplitsing = figure.uitsplitsing and peers.gemeente_code = figure.gemeente_code
    and peers.periode = figure.periode and peers.variant is not distinct from figure.variant
    and peers.benchmark_type = 'buurgroep'
left join kpi_trend as series
    on series.kpi_id = figure.kpi_id and series.model_versie = figure.model_versie
    and series.uitsplitsing = figure.uitsplitsing and series.gemeente_code = figure.gemeente_code
where figure.hoofduitsplitsing and figure.familie = 'impact'
order by figure.kpi_id, figure.gemeente_code
"""

Row = Mapping[str, Any]


@pytest.fixture(scope="module")
def sample(mart: duckdb.DuckDBPyConnection) -> list[Row]:
    """Figures of gemeenten picked at random, the same each time, with and without a value."""
    found = mart.execute(_FIGURES)
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
    return random.Random(758).sample(rows, _SAMPLE)


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def _row(path: Path, marker: str) -> str:
    """The row of a table that has the marker."""
    rows = [row for row in path.read_text(encoding="utf-8").split("<tr") if marker in row and 'scope="row"' in row]
    assert rows, f"{path.name} has no row with {marker}"
    return _text("<tr" + rows[0])


def _said(row: Row) -> list[str]:
    """What must stand there of a figure."""
    if row["waarde"] is None:
        return [reason(row["ontbreekt_reden"]).casefold()]
    value = with_unit(row["waarde"], row["eenheid"])
    return [f"{value} {row['periode']}", trend(row, row["van_periode"]), OUTCOME[row["oordeel"]]]


def test_a_profile_says_what_the_mart_stored(site: Path, sample: list[Row]) -> None:
    """A figure, verdict or trend on the page would differ from what the terminal and the workbook say."""
    for row in sample:
        link = f"{kpi_page(row['kpi_id'])}?g="
        text = _row(site / gemeente_page(row["gemeente_code"]), link)
        expected = _said(row)
        if row["waarde"] is not None:
            beside = [with_unit(row[name], row["naast_eenheid"]) for name in ("benchmark_waarde", "buur_waarde")]
            expected += [value for value in beside if value]
            expected += [OUTCOME[row["buur_oordeel"]]] if row["buur_oordeel"] else []
        missing = [part for part in expected if part.casefold() not in text.casefold()]
        assert not missing, f"{row['gemeente_naam']}, {row['kpi_id']}: {missing} not in {text}"


def test_the_table_of_a_kpi_says_what_the_mart_stored(site: Path, sample: list[Row]) -> None:
    """The same figure would differ from one page to the next."""
    for row in sample:
        path, marker = site / kpi_page(row["kpi_id"]), f'data-code="{row["gemeente_code"]}"'
        html = path.read_text(encoding="utf-8")
        # Where no gemeente has a figure, the page gives the reason once, without a table.
        text = _row(path, marker) if row["waarde"] is not None or marker in html else _text(html)
        expected = (
            _said(row)[:1] if row["waarde"] is None else [with_unit(row["waarde"], row["eenheid"]), row["periode"]]
        )
        missing = [part for part in expected if part.casefold() not in text.casefold()]
        assert not missing, f"{row['gemeente_naam']}, {row['kpi_id']}: {missing} not in {text}"


def test_what_is_compared_says_what_the_mart_stored(site: Path, sample: list[Row]) -> None:
    """Side by side a figure would differ from that in the profile."""
    for row in sample:
        script = (site / gemeente_data(row["gemeente_code"])).read_text(encoding="utf-8")
        data = json.loads(script[script.index(",") + 1 : script.rindex(")")])
        value, text, period, verdict, *_ = data["kpis"][row["kpi_id"]]
        if row["waarde"] is None:
            assert value is None
        else:
            figure = with_unit(row["waarde"], row["eenheid"])
            # A count has its rate behind it: gemeenten are not of one size.
            rate = with_unit(row["vergelijkingswaarde"], row["vergelijkingseenheid"])
            assert text in {figure, f"{figure} ({rate})"}
            assert (period, verdict) == (row["periode"], row["oordeel"])


def test_the_sample_has_figures_and_missing_ones(sample: list[Row]) -> None:
    """The tests above could pass because there was nothing to compare."""
    assert sum(row["waarde"] is not None for row in sample) >= 10
    assert any(row["waarde"] is None for row in sample)
