"""How much a page asks of a connection."""

import pytest
from playwright.sync_api import Browser

from tests.site.kinds import BREDA, LONELINESS
from tests.site.reader import WIDE, Reader

pytestmark = pytest.mark.xdist_group("demo")

_GEMEENTE = 300_000
# With its charts: the library is most of it, and is kept for every next page.
_KPI = 600_000


@pytest.mark.parametrize(("path", "most"), [(BREDA, _GEMEENTE), (LONELINESS, _KPI)])
def test_a_page_is_light(browser: Browser, address: str, path: str, most: int) -> None:
    """On a telephone in the field the page would not come."""
    reader = Reader(browser, address, width=WIDE)
    network = reader.context.new_cdp_session(reader.page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    reader.open(path)
    reader.unfold()
    reader.page.wait_for_load_state("networkidle")
    reader.context.close()
    assert 0 < sum(sizes) < most
