"""Finding a gemeente or a KPI from the start page."""

import pytest
from playwright.sync_api import expect

from tests.site.kinds import BREDA, LONELINESS
from tests.site.reader import Open

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bre", "Breda"),
        ("den haag", "'s-Gravenhage"),
        ("den bosch", "'s-Hertogenbosch"),
        ("sudwest", "Súdwest-Fryslân"),
        ("eenzaam", "I 4.1.1"),
    ],
)
def test_search_finds_what_people_call_it(read: Open, typed: str, found: str) -> None:
    """Who does not know the official name would conclude that the gemeente is not there."""
    page = read("index.html").page
    page.get_by_role("combobox").fill(typed)
    expect(page.get_by_role("option").first).to_contain_text(found)


def test_the_keyboard_alone_leads_from_search_to_a_gemeente(read: Open) -> None:
    """Who cannot use a mouse would not get past the start page."""
    reader = read("index.html")
    reader.page.get_by_role("combobox").focus()
    reader.page.keyboard.type("breda")
    reader.page.keyboard.press("ArrowDown")
    expect(reader.page.get_by_role("option", selected=True)).to_contain_text("Breda")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url(f"**/{BREDA}")


def test_a_gemeente_and_a_subject_together_lead_to_that_kpi_with_that_gemeente(read: Open) -> None:
    """The question an advisor has is about both at once."""
    reader = read("index.html")
    reader.page.get_by_role("combobox").fill("eenzaam breda")
    reader.page.get_by_role("option").filter(has_text="sociaal uitgesloten").first.click()
    reader.page.wait_for_url(f"**/{LONELINESS}?g=GM0758")


def test_a_name_that_is_not_there_gets_the_nearest(read: Open) -> None:
    """A typing mistake would end in nothing."""
    page = read("index.html").page
    page.get_by_role("combobox").fill("Braeda")
    expect(page.get_by_role("status")).to_contain_text("Bedoelt u")
    expect(page.get_by_role("option").first).to_contain_text("Breda")


def test_the_map_of_the_start_page_names_a_gemeente_under_the_mouse_and_under_the_keyboard(read: Open) -> None:
    """A shape without a name says nothing to most readers."""
    page = read("index.html").page
    shape, label = page.locator("#kaart a[aria-label^='Breda']"), page.locator("#kaartnaam")
    shape.hover()
    expect(label).to_contain_text("Breda")
    page.locator("#kaart a[aria-label^='Urk']").focus()
    expect(label).to_contain_text("Urk")
    page.keyboard.press("Escape")
    expect(label).to_be_hidden()
