"""What opens only when a reader asks for it keeps the rules too; the pages themselves are in test_kinds."""

import pytest
from playwright.sync_api import expect

from tests.site.reader import Open
from tests.site.rules import violations

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("path", ["index.html", "vergelijken.html"])
def test_an_open_list_of_choices_breaks_no_rule(read: Open, path: str) -> None:
    """Who cannot see the list would not know that there is one, or what is chosen in it."""
    page = read(path).page
    page.get_by_role("combobox").fill("bre")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_be_visible()
    assert violations(page) == []


def test_an_open_explanation_beside_each_other_breaks_no_rule(read: Open) -> None:
    """The chart and the verdicts in it would be nothing but lines to who listens."""
    page = read("vergelijken.html?g=GM0758,GM0855").page
    page.get_by_role("button", name="Uitleg en trend").first.click()
    expect(page.locator(".paneel [data-getekend]")).to_be_visible()
    page.eval_on_selector_all(".paneel details", "all => all.forEach(one => { one.open = true; })")
    assert violations(page) == []
    expect(page.locator(".paneel [data-getekend]")).to_be_visible()
