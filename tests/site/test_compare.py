"""Up to five gemeenten side by side."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.site.reader import Open

pytestmark = pytest.mark.xdist_group("demo")


def _add(page: Page, name: str) -> None:
    page.get_by_label("Gemeente toevoegen").fill(name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def _expect_columns(page: Page, *names: str) -> None:
    expect(page.locator("table.naast").first.locator("thead th.kolom")).to_have_text(list(names))


def test_three_gemeenten_chosen_by_keyboard_stand_side_by_side(read: Open) -> None:
    """The page would be of no use without a mouse, or at all."""
    page = read("vergelijken.html").page
    for name in ("breda", "tilburg", "den haag"):
        _add(page, name)
    _expect_columns(page, "Breda", "Tilburg", "'s-Gravenhage")
    row = page.locator("tr[data-kpi='I 4.1.1']")
    expect(row.locator("td.kolom .cijfer")).to_have_count(3)


def test_the_address_carries_the_choice_to_another_reader(read: Open) -> None:
    """A comparison could not be sent to a colleague."""
    page = read("vergelijken.html").page
    for name in ("breda", "tilburg"):
        _add(page, name)
    expect(page).to_have_url(re.compile(r"/vergelijken\.html\?g=GM0758,GM0855$"))
    other = read("vergelijken.html?g=GM0758,GM0855").page
    _expect_columns(other, "Breda", "Tilburg")


def test_a_sixth_gemeente_is_refused_and_the_page_says_so(read: Open) -> None:
    """A table of six does not fit, and a column that vanishes silently misleads."""
    page = read("vergelijken.html?g=GM0758,GM0855,GM0363,GM0518,GM0599").page
    _add(page, "utrecht")
    expect(page.locator("#stand")).to_contain_text("Er staan er al 5")
    expect(page.locator("#gekozen li")).to_have_count(5)
    _expect_columns(page, "Breda", "Tilburg", "Amsterdam", "'s-Gravenhage", "Rotterdam")


def test_more_than_five_or_unknown_codes_in_the_address_are_told(read: Open) -> None:
    """A shared address of an abolished gemeente would show a blank column, or nothing."""
    page = read("vergelijken.html?g=GM0758,GM0001").page
    expect(page.locator("#stand")).to_contain_text("GM0001 is geen gemeente")
    _expect_columns(page, "Breda")
    page = read("vergelijken.html?g=GM0758,GM0855,GM0363,GM0518,GM0599,GM0344").page
    _expect_columns(page, "Breda", "Tilburg", "Amsterdam", "'s-Gravenhage", "Rotterdam")


@pytest.mark.parametrize("code", ["constructor", "__proto__"])
def test_what_every_object_of_a_script_has_is_no_gemeente(read: Open, code: str) -> None:
    """A column with a piece of program for a name."""
    page = read(f"vergelijken.html?g=GM0758,{code}").page
    expect(page.locator("#stand")).to_contain_text(f"{code} is geen gemeente")
    _expect_columns(page, "Breda")


def test_a_gemeente_can_be_taken_away(read: Open) -> None:
    """A wrong choice would stay."""
    page = read("vergelijken.html?g=GM0758,GM0855").page
    page.get_by_role("button", name="Breda weghalen").click()
    _expect_columns(page, "Tilburg")
    expect(page).to_have_url(re.compile(r"\?g=GM0855$"))


def test_the_explanation_of_a_row_has_verdict_and_certainty_of_each(read: Open) -> None:
    """Two figures beside each other would be read as a difference that was shown."""
    page = read("vergelijken.html?g=GM0758,GM0855").page
    page.get_by_role("button", name="Uitleg en trend: % personen die zich matig").click()
    lines = page.locator("tr.paneel .uitleg li")
    expect(lines).to_have_count(2)
    for line in lines.all():
        expect(line).to_contain_text("95 %-interval")
    expect(page.locator("tr.paneel [data-getekend='trend']")).to_be_visible()


def test_hostile_text_in_the_address_stays_text(read: Open) -> None:
    """A link from an e-mail would run a script on the intranet."""
    page = read("vergelijken.html?g=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E").page
    expect(page.locator("#stand")).to_contain_text("<img")
    expect(page.locator("main img")).to_have_count(0)
