"""The profile of a gemeente: everything the mart has of it, in words, and the own registration clearly apart."""

import html as markup
import re
from html.parser import HTMLParser

import pytest

from serving.publication import read_rows
from serving.render import with_unit
from serving.site.pages import gemeente
from serving.words import POINTS_HEAD
from tests.serving.conftest import Mini
from tests.serving.site.conftest import Opened
from tests.serving.test_words import FORBIDDEN

BREDA = "GM0758"
VOID = {"meta", "link", "input", "br", "img", "path", "circle"}


def profile(opened: Opened, code: str = BREDA) -> str:
    (page,) = [page for page in gemeente.pages(opened.facts, opened.connection) if page.path == f"gemeente/{code}.html"]
    return opened.html(page)


def text(html: str) -> str:
    """What a reader sees, on one line."""
    return markup.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)))


def part(html: str, start: str, end: str = "</section>") -> str:
    return html[html.index(start) : html.index(end, html.index(start))]


def changed(standing: Mini, request: pytest.FixtureRequest, sql: str) -> Opened:
    """A publication of its own with a change in the mart."""
    standing.sql(sql)
    standing.publish(run_id="run-2")
    opened: Opened = request.getfixturevalue("opened_standing")
    return opened


class Balance(HTMLParser):
    """Elements that are open, and every element that closed another one than the last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[tuple[str, tuple[int, int]]] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, _tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append((tag, self.getpos()))


def test_every_gemeente_and_the_country_have_a_page(opened: Opened) -> None:
    """A link from the map would lead nowhere; the unknown gemeente without figures would be an empty page."""
    paths = {page.path for page in gemeente.pages(opened.facts, opened.connection)}
    assert paths == {f"gemeente/{code}.html" for code in opened.facts.areas if code != "GM9999"}


def test_unknown_gemeente_with_figures_has_a_page(standing: Mini, request: pytest.FixtureRequest) -> None:
    """Participants of whom the gemeente is unknown would be lost from the site."""
    opened = changed(
        standing, request, "update marts.kpi_gemeente set gemeente_code = 'GM9999' where familie = 'activiteit'"
    )
    assert "de gemeente niet bekend is" in profile(opened, "GM9999")


def test_every_element_is_closed_in_its_place(opened: Opened) -> None:
    """One forgotten end tag of a macro moves half a page into a table cell."""
    for code in (BREDA, "NL", "GM0518"):
        balance = Balance()
        balance.feed(profile(opened, code))
        assert (balance.wrong, balance.open) == ([], [])


def test_every_stored_figure_is_on_the_page(opened: Opened) -> None:
    """A KPI would be missing from a profile that says it has all leefgebieden."""
    said = text(profile(opened))
    for row in read_rows(opened.connection, f"select * from kpi_gemeente where gemeente_code = '{BREDA}'"):
        assert row["kpi_id"] in said
        assert with_unit(row["waarde"], row["eenheid"]) in said


def test_page_keeps_to_the_wording_rules(opened: Opened) -> None:
    """A signal would become a verdict, or a coincidence a cause."""
    assert FORBIDDEN.findall(text(profile(opened)).replace("dan door toeval", "")) == []


def test_names_from_outside_are_escaped(standing: Mini, request: pytest.FixtureRequest) -> None:
    """The label of an organisation could put a script in every page."""
    opened = changed(standing, request, "update marts.kpi_gemeente set label = '<script>x</script>'")
    assert "<script>x" not in profile(opened)
    assert "&lt;script&gt;x" in profile(opened)


def test_page_has_no_style_or_script_of_its_own(opened: Opened) -> None:
    """The content security policy would drop it without a word."""
    html = profile(opened)
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\bsrc=)", html)


def test_head_says_what_kind_of_gemeente_it_is(opened: Opened) -> None:
    """Numbers of classes mean nothing to a reader."""
    head = text(profile(opened).split("<nav class=")[1])
    assert "188.078" in text(profile(opened))
    assert "sterk stedelijk" in text(profile(opened))
    assert "Breda" in head


def test_likeness_names_and_links_the_gemeenten(opened: Opened) -> None:
    """Nobody believes a comparison with gemeenten that are not named."""
    assert '<li><a href="../gemeente/GM1900.html">Súdwest-Fryslân</a></li>' in profile(opened)


def test_points_come_first_and_untested_ones_are_folded(opened: Opened) -> None:
    """Thirty places in a ranking would push the tested differences off the screen."""
    html = profile(opened)
    points = part(html, '<section id="punten"')
    assert POINTS_HEAD in points
    assert html.index('<section id="punten"') < html.index('id="leefgebied-2"')
    assert points.index("I 3.3.2") < points.index("<details>") < points.index("I 2.1.1")
    assert "I 4.1.1" in part(points, "Wat gunstig is", "</div>")


def test_short_lists_keep_what_was_measured_and_how_sure(standing: Mini, request: pytest.FixtureRequest) -> None:
    """A stand-in for one group would pass for the KPI itself, and an estimate for a count."""
    of_a_group = (
        "update marts.kpi set hoofduitsplitsing = '18+'; "
        "update marts.aandachtspunten set uitsplitsing = '65+' where kpi_id = 'I 4.1.1'"
    )
    opened = changed(standing, request, of_a_group)
    groups = part(profile(opened), "Ook in 1 groep", "</details>")
    assert "benadering, gemeten is: Sterke eenzaamheid" in text(groups)
    assert "2020, definitief, 95 %-interval 9,9 % tot 10,5 %" in text(groups)
    assert "trend" not in text(groups)


def test_the_sources_of_what_is_printed_stand_together_with_their_kpis(opened: Opened) -> None:
    """A figure on paper could not be traced: what is behind 'Uitleg en bron' stays on the screen."""
    sources = text(part(profile(opened), '<section class="op-papier"'))
    assert re.search(r"RIVM, tabel 1: [^:]*I 3\.3\.2", sources)


def test_points_outside_the_choice_are_kept_apart(standing: Mini, request: pytest.FixtureRequest) -> None:
    """A choice that hides an aandachtspunt would be a choice of news."""
    opened = changed(standing, request, "update marts.kpi set gekozen = false where kpi_id = 'I 3.3.2'")
    points = part(profile(opened), '<section id="punten"')
    assert points.index("niet heeft gekozen (1)") < points.index("I 3.3.2")


def test_choice_of_the_organisation_folds_and_never_drops(standing: Mini, request: pytest.FixtureRequest) -> None:
    """A short list would be taken for a complete one."""
    opened = changed(standing, request, "update marts.kpi_gemeente set gekozen = false where kpi_id = 'I 4.1.1'")
    section = part(profile(opened), 'id="leefgebied-4"')
    assert "die de organisatie niet heeft gekozen" in section
    assert section.index("I 4.3.1") < section.index("niet heeft gekozen") < section.index("I 4.1.1")


def test_row_has_figure_period_verdicts_and_how_sure(opened: Opened) -> None:
    """The question of every visitor: how high, since when, against whom, and how sure."""
    section = text(part(profile(opened), 'id="leefgebied-3"'))
    for said in (
        "13,1 % 2020",
        "95 %-interval 12,8 % tot 13,4 %",
        "13,6 % ongunstiger",
        "13,2 % vergelijkbaar",
        "sinds 2016 dalend",
        "modelmatig geschat",
        "RIVM, tabel 1",
    ):
        assert said in section


def test_verdict_is_a_word_and_not_a_colour(opened: Opened) -> None:
    """Colour is lost on paper and on who does not see it."""
    chips = re.findall(r'<span class="oordeel o-(\w+)">([^<]+)</span>', profile(opened))
    assert chips
    assert {code.replace("_", " ") for code, _ in chips} == {said for _, said in chips}


def test_missing_and_suppressed_are_said_in_words(opened: Opened) -> None:
    """An empty cell reads as zero."""
    html = profile(opened)
    assert "eigen cijfer kan worden aangeleverd" in text(part(html, 'id="leefgebied-4"'))
    assert "te weinig mensen rust" in text(part(html, 'id="eigen"', "</main>"))
    assert "<td></td>" not in html


def test_own_registration_is_apart_and_says_whom_it_is_about(opened: Opened) -> None:
    """Participants would be taken for inhabitants."""
    before, own = profile(opened).split('<section class="eigen-deel"')
    assert "niet over de inwoners van de gemeente" in text(own)
    assert ">A 1</span>" in own
    assert ">A 1</span>" not in before


def test_chain_stands_with_its_leefgebied(opened: Opened) -> None:
    """The effect of an activity would have to be looked for elsewhere."""
    section = text(part(profile(opened), 'id="leefgebied-3"'))
    assert "12,5 per 1.000" in section
    assert "E 3.3.2" in section
    assert "zegt niet dat het een het ander veroorzaakt" in section


def test_chain_says_of_a_figure_how_firm_it_is_and_never_judges_a_difference(opened: Opened) -> None:
    """Two figures that nobody tested would read as a verdict, in the words that mean tested elsewhere."""
    chain = text(part(profile(opened), '<div class="keten">'))
    assert "(2025, concept, 95 %-interval 51,2 % tot 68,1 %); eerder 80,0 % (2024), niet getoetst" in chain
    assert "12,5 per 1.000 (2025, definitief)" in chain
    assert "(2020, definitief)" in chain
    assert not re.search("gunstiger|hoger|lager|slechter", chain)


def test_gemeente_without_own_registration_has_no_own_part(opened: Opened) -> None:
    """An empty part suggests that figures were lost."""
    assert 'id="eigen"' not in profile(opened, "GM0518")


def test_country_is_not_compared_with_itself(opened: Opened) -> None:
    """Nederland would be said not to differ from Nederland, forty times."""
    html = profile(opened, "NL")
    assert 'class="oordeel' not in html
    assert "Gemeenten die hierop lijken" not in html
    assert 'id="punten"' not in html
    assert "13,6 %" in html


def test_link_to_a_kpi_takes_the_gemeente_along(opened: Opened) -> None:
    """The KPI page would not mark the gemeente the reader came from."""
    assert 'href="../kpi/I-3.3.2.html?g=GM0758"' in profile(opened)


def test_other_groups_are_under_their_kpi(opened: Opened) -> None:
    """Figures of the elderly would be nowhere on the page, or look like those of everybody."""
    groups = part(profile(opened), '<details class="groepen">', "</details>")
    assert "65 jaar en ouder" in groups
    assert "21,5 %" in groups
