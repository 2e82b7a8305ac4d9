"""The site where scripts may not run."""

import pytest
from playwright.sync_api import expect

from tests.site.files import Written
from tests.site.kinds import BREDA, LONELINESS, MAIN
from tests.site.reader import Open

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("path", MAIN.values(), ids=MAIN)
def test_a_page_has_its_text_and_offers_nothing_that_needs_a_script(read: Open, path: str) -> None:
    """On a guarded computer the page would be blank, or have buttons that do nothing."""
    reader = read(path, scripts=False)
    assert len(reader.text()) > 300
    assert reader.page.locator("main").locator("button, input, select").locator("visible=true").count() == 0


def test_every_figure_of_a_profile_and_a_kpi_is_in_its_page(pages: list[Written]) -> None:
    """The figures would need a script, and a screen reader may have none."""
    rows = {page.path.stem: page.html.count('scope="row"') for page in pages}
    assert rows["GM0758"] > 40
    assert rows["I-4.1.1"] > 342


def test_from_the_start_every_gemeente_can_be_reached_without_scripts(read: Open) -> None:
    """The search would be the only way in."""
    reader = read("index.html", scripts=False)
    links = reader.page.locator("main details a[href^='gemeente/GM']")
    assert len(set(links.evaluate_all("all => all.map(link => link.href)"))) >= 342


def test_a_link_from_gemeente_to_kpi_works_without_scripts(read: Open) -> None:
    """The way from a figure to what it means would be closed."""
    reader = read(BREDA, scripts=False)
    link = reader.page.locator("a[href*='kpi/I-4.1.1.html']").first
    expect(link).to_be_attached()
    reader.open(f"gemeente/{link.get_attribute('href')}")
    assert reader.place.startswith(LONELINESS)
