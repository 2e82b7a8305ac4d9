"""The page with definitions: every KPI in force, and the words of the other pages."""

import re

import pytest

from serving.site.pages import definities
from serving.site.places import kpi_page
from serving.words import NO_TREND, NOT_COMPARED, every_reason
from tests.serving.conftest import Mini
from tests.serving.site.conftest import Opened


def _html(opened: Opened) -> str:
    (page,) = definities.pages(opened.facts, opened.connection)
    return opened.html(page)


def test_every_kpi_in_force_is_there_once_with_its_definition_and_a_link(opened: Opened) -> None:
    """A KPI that is not explained here is explained nowhere for whoever starts from the list."""
    html = _html(opened)
    for row in (row for row in opened.facts.kpis if row["geldend"]):
        assert html.count(f'href="{kpi_page(row["kpi_id"])}"') == 1
        assert row["definitie"] in html
    assert "Oude omschrijving" not in html


def test_unit_direction_and_coverage_are_in_words(opened: Opened) -> None:
    """Codes of the mart mean nothing to an advisor."""
    html = _html(opened)
    assert "lager is gunstiger" in html
    assert "deels beschikbaar" in html
    assert "Reden van I 4.1.1." in html
    assert "eigen_levering_nodig" not in html


def test_an_approximation_and_an_estimate_say_so(opened: Opened) -> None:
    """A proxy that is read as the KPI itself leads to the wrong conclusion."""
    html = _html(opened)
    row = html[html.index("% sociaal uitgesloten") :].partition("</tr>")[0]
    assert "benadering (proxy)" in row
    assert "modelmatig geschat" in row
    assert "zegt niets over uitsluiting zelf" in row


def test_every_reason_that_a_page_may_give_is_explained(opened: Opened) -> None:
    """A reason that is on a page and not here leaves the reader without an explanation."""
    html = _html(opened)
    for sentence in (*NOT_COMPARED.values(), *NO_TREND.values(), *every_reason()):
        assert sentence in html


@pytest.mark.parametrize("anchor", ["vergelijkbaar", "niet-te-bepalen", "woorden", "proxy", "modelmatig"])
def test_places_that_are_linked_to_exist_once(opened: Opened, anchor: str) -> None:
    """A link to a word would end at the top of the page."""
    assert len(re.findall(f'id="{anchor}"', _html(opened))) == 1


def test_the_words_never_call_two_figures_equal_or_stable(opened: Opened) -> None:
    """Not shown to differ is not the same as equal; not tested is not stable."""
    html = _html(opened)
    assert "Dat is niet hetzelfde als gelijk" in html
    assert "Dat is iets anders dan stabiel" in html


class TestChoice:
    """An organisation that chose some of the KPIs."""

    @pytest.fixture
    def standing(self, standing: Mini) -> Mini:
        """The miniature with one KPI not chosen."""
        standing.sql("update marts.kpi set gekozen = kpi_id <> 'I 3.3.2'")
        standing.publish()
        return standing

    def test_a_kpi_that_was_not_chosen_is_still_there_apart(self, opened_standing: Opened) -> None:
        """A choice of the organisation may not make a KPI of the model disappear."""
        html = _html(opened_standing)
        others = html[html.index("niet gekozen door de organisatie") :].partition("</details>")[0]
        assert f'href="{kpi_page("I 3.3.2")}"' in others
