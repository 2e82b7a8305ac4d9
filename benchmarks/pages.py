"""`make bench`, pages: how long the whole site takes to make, and how soon and how heavy a gemeente page is.

Of the last demo publication (`make mart`). No peer makes such pages: the figure beside ours is the most that
it may be. A page is opened in the Chromium of the system, served on loopback, by a browser that has seen nothing yet;
it is interactive when its own scripts have run, so that its search field answers.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.results import RESULTS, Line, keep
from serving.errors import NoPublicationError
from serving.locations import Locations
from serving.publication import Publication, find_publication, open_publication
from serving.site.build import build_site
from serving.site.serve import SiteServer

_BUILD_SECONDS, _INTERACTIVE_SECONDS, _TRANSFERRED_BYTES = 120.0, 1.0, 300_000.0
_SAMPLE = 20
# The moment at which deferred scripts have run, in milliseconds since the navigation began.
_READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def measure_build(publication: Publication, work: Path) -> float:
    """Seconds to make every page of a publication, the chart library included."""
    with open_publication(publication) as connection:
        began = time.perf_counter()
        built = build_site(connection, publication.folder, work / "site")
        seconds = time.perf_counter() - began
    print(f"{built.pages} pages in {seconds:.1f} s")
    return seconds


def measure_pages(publications: Path, name: str, codes: list[str]) -> tuple[list[float], list[float]]:
    """Seconds until interactive, and bytes on the wire, of the page of each gemeente."""
    seconds: list[float] = []
    sizes: list[float] = []
    with SiteServer(publications, 0) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        program = shutil.which("chromium") or shutil.which("google-chrome")
        if program is None:
            sys.exit("No Chromium on this computer; on Debian or Ubuntu: apt install chromium")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        root = f"http://127.0.0.1:{server.server_port}/{name}/site/gemeente/"
        # The first page also pays for the start of the browser; it does not count.
        for code in codes[:1] + codes:
            ready, size = _open(browser, f"{root}{code}.html")
            seconds.append(ready)
            sizes.append(size)
        browser.close()
        server.shutdown()
    return seconds[1:], sizes[1:]


def _open(browser: Browser, address: str) -> tuple[float, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    ready = float(page.evaluate(_READY)) / 1000
    context.close()
    return ready, sum(sizes)


def main() -> None:
    """Measure the last demo publication and write the lines beside those of other benchmarks."""
    try:
        publication = find_publication(Locations(RESULTS.parents[1], "demo"))
    except NoPublicationError as error:
        sys.exit(str(error))
    print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="impact-kpi-bench-") as work:
        build = measure_build(publication, Path(work))
    names = sorted(path.stem for path in (publication.folder / "site" / "gemeente").glob("GM*.html"))
    sample = random.Random(758).sample(names, _SAMPLE)
    seconds, sizes = measure_pages(publication.folder.parent, publication.folder.name, sample)
    print(f"{_SAMPLE} pages: interactive after {min(seconds):.2f} to {max(seconds):.2f} s")
    keep(
        [
            Line("site_build_seconds", round(build, 1), _BUILD_SECONDS, "s"),
            Line("page_interactive_seconds", round(median(seconds), 3), _INTERACTIVE_SECONDS, "s"),
            Line("page_transferred_bytes", max(sizes), _TRANSFERRED_BYTES, "bytes"),
        ]
    )


if __name__ == "__main__":
    main()
