"""The rules of WCAG 2.2 AA that a program can check."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

# A hundred rows alike take a minute and show nothing that the first few do not. A panel under a row stays.
_FEW = """
selector => document.querySelectorAll(selector).forEach(
    whole => [...whole.children].filter(part => !part.matches('.paneel')).slice(3).forEach(part => part.remove())
)
"""


def violations(page: Page) -> list[str]:
    """Name what a page breaks as it is now; leaves it with a few of each sort of row."""
    for repeated in ("tbody", "table", "ul", "#kaart svg"):
        page.evaluate(_FEW, repeated)
    found = Axe().run(page, options=_RULES).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:200]}" for rule in found]
