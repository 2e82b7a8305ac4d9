"""The site where it is not served, and what every page of it says first; test_kinds has each kind of page served."""

import pytest

from tests.site.files import Written
from tests.site.kinds import BREDA, LONELINESS
from tests.site.reader import Open

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("path", [BREDA, f"{LONELINESS}?g=GM0758", "vergelijken.html?g=GM0758,GM0855"])
def test_a_page_opens_from_disk_too(read: Open, path: str) -> None:
    """A site that was unpacked on a laptop would be blank there."""
    reader = read(path, from_disk=True)
    reader.page.wait_for_load_state("networkidle")
    assert reader.page.locator("h1").count() == 1


def test_every_page_of_demo_data_says_so_above_its_content(pages: list[Written]) -> None:
    """Invented figures would be taken for real ones."""
    assert [page.path.name for page in pages if "LET OP, DEMO" not in page.html.split("<main")[0]] == []
