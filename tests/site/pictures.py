"""Pictures of the main pages, for the README: `python -m tests.site.pictures <folder of a demo publication>`."""

import sys
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from serving.site.serve import SiteServer
from tests.site.conftest import launch
from tests.site.kinds import BREDA, LONELINESS

_TARGET = Path(__file__).resolve().parents[2] / "docs" / "beelden"
_WIDE, _NARROW, _TALL = 1280, 400, 860
_PICTURES = {
    "start.png": ("index.html", _WIDE),
    "gemeente.png": (BREDA, _WIDE),
    "gemeente-telefoon.png": (BREDA, _NARROW),
    "kpi.png": (f"{LONELINESS}?g=GM0758", _WIDE),
    "vergelijken.png": ("vergelijken.html?g=GM0758,GM0855,GM0363", _WIDE),
    "bronnen.png": ("bronnen.html", _WIDE),
}


def main(publication: Path) -> None:
    """Write every picture; the banner of the demo is on each."""
    _TARGET.mkdir(parents=True, exist_ok=True)
    with SiteServer(publication.parent, 0) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}/{publication.name}/site/"
        browser = launch(playwright)
        for name, (path, width) in _PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": _TALL}, locale="nl-NL")
            page.goto(root + path, wait_until="networkidle")
            _take(page, _TARGET / name)
            page.close()
        browser.close()
        server.shutdown()


def _take(page: Page, target: Path) -> None:
    assert page.locator(".melding", has_text="DEMO").first.is_visible()
    page.screenshot(path=target)
    print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")  # noqa: T201  a program for the terminal


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
