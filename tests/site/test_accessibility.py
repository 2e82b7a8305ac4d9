"""The rules of WCAG 2.2 AA that a program can check, on each kind of page."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.kinds import BREDA, MAIN
from tests.site.reader import Open

pytestmark = pytest.mark.xdist_group("demo")

_RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

# A hundred rows alike take a minute and show nothing that the first few do not.
_FEW = """
selector => document.querySelectorAll(selector).forEach(
    whole => [...whole.children].slice(3).forEach(part => part.remove())
)
"""


def _violations(read: Open, path: str, width: int) -> list[str]:
    page = read(path, width=width).page
    for repeated in ("tbody", "table", "ul", "#kaart svg"):
        page.evaluate(_FEW, repeated)
    # A chart is drawn when it comes into view.
    for figure in page.locator("main .vlak").all():
        figure.scroll_into_view_if_needed()
        figure.locator("svg").first.wait_for()
    # What is closed is not looked at: open everything.
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    found = Axe().run(page, options=_RULES).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:200]}" for rule in found]


@pytest.mark.parametrize("path", MAIN.values(), ids=MAIN)
def test_a_page_breaks_no_rule_of_accessibility(read: Open, path: str) -> None:
    """Who reads with a screen reader, without a mouse or with little contrast would be shut out."""
    assert _violations(read, path, 1280) == []


def test_a_profile_breaks_no_rule_of_accessibility_on_a_telephone(read: Open) -> None:
    """The narrow form of a table may lose what a screen reader needs."""
    assert _violations(read, BREDA, 360) == []
