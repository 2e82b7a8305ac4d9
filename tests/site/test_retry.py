"""A file that does not come once leaves nothing broken: the page says so, and a next try asks for it again."""

import pytest
from playwright.sync_api import expect

from tests.site.kinds import LONELINESS
from tests.site.reader import Open, Reader, draw

pytestmark = pytest.mark.xdist_group("demo")

_AGAIN = "Probeer het opnieuw"


def _fail_once(reader: Reader, name: str) -> None:
    reader.context.route(f"**/{name}", lambda route: route.abort(), times=1)


def _was_meant(reader: Reader) -> None:
    """What broke off was told to the browser, and is no fault of the page."""
    assert any("ERR_FAILED" in trouble for trouble in reader.troubles)
    assert not [trouble for trouble in reader.troubles if trouble.startswith(("error", "request to", "status"))]
    reader.troubles.clear()


def test_a_gemeente_whose_figures_did_not_come_can_be_asked_for_again(read: Open) -> None:
    """Its column would say for ever that it is being loaded."""
    reader = read("vergelijken.html?g=GM0855")
    page = reader.page
    cell = page.locator("tr[data-kpi='I 4.1.1'] td[data-label='Breda']")
    _fail_once(reader, "data/gemeente/GM0758.js")
    page.get_by_label("Gemeente toevoegen").fill("breda")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("niet geladen; probeer het opnieuw")
    expect(page.locator("#stand")).to_contain_text("De cijfers van Breda zijn niet geladen")
    page.get_by_role("button", name=f"{_AGAIN}: Breda").click()
    expect(cell.locator(".cijfer")).to_be_visible()
    expect(page.get_by_role("button", name=_AGAIN)).to_have_count(0)
    _was_meant(reader)


@pytest.mark.parametrize("name", ["data/gemeente/NL.js", "assets/vega.js", "assets/grafieken.js"])
def test_a_trend_that_did_not_come_is_drawn_at_the_next_try(read: Open, name: str) -> None:
    """After one bad moment no panel of the page would have a chart any more."""
    reader = read("vergelijken.html?g=GM0758")
    page = reader.page
    _fail_once(reader, name)
    page.get_by_role("button", name="Uitleg en trend").first.click()
    page.get_by_role("button", name=_AGAIN).click()
    expect(page.locator(".paneel [data-getekend='trend']")).to_be_visible()
    _was_meant(reader)


def test_after_a_library_that_did_not_come_the_next_panel_has_its_chart(read: Open) -> None:
    """A second panel would stay blank without a word."""
    reader = read("vergelijken.html?g=GM0758")
    page = reader.page
    _fail_once(reader, "assets/vega.js")
    buttons = page.get_by_role("button", name="Uitleg en trend")
    buttons.first.click()
    expect(page.get_by_role("button", name=_AGAIN)).to_be_visible()
    buttons.nth(1).click()
    expect(page.locator(".paneel [data-getekend='trend']")).to_be_visible()
    _was_meant(reader)


@pytest.mark.parametrize(
    ("name", "chart"),
    [
        ("assets/kaart.js", "kpi-kaart"),
        ("assets/vega.js", "kpi-kaart"),
        ("data/kpi/I-4.1.1.js", "kpi-trend"),
    ],
)
def test_a_chart_of_a_kpi_that_did_not_come_is_drawn_at_the_next_try(read: Open, name: str, chart: str) -> None:
    """A blank place would be left, with nothing to do but to load the page anew."""
    reader = read("definities.html")
    _fail_once(reader, name)
    reader.open(LONELINESS)
    page = reader.page
    # In one step of the browser: the words may take the place of the chart at any moment.
    page.evaluate("id => document.getElementById(id)?.scrollIntoView()", chart)
    said = page.locator("main p", has=page.get_by_role("button", name=_AGAIN)).first
    expect(said).to_contain_text("De grafiek is niet geladen")
    said.get_by_role("button").click()
    draw(page.locator(f"#{chart}"))
    _was_meant(reader)


def test_the_sentences_of_a_gemeente_that_did_not_come_are_there_at_the_next_try(read: Open) -> None:
    """The verdict of the highlighted gemeente would be missing without a word."""
    reader = read("definities.html")
    _fail_once(reader, "data/kpi/I-4.1.1.js")
    reader.open(f"{LONELINESS}?g=GM0758")
    panel = reader.page.locator("#kpi-uitgelicht")
    panel.get_by_role("button", name=_AGAIN).click()
    expect(panel.locator("li").first).to_contain_text("Nederland")
    _was_meant(reader)
