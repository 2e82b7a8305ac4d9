"""A profile on paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.site.kinds import BREDA, LONELINESS
from tests.site.reader import Open, Reader

pytestmark = pytest.mark.xdist_group("demo")

# Width of the printed part of an A4 with margins of 15 mm, in the pixels of a style sheet.
_A4 = 680


def _printed(read: Open, path: str) -> Reader:
    reader = read(path, width=_A4)
    reader.page.emulate_media(media="print")
    return reader


@pytest.mark.parametrize("path", [BREDA, LONELINESS])
def test_paper_has_no_navigation_and_no_buttons(read: Open, path: str) -> None:
    """Half a page of what cannot be pressed."""
    page = _printed(read, path).page
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
    # The name of a column is a button to order by it; on paper it is the name of the column.
    expect(page.locator("button:not(th button):visible, input:visible, select:visible")).to_have_count(0)


@pytest.mark.parametrize("path", [BREDA, LONELINESS])
def test_paper_says_that_the_data_are_a_demo(read: Open, path: str) -> None:
    """Invented figures would lie on the table of a meeting as real ones."""
    expect(_printed(read, path).page.locator(".melding").filter(has_text="DEMO").first).to_be_visible()


@pytest.mark.parametrize("path", [BREDA, LONELINESS])
def test_nothing_is_cut_off_at_the_edge_of_the_paper(read: Open, path: str) -> None:
    """The last columns would be missing on paper."""
    assert _printed(read, path).overflow() <= 0


def test_paper_has_the_sources_that_the_screen_folds_away(read: Open) -> None:
    """A figure on the table of a meeting could not be traced."""
    page = _printed(read, BREDA).page
    sources = page.locator(".op-papier")
    expect(sources).to_be_visible()
    expect(sources).to_contain_text("tabel 50150NED: ")
    page.emulate_media(media="screen")
    expect(sources).to_be_hidden()


def test_paper_says_what_is_left_out_and_has_what_was_unfolded(read: Open) -> None:
    """A short list of signals would be taken for all of them."""
    page = _printed(read, BREDA).page
    folded = page.locator(".kant details").first
    expect(folded.locator("summary")).to_be_visible()
    expect(folded.locator("li").first).to_be_hidden()
    folded.evaluate("one => { one.open = true; }")
    expect(folded.locator("li").first).to_be_visible()


def test_a_profile_is_a_reasonable_number_of_sheets(read: Open) -> None:
    """A profile of forty sheets is not printed."""
    printed = read(BREDA).page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= 18
