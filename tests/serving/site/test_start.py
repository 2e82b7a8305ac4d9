"""The start page: everything can be reached from it, with and without a script."""

import re
from dataclasses import replace

import pytest

from serving.site.pages import start
from serving.site.places import gemeente_page, kpi_page
from tests.serving.conftest import Mini
from tests.serving.site.conftest import Opened


def _html(opened: Opened) -> str:
    (page,) = start.pages(opened.facts, opened.connection)
    return opened.html(page)


def test_every_gemeente_and_every_kpi_in_force_is_a_plain_link(opened: Opened) -> None:
    """Without a script the list is the only way to a page."""
    html = _html(opened)
    for row in opened.facts.gemeenten:
        assert f'href="{gemeente_page(row["gemeente_code"])}" data-zoek="gebied"' in html
    for row in opened.facts.kpis:
        assert html.count(f'href="{kpi_page(row["kpi_id"])}" data-zoek="kpi"') == 1
    assert 'href="gemeente/GM9999.html"' not in html


def test_an_older_version_of_a_kpi_is_not_listed(opened: Opened) -> None:
    """Two lines with one number would leave the reader to guess which one counts."""
    assert "Relatie met ouders" not in _html(opened)


def test_the_search_knows_the_everyday_name(opened: Opened) -> None:
    """Nobody types 's-Gravenhage."""
    assert 'data-code="GM0518" data-ook="Den Haag"' in _html(opened)


def test_the_map_links_each_gemeente_that_has_a_shape_and_can_be_skipped(opened: Opened) -> None:
    """Whoever uses the keyboard would have to press tab hundreds of times to get past it."""
    html = _html(opened)
    svg = html[html.index('<svg viewBox="0 0') : html.index("</svg>")]
    assert re.findall(r'<a href="gemeente/(\w+)\.html"', svg) == ["GM0518", "GM0758"]
    assert 'aria-label="&#39;s-Gravenhage"' in svg
    assert html.index('href="#na-kaart"') < html.index('<svg viewBox="0 0') < html.index('id="na-kaart"')


def test_where_the_organisation_works_is_marked_by_more_than_colour(opened: Opened) -> None:
    """A mark by colour alone is lost on paper and on whoever does not see it."""
    html = _html(opened)
    assert 'class="eigen" aria-label="Breda, hier werkt de organisatie"' in html
    assert "gestreept: hier werkt de organisatie" in html
    assert html.count('class="eigen"') == 1


def test_a_publication_without_map_says_so(opened: Opened) -> None:
    """A hole in the page would look as if it failed to load."""
    html = _html(replace(opened, facts=replace(opened.facts, boundaries=None)))
    assert "In deze publicatie zit geen kaart" in html
    assert "<path" not in html


def test_the_counts_are_those_of_the_summary(opened: Opened) -> None:
    """Two ways of counting would give two numbers for the same publication."""
    html = _html(opened)
    assert "3 van de 6 KPI" in html
    assert "voor 1 van de 5 gemeenten" in html


def test_a_first_publication_says_that_nothing_was_revised(opened: Opened) -> None:
    """An empty place would leave open whether anybody looked."""
    assert "Geen enkel eerder gepubliceerd cijfer is herzien." in _html(opened)


class TestRevised:
    """A publication in which a figure changed."""

    @pytest.fixture
    def standing(self, standing: Mini) -> Mini:
        """The miniature with one figure revised since."""
        standing.sql("update marts.kpi_waarde set waarde = 14 where kpi_id = 'I 3.3.2' and gemeente_code = 'GM0758'")
        standing.publish()
        return standing

    def test_what_was_revised_is_counted_per_kpi_in_words(self, opened_standing: Opened) -> None:
        """Whoever quoted a figure has to see that it is another one now."""
        html = _html(opened_standing)
        assert "2 eerder gepubliceerde cijfers zijn herzien" in html
        assert "het cijfer is anders" in html
        assert 'href="downloads.html#kpi_revisie"' in html


class TestHostileName:
    """A publication with a gemeente and a label that are markup."""

    @pytest.fixture
    def standing(self, standing: Mini) -> Mini:
        """The miniature with hostile names."""
        standing.sql("update marts.gemeente set gemeente_naam = '<img src=x>\"' where gemeente_code = 'GM0758'")
        standing.sql("update marts.kpi set label = '</a><script>x' where kpi_id = 'A 1'")
        standing.publish()
        return standing

    def test_names_from_outside_stay_text(self, opened_standing: Opened) -> None:
        """A name would run as a script in the browser of every reader."""
        html = _html(opened_standing)
        assert "<img" not in html
        assert "</a><script>x" not in html
        assert "&lt;img src=x&gt;&#34;" in html
