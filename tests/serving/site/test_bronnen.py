"""The page with sources: state, coverage and licences as they were at the moment of publication."""

import re

import pytest

from serving.site.pages import bronnen
from tests.serving.conftest import Mini
from tests.serving.site.conftest import Opened


def _html(opened: Opened) -> str:
    (page,) = bronnen.pages(opened.facts, opened.connection)
    return opened.html(page)


def _row(html: str, bron_id: str) -> str:
    return html[html.index(f'data-bron="{bron_id}"') :].partition("</tr>")[0]


def test_a_source_in_use_has_edition_dates_and_its_kpis(opened: Opened) -> None:
    """A figure without the edition it came from cannot be checked."""
    row = _row(_html(opened), "rivm_1")
    for text in ("20261120T010000Z-aa", "05-11-2024", "20-11-2026", "12.000", "ververst", "CC BY 4.0"):
        assert text in row
    assert 'href="kpi/I-3.3.2.html"' in row


def test_a_kpi_without_a_page_is_named_and_not_linked(opened: Opened) -> None:
    """A source may feed a KPI that this publication does not have: a link would lead nowhere."""
    row = _row(_html(opened), "politie_9")
    assert "<li>I 2.1.4</li>" in row


def test_a_source_that_is_not_there_says_so_and_why(opened: Opened) -> None:
    """An empty cell would look as if nobody tried."""
    row = _row(_html(opened), "politie_9")
    assert "niet aangeboden" in row
    assert "De dienst biedt deze tabel niet aan." in row


def test_no_source_disappears(opened: Opened) -> None:
    """Sources that are not used count too: a reader has to see that they are known."""
    assert re.findall(r'data-bron="(\w+)"', _html(opened)) == ["rivm_1", "lbm", "politie_9", "cbs_oud"]


def test_every_kpi_in_force_has_its_coverage(opened: Opened) -> None:
    """A KPI without figures would silently be left out of the account."""
    html = _html(opened)
    coverage = html[html.index('id="dekking"') :]
    for row in (row for row in opened.facts.kpis if row["geldend"]):
        assert f"Reden van {row['kpi_id']}." in coverage
    assert "1 van 5" in coverage


def test_each_licence_names_how_to_cite_its_sources(opened: Opened) -> None:
    """Handing on figures without naming the source breaks most licences."""
    html = _html(opened)
    licences = html[html.index('id="licenties"') :]
    assert licences.index("CC BY 4.0") < licences.index("Bron: RIVM, tabel 1") < licences.index("CC0")
    assert "Bron: Politie" not in licences
    assert "EUPL-1.2" in licences
    assert "Vega en Vega-Lite: BSD-3-Clause" in licences


def test_the_script_finds_what_it_fills_in(opened: Opened) -> None:
    """The report of the last night would replace nothing, and nobody would notice."""
    html = _html(opened)
    row = _row(html, "lbm")
    for part in ("data-woord", "data-ouderdom", "data-melding", "data-gekeken"):
        assert part in row
    assert 'id="laatste-run"' in html
    assert html.count('id="ouderdom"') == 1
    assert '"soort":"demo"' in html


class TestStale:
    """A source that could not be renewed."""

    @pytest.fixture
    def standing(self, standing: Mini) -> Mini:
        """The miniature with a stale source and a remark that is markup."""
        standing.sql(
            "update marts.bron set staat = 'fout', melding = '<b>HTTP 503</b>', verouderd_sinds = date '2026-11-19' "
            "where bron_id = 'lbm'"
        )
        standing.sql("update marts.bron set rijen = 11 where bron_id = 'rivm_1'")
        standing.publish()
        return standing

    def test_a_stale_source_says_since_when_and_why(self, opened_standing: Opened) -> None:
        """An old figure would pass for a new one."""
        html = _html(opened_standing)
        row = _row(html, "lbm")
        assert "mislukt" in row
        assert "verouderd sinds 19-11-2026" in row
        assert "&lt;b&gt;HTTP 503&lt;/b&gt;" in row
        assert "1 bron is verouderd" in html
