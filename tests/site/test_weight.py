"""How much a page asks of a connection."""

import pytest
from playwright.sync_api import Browser

from tests.site.kinds import BREDA, LONELINESS

pytestmark = pytest.mark.xdist_group("demo")

_GEMEENTE = 300_000
# With its charts: the library is most of it, and is kept for every next page.
_KPI = 600_000


@pytest.mark.parametrize(("path", "most"), [(BREDA, _GEMEENTE), (LONELINESS, _KPI)])
def test_a_page_is_light(browser: Browser, address: str, path: str, most: int) -> None:
    """On a telephone in the field the page would not come."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address + path, wait_until="networkidle")
    page.mouse.wheel(0, 100_000)
    page.wait_for_load_state("networkidle")
    context.close()
    assert 0 < sum(sizes) < most
