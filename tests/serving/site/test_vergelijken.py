"""The page that compares and the scripts with the figures it puts side by side."""

import json
import re
from typing import Any

import pytest

from serving.site.page import File, Page
from serving.site.pages import vergelijken
from serving.site.places import gemeente_data
from serving.site.side_by_side import AreaFigures
from tests.serving.conftest import Mini
from tests.serving.site.conftest import Opened

FIGURE, TEXT, PERIOD, VERDICT, SENTENCE, FIRMNESS, TREND, MISSING, SERIES = range(9)
BREDA, THE_HAGUE = "GM0758", "GM0518"


def scripts(opened: Opened) -> dict[str, dict[str, Any]]:
    """What each script hands over, by its path."""
    return {
        file.path: json.loads(re.fullmatch(r'impactKpi\.ontvang\("gemeente/\w+",(.*)\);\n', file.content).group(1))
        for file in vergelijken.pages(opened.facts, opened.connection)
        if isinstance(file, File)
    }


def html(opened: Opened) -> str:
    (page,) = (made for made in vergelijken.pages(opened.facts, opened.connection) if isinstance(made, Page))
    return opened.html(page)


def choice(text: str) -> dict[str, Any]:
    """What the script of the page is given."""
    found: dict[str, Any] = json.loads(re.search(r'id="keuze">(.*?)</script>', text).group(1))
    return found


def test_every_area_that_can_be_chosen_has_its_script(opened: Opened) -> None:
    """A gemeente that is in the list and has no figures to fetch."""
    offered = {gemeente_data(code) for code, _, _ in choice(html(opened))["gebieden"]}
    assert offered == scripts(opened).keys() - {gemeente_data("NL")}
    assert gemeente_data(BREDA) in offered
    assert gemeente_data("GM9999") not in offered


def test_a_figure_says_the_same_as_the_command_line(opened: Opened) -> None:
    """Two wordings of one verdict leave the reader to guess which holds."""
    breda = scripts(opened)[gemeente_data(BREDA)]
    cell = breda["kpis"]["I 3.3.2"]
    assert cell[:4] == [13.1, "13,1 %", "2020", "ongunstiger"]
    sentence, firmness, since = (breda["teksten"][cell[place]] for place in (SENTENCE, FIRMNESS, TREND))
    assert sentence == (
        "ongunstiger: ligt lager dan Nederland (13,1 % tegen 13,6 %); het verschil is groter dan door toeval te "
        "verwachten is"
    )
    assert firmness == "definitief, modelmatig geschat; 95 %-interval 12,8 % tot 13,4 % (zoals de bron het geeft)"
    assert since == "sinds 2016 dalend (vijf jaar, getoetst), een ongunstig signaal"
    assert cell[MISSING] is None


def test_a_missing_figure_says_why_and_nothing_else(opened: Opened) -> None:
    """An empty cell reads as nought, and a verdict on nothing reads as one."""
    area = scripts(opened)[gemeente_data(THE_HAGUE)]
    cell = area["kpis"]["I 3.3.2"]
    assert cell[:7] == [None, "", "2020", None, None, None, None]
    assert "geheim" in area["teksten"][cell[MISSING]]


def test_a_verdict_is_against_nederland_whatever_the_profile_compares_with(
    standing: Mini, request: pytest.FixtureRequest
) -> None:
    """Beside each other, one gemeente held against its peers and the other against Nederland, would mislead."""
    standing.sql("update marts.kpi_gemeente set benchmark_type = 'buurgroep', oordeel = 'vergelijkbaar'")
    standing.publish()
    opened = request.getfixturevalue("opened_standing")
    assert scripts(opened)[gemeente_data(BREDA)]["kpis"]["I 3.3.2"][VERDICT] == "ongunstiger"


def test_a_series_has_a_place_for_every_period_of_the_kpi(opened: Opened) -> None:
    """Points that shift a year when a gemeente has no figure for it."""
    periods = choice(html(opened))["perioden"]
    assert periods["I 2.1.1"] == ["2022", "2024"]
    assert scripts(opened)[gemeente_data(BREDA)]["kpis"]["I 2.1.1"][SERIES] == [
        [0.5, "0,500"],
        [-0.0343701, "\N{MINUS SIGN}0,034", 2],
    ]


def test_a_line_stops_at_a_missing_figure_and_at_another_territory(
    standing: Mini, request: pytest.FixtureRequest
) -> None:
    """A line drawn through a break shows a change that nobody measured."""
    standing.sql(
        """insert into marts.kpi_waarde by name
        select * replace ('2023' as periode, 2023 as jaar, null as waarde, 'geheim_bron' as ontbreekt_reden)
        from marts.kpi_waarde where kpi_id = 'I 2.1.1' and periode = '2022';
        insert into marts.kpi_waarde by name
        select * replace ('2025' as periode, 2025 as jaar, true as breuk, 'voorlopig' as status)
        from marts.kpi_waarde where kpi_id = 'I 2.1.1' and periode = '2024'"""
    )
    standing.publish()
    points = scripts(request.getfixturevalue("opened_standing"))[gemeente_data(BREDA)]["kpis"]["I 2.1.1"][SERIES]
    assert [point[2:] for point in points] == [[], [3], [1, 1]]


def test_figures_of_the_organisation_stand_apart_and_without_a_verdict(opened: Opened) -> None:
    """Participants are other people than inhabitants: side by side, never held against each other."""
    text = html(opened)
    open_part, own_part = text.split('<div id="eigen" hidden>')
    assert 'data-kpi="A 1"' in own_part
    assert 'data-kpi="A 1"' not in open_part
    assert scripts(opened)[gemeente_data(BREDA)]["kpis"]["A 1"][VERDICT] is None
    assert choice(text)["eigen"] == [BREDA]


def test_without_scripts_there_is_a_way_on(opened: Opened) -> None:
    """A page of empty columns with nothing to choose from."""
    text = html(opened)
    (without,) = re.findall(r"<noscript>(.*?)</noscript>", text, flags=re.DOTALL)
    assert 'href="gemeente/GM0758.html"' in without
    assert re.search(r"<span class=\"cijfer\">13,6 %</span> <span class=\"stil\">2020</span>", text)


def test_the_page_says_that_it_is_no_test_between_gemeenten(opened: Opened) -> None:
    """Two verdicts beside each other are read as a verdict on the difference."""
    assert "geen toets tussen deze gemeenten" in html(opened)


def test_a_label_of_the_organisation_cannot_become_markup(standing: Mini, request: pytest.FixtureRequest) -> None:
    """A name from outside that runs as script on an intranet."""
    standing.sql("update marts.kpi set label = '</script><img src=x onerror=alert(1)>' where kpi_id = 'I 3.3.2'")
    standing.sql("update marts.gemeente set gemeente_naam = '<b>\"Breda' where gemeente_code = 'GM0758'")
    standing.publish()
    text = html(request.getfixturevalue("opened_standing"))
    assert "<img" not in text
    assert "<b>" not in text


def test_what_is_not_chosen_is_there_and_marked(standing: Mini, request: pytest.FixtureRequest) -> None:
    """A KPI outside the profile would be lost, or be shown as if it were chosen."""
    standing.sql("update marts.kpi set gekozen = false where kpi_id = 'I 4.1.1'")
    standing.publish()
    text = html(request.getfixturevalue("opened_standing"))
    marked = dict(re.findall(r'<tr data-kpi="([^"]+)"[^>]* data-gekozen="(\w+)"', text))
    assert marked["I 4.1.1"] == "nee"
    assert marked["I 3.3.2"] == "ja"


def test_an_area_without_figures_is_empty_and_does_not_shift_the_next(opened: Opened) -> None:
    """Reading in one pass, one area less would give every area after it the figures of its neighbour."""
    figures = AreaFigures(opened.connection, {})
    assert figures.take("GM0001").kpis == {}
    assert figures.take(BREDA).kpis["I 3.3.2"][TEXT] == "13,1 %"
