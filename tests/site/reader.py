"""Somebody who looks at the site: a browser without a past, and everything that goes wrong in it."""

from __future__ import annotations

import re
from typing import Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

WIDE, TELEPHONE = 1280, 360
_TALL = 900
_ANY = re.compile(".+")


class Reader:
    """One reader with one page.

    Attributes:
        page: What the reader looks at.
        context: The browser's memory of this reader.
        root: Address of the site, ending with a slash.
        troubles: Errors of scripts, failed requests, and requests to anywhere but the site.
    """

    def __init__(self, browser: Browser, root: str, *, width: int, scripts: bool = True) -> None:
        """Open an empty page.

        Args:
            browser: The one of the session.
            root: Address of the site, on a server or on disk, ending with a slash.
            width: Width of the window.
            scripts: Whether the browser runs them.
        """
        self.root = root
        self._host = urlsplit(root)[:2]
        self.troubles: list[str] = []
        self.context = browser.new_context(
            locale="nl-NL",
            viewport={"width": width, "height": _TALL},
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        self.page: Page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error} on {self.page.url}"))
        self.page.on("request", self._request)
        self.page.on("requestfailed", lambda request: self.troubles.append(f"failed: {request.url}"))
        self.page.on("response", self._response)

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(self.root + path)

    def widen(self, width: int) -> None:
        """Make the window of another width."""
        self.page.set_viewport_size({"width": width, "height": _TALL})

    def unfold(self) -> None:
        """Open whatever is closed, and bring each chart into view until it is drawn."""
        self.page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
        for chart in self.page.locator("main .vlak").all():
            draw(chart)

    @property
    def place(self) -> str:
        """Path of the page in the site."""
        return self.page.url.removeprefix(self.root)

    def text(self, selector: str = "main") -> str:
        """What a part of the page says, each stretch of white space one space."""
        return words(self.page.locator(selector).first.inner_text())

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return width

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console: {message.text} on {self.page.url}")

    def _request(self, request: Request) -> None:
        # blob: and data: stay inside the browser.
        if urlsplit(request.url)[:2] != self._host and not request.url.startswith(("blob:", "data:")):
            self.troubles.append(f"request to elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"status {response.status}: {response.url}")


class Open(Protocol):
    """Opens a page of the site for a new reader."""

    def __call__(self, path: str, *, width: int = WIDE, scripts: bool = True, from_disk: bool = False) -> Reader: ...


def draw(chart: Locator) -> Locator:
    """Bring a chart into view until it is drawn and listens to mouse and keys."""
    chart.scroll_into_view_if_needed()
    expect(chart).to_have_attribute("data-getekend", _ANY)
    return chart


def words(text: str) -> str:
    """Text with each stretch of white space, also the unbreakable, as one space."""
    return " ".join(text.split())


def cell_texts(rows: Locator) -> list[str]:
    """What each of the elements says."""
    return [words(text) for text in rows.all_inner_texts()]
