"""Each kind of page, opened once with everything on it drawn and unfolded, and looked at in several ways."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.site.kinds import BREDA, KINDS
from tests.site.reader import TELEPHONE, WIDE, Reader
from tests.site.rules import violations

pytestmark = pytest.mark.xdist_group("demo")

# The narrow form of a table may lose what a screen reader needs; one page has every table there is.
_ALSO_NARROW = {BREDA}


@dataclass(frozen=True)
class Seen:
    """What was seen of a page.

    Attributes:
        headings: How many headings of the first level it has.
        overflow: Pixels by which it is wider than a telephone.
        violations: Rules of accessibility that it breaks.
        troubles: Errors, failed requests, and requests to elsewhere.
    """

    headings: int
    overflow: int
    violations: list[str]
    troubles: list[str]


@pytest.fixture(scope="module", params=KINDS.values(), ids=KINDS)
def seen(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Seen]:
    """One page of each kind: first as wide as a telephone, then as wide as a screen."""
    reader = Reader(browser, address, width=TELEPHONE)
    reader.open(request.param)
    reader.page.wait_for_load_state("networkidle")
    reader.unfold()
    headings, overflow = reader.page.locator("h1").count(), reader.overflow()
    broken = violations(reader.page) if request.param in _ALSO_NARROW else []
    reader.widen(WIDE)
    broken += violations(reader.page)
    yield Seen(headings, overflow, broken, reader.troubles)
    reader.context.close()


def test_a_page_opens_without_an_error_and_asks_nothing_of_another_host(seen: Seen) -> None:
    """A broken script, a file that is not there, or a host that learns what an advisor reads."""
    assert seen.troubles == []
    assert seen.headings == 1


def test_a_page_is_not_wider_than_a_telephone(seen: Seen) -> None:
    """A reader would have to scroll sideways for each line."""
    assert seen.overflow <= 0


def test_a_page_breaks_no_rule_of_accessibility(seen: Seen) -> None:
    """Who reads with a screen reader, without a mouse or with little contrast would be shut out."""
    assert seen.violations == []
