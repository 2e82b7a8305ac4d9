"""The whole site of the demo publication, in a real browser.

The publication is the one of the demo night that all end-to-end tests share. While working on a page, set
IMPACT_KPI_SITE_PUBLICATIE to the folder of a publication with `site/` in it: then nothing is refreshed.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from serving.site.serve import SiteServer
from tests.site.files import Written, written_page
from tests.site.reader import WIDE, Open, Reader

PUBLICATION = "IMPACT_KPI_SITE_PUBLICATIE"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 10_000

expect.set_options(timeout=_PATIENCE)


@pytest.fixture(scope="session")
def publication(request: pytest.FixtureRequest) -> Path:
    """Folder of the publication."""
    given = os.environ.get(PUBLICATION)
    return Path(given).resolve() if given else request.getfixturevalue("demo_night").publication


@pytest.fixture(scope="session")
def site(publication: Path) -> Path:
    """Folder of the site."""
    return publication / "site"


@pytest.fixture(scope="session")
def pages(site: Path) -> list[Written]:
    """Every page of the site, as a file."""
    return [written_page(path) for path in sorted(site.rglob("*.html"))]


@pytest.fixture(scope="session")
def address(publication: Path) -> Iterator[str]:
    """Where the site is served, ending with a slash."""
    with SiteServer(publication.parent, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{publication.name}/site/"
        server.shutdown()


@pytest.fixture(scope="session")
def mart(publication: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published tables, read past the code that makes the site."""
    with duckdb.connect(str(publication / "impact_kpi.duckdb"), read_only=True) as connection:
        yield connection


def launch(playwright: Playwright) -> Browser:
    """Start the Chromium of the system; skips, visibly, where there is none."""
    program = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if program is None:
        pytest.skip(f"no browser on this computer ({', '.join(_BROWSERS)}); on Debian or Ubuntu: apt install chromium")
    # Chromium refuses its sandbox to root, as in a container.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=program, args=arguments)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of all tests."""
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def read(browser: Browser, address: str, site: Path) -> Iterator[Open]:
    """Opens a page for a new reader: `read("index.html")`; see `Reader`. Whatever goes wrong there fails the test."""
    readers: list[Reader] = []

    def read_page(path: str, *, width: int = WIDE, scripts: bool = True, from_disk: bool = False) -> Reader:
        root = f"{site.as_uri()}/" if from_disk else address
        reader = Reader(browser, root, width=width, scripts=scripts)
        reader.context.set_default_timeout(_PATIENCE)
        readers.append(reader)
        reader.open(path)
        return reader

    yield read_page
    troubles = [trouble for reader in readers for trouble in reader.troubles]
    for reader in readers:
        reader.context.close()
    assert not troubles, "\n".join(troubles)
