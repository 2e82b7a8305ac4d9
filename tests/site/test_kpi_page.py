"""The page of a KPI: map, dots, trend and table."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site.kinds import KINDS, LONELINESS
from tests.site.reader import Open, cell_texts, draw

pytestmark = pytest.mark.xdist_group("demo")


def _figure(page: Page, name: str) -> Locator:
    """A chart; drawn only when it comes into view."""
    return draw(page.locator(f"#{name}"))


def test_a_gemeente_in_the_address_is_highlighted(read: Open) -> None:
    """Who comes from the profile of Breda would have to look for Breda again."""
    page = read(f"{LONELINESS}?g=GM0758").page
    expect(page.locator("#kpi-uitgelicht")).to_contain_text("Breda")
    expect(page.locator("#kpi-uitgelicht li").first).to_be_visible()
    expect(page.locator("#kpi-regels tr.gekozen")).to_contain_text("Breda")


def test_choosing_a_gemeente_changes_the_address(read: Open) -> None:
    """What one reader sees could not be sent to another."""
    reader = read(LONELINESS)
    reader.page.locator("#kpi-gemeente").select_option("Tilburg")
    expect(reader.page.locator("#kpi-uitgelicht")).to_contain_text("Tilburg")
    expect(reader.page).to_have_url(f"{reader.root}{LONELINESS}?g=GM0855")


def test_the_map_says_name_and_figure_under_the_mouse(read: Open) -> None:
    """A colour without a name and a figure says nothing."""
    page = read(LONELINESS).page
    figure = _figure(page, "kpi-kaart")
    box = figure.bounding_box()
    assert box is not None
    figure.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.locator("#kpi-kaart-lees")).to_contain_text("95 %-interval")


def test_the_arrow_keys_walk_the_map_and_enter_opens_a_gemeente(read: Open) -> None:
    """Who cannot use a mouse could not read the map."""
    page = read(LONELINESS).page
    reading = page.locator("#kpi-kaart-lees")
    _figure(page, "kpi-kaart").focus()
    page.keyboard.press("ArrowRight")
    expect(reading).to_contain_text("95 %-interval")
    first = reading.inner_text()
    page.keyboard.press("ArrowRight")
    expect(reading).not_to_have_text(first)
    expect(reading).to_contain_text("95 %-interval")
    page.keyboard.press("ArrowLeft")
    expect(reading).to_have_text(first)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(first.split(":")[0])


def test_the_trend_takes_a_gemeente_and_puts_the_same_figures_in_its_table(read: Open) -> None:
    """Who cannot see the chart would miss what it says."""
    page = read(LONELINESS).page
    _figure(page, "kpi-trend")
    page.get_by_label("Zet een gemeente erbij").select_option("Breda")
    expect(page.locator("#kpi-trend-legenda")).to_contain_text("Breda")
    expect(page.locator("#kpi-trend-tabel thead")).to_contain_text("Breda")


def test_the_table_is_in_order_of_name_until_a_reader_asks_otherwise(read: Open) -> None:
    """A page would rank gemeenten that nobody asked to rank."""
    page = read(LONELINESS).page
    names = cell_texts(page.locator("#kpi-regels th"))
    assert names == sorted(names)
    page.locator("#kpi-tabel").get_by_role("button", name="Cijfer").click()
    shown = [
        float(value or "nan")
        for value in page.locator("#kpi-regels td[data-w]:nth-child(2)").evaluate_all(
            "cells => cells.map(cell => cell.dataset.w)"
        )
    ]
    assert shown == sorted(shown)
    assert len(shown) == 342
    expect(page.locator("#kpi-tabel thead th[aria-sort]")).to_contain_text("Cijfer")


def test_the_table_can_be_filtered_by_name(read: Open) -> None:
    """One row among 342 would have to be found by eye."""
    page = read(LONELINESS).page
    page.get_by_label("Zoek in de tabel").fill("fryslan")
    expect(page.locator("#kpi-regels tr:visible th")).to_have_text(["Noardeast-Fryslân", "Súdwest-Fryslân"])


@pytest.mark.parametrize("typed", ["Den Haag", "'s-gravenhage", "s Gravenhage"])
def test_the_table_knows_the_name_that_people_use(read: Open, typed: str) -> None:
    """Who finds Den Haag on the start page would conclude that it has no figure."""
    page = read(LONELINESS).page
    page.get_by_label("Zoek in de tabel").fill(typed)
    expect(page.locator("#kpi-regels tr:visible th")).to_have_text(["'s-Gravenhage"])
    expect(page.locator("#kpi-aantal")).to_have_text("1 van 342 regels")


def test_the_list_of_gemeenten_knows_the_name_that_people_use(read: Open) -> None:
    """Typing the first letters of Den Bosch in the list would lead to Den Helder."""
    page = read(LONELINESS).page
    page.get_by_label("Gemeente", exact=True).select_option("Den Bosch ('s-Hertogenbosch)")
    expect(page.locator("#kpi-uitgelicht a")).to_have_text("'s-Hertogenbosch")
    names = cell_texts(page.locator("#kpi-gemeente option"))
    assert names.index("De Wolden") < names.index("Den Bosch ('s-Hertogenbosch)") < names.index("Den Helder")


@pytest.mark.parametrize("code", ["constructor", "__proto__", "GM0001"])
def test_a_code_that_is_no_gemeente_highlights_nothing(read: Open, code: str) -> None:
    """What every object of a script has would be taken for a gemeente, and the page would stop there."""
    page = read(f"{LONELINESS}?g={code}").page
    expect(page.locator("#kpi-uitgelicht")).to_contain_text("Kies een gemeente")
    expect(page.locator("#kpi-gemeente")).to_have_value("")


def test_a_stand_in_says_above_its_figure_what_is_really_measured(read: Open) -> None:
    """Loneliness would be read as exclusion because the KPI is called so."""
    page = read(LONELINESS).page
    expect(page.locator("main header")).to_contain_text("sterk eenzaam")


@pytest.mark.parametrize("kind", ["kpi zonder bron", "kpi van de organisatie"])
def test_a_kpi_without_a_map_says_why_or_has_a_table(read: Open, kind: str) -> None:
    """An empty page would look like a fault."""
    reader = read(KINDS[kind])
    assert "geen cijfer" in reader.text().casefold() or reader.page.locator("#kpi-regels tr").count() > 0
