"""The profile of a gemeente."""

import pytest
from playwright.sync_api import expect

from tests.site.kinds import BREDA, KINDS, LONELINESS
from tests.site.reader import Open, words

pytestmark = pytest.mark.xdist_group("demo")


def test_three_clicks_say_how_breda_does_on_loneliness(read: Open) -> None:
    """The question the site is for; no KPI has the word in its name, so the explanation must be searched too."""
    reader = read("index.html")
    page = reader.page
    page.locator("#kaart a[aria-label^='Breda']").click()  # 1
    page.wait_for_url(f"**/{BREDA}")
    page.get_by_role("searchbox").click()  # 2
    page.keyboard.type("eenzaam")
    row = page.get_by_role("row").filter(has=page.locator("a[href*='I-4.1.1.html']")).first
    text = words(row.inner_text())
    for part in ("15,", "2024", "95 %-interval", "trend"):  # how much, when, how sure, since when
        assert part in text
    expect(row.locator("td")).to_have_count(5)  # beside Nederland, beside similar gemeenten
    row.get_by_role("link").first.click()  # 3
    page.wait_for_url(f"**/{LONELINESS}?g=GM0758")
    expect(page.locator("main")).to_contain_text("eenzaam")
    expect(page.locator("#kpi-uitgelicht")).to_contain_text("Gemeenten die op Breda lijken")


def test_search_in_a_profile_hides_what_does_not_fit_and_brings_it_back(read: Open) -> None:
    """A reader would believe that the rest of the profile is gone."""
    page = read(BREDA).page
    rows = page.locator("main .gebied th[scope=row]:visible")
    before = rows.count()
    page.get_by_role("searchbox").fill("eenzaam")
    assert 0 < rows.count() < before / 2
    page.get_by_role("searchbox").fill("")
    expect(rows).to_have_count(before)


def test_the_list_of_leefgebieden_leads_to_each(read: Open) -> None:
    """A profile is long; a reader would scroll past what is asked for."""
    page = read(BREDA).page
    links = page.get_by_role("navigation", name="Op deze pagina").get_by_role("link")
    assert links.count() >= 8
    page.get_by_role("navigation", name="Op deze pagina").get_by_role("link", name="Sociale relaties").click()
    expect(page.get_by_role("heading", name="Sociale relaties", exact=False).first).to_be_in_viewport()


def test_own_figures_stand_apart_from_open_statistics(read: Open) -> None:
    """Participants of an organisation would be taken for inhabitants."""
    page = read(BREDA).page
    own = page.locator("#eigen")
    expect(own).to_contain_text("niet over de inwoners")
    assert own.locator("a[href*='kpi/I-']").count() == 0
    assert page.locator("main .tabel:not(#eigen .tabel) th[scope=row] > a[href*='kpi/A-']").count() == 0


def test_a_gemeente_where_the_organisation_does_not_work_has_no_empty_part_for_it(read: Open) -> None:
    """A hundred rows of 'no figure' would hide what there is."""
    page = read(KINDS["gemeente zonder eigen cijfers"]).page
    expect(page.locator("#eigen")).to_have_count(0)


def test_the_keyboard_reaches_the_content_past_the_menu(read: Open) -> None:
    """Who cannot use a mouse would tab through the menu on every page."""
    page = read(BREDA).page
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Naar de inhoud")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
