"""A server for one computer: shows the publications of a folder on loopback, and nothing else.

For an office or the internet the files go to a host of their own; `docs/beheer.md` says how.
"""

import gzip
import os
import shutil
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

from serving.errors import WrongUseError
from serving.locations import LAST_RUN
from serving.shelf import CURRENT
from serving.site.served import Found, find_file

HOST = "127.0.0.1"
START = f"/{CURRENT}/site/index.html"
# The same as in base.html.jinja, and what only a server can say: no other page may frame this one.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # The data are scripts: without this any site in the same browser could load them.
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A name that leads here from elsewhere would let that site read what is served (DNS rebinding).
_NAMES = frozenset({"localhost", HOST, "[::1]"})
_TO_START = frozenset(("", f"/{CURRENT}", f"/{CURRENT}/site"))
_REFUSED = "Dit verzoek kan niet."
_IDLE_SECONDS = 30
_LEVEL = 6
# A larger file is a download: compressing it takes longer than sending it on this computer.
_LARGEST_COMPRESSED = 8_000_000
_KEPT_BYTES = 32_000_000


class SiteServer(ThreadingHTTPServer):
    """Serves the folder of publications on loopback.

    Attributes:
        folder: The folder, resolved.
    """

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        """Take the port; 0 for any that is free.

        Raises:
            WrongUseError: the port is not free or not allowed.
        """
        self.folder = folder.resolve()
        self._kept: OrderedDict[tuple[Path, str], bytes] = OrderedDict()
        self._lock = threading.Lock()
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise WrongUseError(
                f"Poort {port} op {HOST} is niet te gebruiken ({error.strerror}). Kies een andere met --poort, "
                f"of stop wat daar draait."
            ) from None

    def server_bind(self) -> None:
        """Bind without asking a name server what this computer is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.socket.getsockname()[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let go of a reader who went away; anything else is a fault of ours and is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    @property
    def address(self) -> str:
        """Where the start page is."""
        return f"http://{HOST}:{self.server_port}{START}"

    def compressed(self, found: Found) -> bytes:
        """The content of a file, compressed; the last ones are kept, for a file of a publication never changes."""
        key = (found.path, found.tag)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        content = gzip.compress(found.path.read_bytes(), _LEVEL, mtime=0)
        with self._lock:
            self._kept[key] = content
            while sum(map(len, self._kept.values())) > _KEPT_BYTES:
                self._kept.popitem(last=False)
        return content


class _Handler(BaseHTTPRequestHandler):
    """Answers one reader."""

    protocol_version = "HTTP/1.1"
    server_version = "impact-kpi"
    sys_version = ""
    timeout = _IDLE_SECONDS
    server: SiteServer

    def do_GET(self) -> None:
        """Send a file."""
        self._answer(with_content=True)

    def do_HEAD(self) -> None:
        """Say what a file is."""
        self._answer(with_content=False)

    def _answer(self, *, with_content: bool) -> None:
        if not self._is_for_us():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "Deze server is alleen voor deze computer zelf.")
            return
        path = self.path.partition("?")[0]
        if path.rstrip("/") in _TO_START:
            self._start(HTTPStatus.FOUND, {"Location": START, "Content-Length": "0"})
            return
        found = find_file(self.server.folder, path)
        if found is not None:
            self._send(found, with_content=with_content)
        elif path == f"/{LAST_RUN}":
            self._send_text(HTTPStatus.OK, "{}", "application/json; charset=utf-8", with_content=with_content)
        else:
            self.send_error(HTTPStatus.NOT_FOUND, "Deze bladzijde is er niet.")

    def _is_for_us(self) -> bool:
        hosts = self.headers.get_all("Host", [])
        return len(hosts) == 1 and _without_port(hosts[0]) in _NAMES

    def _send(self, found: Found, *, with_content: bool) -> None:
        headers = {
            "Content-Type": found.kind,
            "Cache-Control": "no-cache",
            "ETag": found.tag,
            "Vary": "Accept-Encoding",
        }
        if found.tag in self.headers.get("If-None-Match", ""):
            self._start(HTTPStatus.NOT_MODIFIED, headers)
            return
        if found.is_text and found.size <= _LARGEST_COMPRESSED and self._takes_gzip():
            content = self.server.compressed(found)
            self._start(HTTPStatus.OK, headers | {"Content-Encoding": "gzip", "Content-Length": str(len(content))})
            if with_content:
                self.wfile.write(content)
            return
        with found.path.open("rb") as file:
            # The report of the last run may have been replaced since it was found.
            size = os.fstat(file.fileno()).st_size
            self._start(HTTPStatus.OK, headers | {"Content-Length": str(size)})
            if with_content:
                shutil.copyfileobj(file, self.wfile)

    def _takes_gzip(self) -> bool:
        accepted = self.headers.get("Accept-Encoding", "").casefold().replace(" ", "").split(",")
        return any(one == "gzip" or (one.startswith("gzip;") and one != "gzip;q=0") for one in accepted)

    def _send_text(self, status: HTTPStatus, text: str, kind: str, *, with_content: bool) -> None:
        content = text.encode()
        allowed = {"Allow": "GET, HEAD"} if status == HTTPStatus.METHOD_NOT_ALLOWED else {}
        headers = {"Content-Type": kind, "Cache-Control": "no-store", "Content-Length": str(len(content))}
        self._start(status, headers | allowed)
        if with_content:
            self.wfile.write(content)

    def _start(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, **headers}.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Say in Dutch that it cannot be had, without repeating what was asked."""
        # The base class knows no method but those above, and calls the others not implemented.
        status = HTTPStatus.METHOD_NOT_ALLOWED if code == HTTPStatus.NOT_IMPLEMENTED else HTTPStatus(code)
        # What came with the request is not read, so the next one on this connection would be misread.
        self.close_connection = True
        text = message if message and status in {HTTPStatus.NOT_FOUND, HTTPStatus.MISDIRECTED_REQUEST} else _REFUSED
        self._send_text(status, text, "text/plain; charset=utf-8", with_content=self.command != "HEAD")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the terminal quiet: what somebody looks at is nobody's business."""


def _without_port(host: str) -> str:
    name, _, port = host.rpartition(":")
    return name.casefold() if name and port.isdigit() else host.casefold()
