"""The site on a telephone."""

import pytest

from tests.site.kinds import MAIN
from tests.site.reader import Open

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("path", MAIN.values(), ids=MAIN)
def test_a_page_is_not_wider_than_a_telephone(read: Open, path: str) -> None:
    """A reader would have to scroll sideways for each line."""
    reader = read(path, width=360)
    assert reader.overflow() <= 0
