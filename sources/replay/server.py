"""The replay server: an archive folder over real HTTP/1.1 on loopback.

Owns sockets, headers, compression, validators, latency, the request log and the faults of the transport. What
is answered is decided by the service. It looks up no name and listens on 127.0.0.1 only.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gzip
import hashlib
import http.client
import http.server
import json
import logging
import os
import re
import select
import socket
import socketserver
import struct
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from sources.replay import render
from sources.replay.archive import Archive
from sources.replay.faults import CONTENT_KINDS, Fault, FaultPlan
from sources.replay.odata_query import QueryError, parse_options, parse_pairs
from sources.replay.service import Answer, Request, Service

_LOOPBACK = "127.0.0.1"
_PREFIX = "_host"
_HOST_HEADER = re.compile(r"[A-Za-z0-9._-]+(?::\d+)?")
_LOOPBACK_NAMES = frozenset({_LOOPBACK, "localhost"})
_COMPRESSIBLE = re.compile(r"^(?:text/|application/(?:[a-z.+-]*json|[a-z.+-]*xml))")
_CACHE_BYTES = 192 * 1024 * 1024
_PATIENCE = 2.0
_ERROR_PAGE = b"<!DOCTYPE html><html><body><h1>De dienst is tijdelijk niet beschikbaar</h1></body></html>"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """What one request asked and got.

    Attributes:
        connection: number of the TCP connection, from 1 in order of acceptance.
        number_on_connection: number of the request on its connection, from 1.
        method: GET, HEAD, …
        host: the source host that was asked, or "" when none was recognised.
        path: the path below the host, decoded.
        query: the decoded query in the order of the request.
        status: the status sent; 0 when no status was sent (reset, empty, hang).
        bytes: bytes of body that are sent (after compression).
        gzip: whether the body is compressed.
        rows: rows in the answer, or None when it is no list.
        fault: kind of the fault that hit the request, or None.
        agent: the User-Agent of the client.
        started: monotonic seconds at which the request was read.
    """

    connection: int
    number_on_connection: int
    method: str
    host: str
    path: str
    query: str
    status: int
    bytes: int
    gzip: bool
    rows: int | None
    fault: str | None
    agent: str = ""
    started: float = 0.0


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer ready for the wire."""

    answer: Answer
    body: bytes
    gzip: bool
    headers: tuple[tuple[str, str], ...] = ()


class _ReplyCache:
    """Ready replies of data pages, the least recently used ones dropped. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._replies: OrderedDict[object, _Reply] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> _Reply | None:
        with self._lock:
            reply = self._replies.get(key)
            if reply is not None:
                self._replies.move_to_end(key)
            return reply

    def put(self, key: object, reply: _Reply) -> None:
        with self._lock:
            if key in self._replies or len(reply.body) > self._limit:
                return
            self._replies[key] = reply
            self._size += len(reply.body)
            while self._size > self._limit:
                self._size -= len(self._replies.popitem(last=False)[1].body)


@dataclass(frozen=True, slots=True)
class _Settings:
    """Switches of one server."""

    latency: float
    etag: bool
    cache_bytes: int


class _TcpServer(http.server.ThreadingHTTPServer):
    """The listening socket and what all connections share."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, port: int, archive: Archive, service: Service, plan: FaultPlan, settings: _Settings) -> None:
        self.archive = archive
        self.service = service
        self.plan = plan
        self.settings = settings
        self.cache = _ReplyCache(settings.cache_bytes)
        self.requests: list[RequestRecord] = []
        self.stopping = threading.Event()
        self._connections: dict[int, socket.socket] = {}
        self._accepted = 0
        self._lock = threading.Lock()
        super().__init__((_LOOPBACK, port), _Handler)

    def server_bind(self) -> None:
        """Bind without the name lookup of the base class."""
        socketserver.TCPServer.server_bind(self)
        self.server_name = _LOOPBACK
        self.server_port = int(self.server_address[1])

    @property
    def base_url(self) -> str:
        """Own origin."""
        return f"http://{_LOOPBACK}:{self.server_port}"

    def opened(self, connection: socket.socket) -> int:
        """Register a connection; returns its number."""
        with self._lock:
            self._accepted += 1
            self._connections[self._accepted] = connection
            return self._accepted

    def closed(self, number: int) -> None:
        """Forget a connection."""
        with self._lock:
            self._connections.pop(number, None)

    def close_connections(self) -> None:
        """End every open connection, so that no thread of a client waits for ever."""
        with self._lock:
            connections = list(self._connections.values())
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        deadline = time.monotonic() + _PATIENCE
        while self._connections and time.monotonic() < deadline:
            time.sleep(0.005)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Log what went wrong in the server itself; a client that left is no error."""
        _log.exception("replay server: a request failed")


class _Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _TcpServer

    def setup(self) -> None:
        """Count the connection."""
        super().setup()
        self._number = 0
        self._connection_id = self.server.opened(self.connection)

    def finish(self) -> None:
        """Forget the connection; the client may have closed it already."""
        self.server.closed(self._connection_id)
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def handle(self) -> None:
        """Serve requests until either side closes."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent: the request log is the record."""

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve()

    def do_HEAD(self) -> None:
        """Answer a HEAD: the headers of the GET."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a POST: only plain files can be registered for it."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._serve()

    def _serve(self) -> None:
        started = time.monotonic()
        self._number += 1
        request = self._request()
        fault = self._fault(request)
        if self.server.settings.latency > 0:
            self.server.stopping.wait(self.server.settings.latency)
        record = self._recorder(request, fault, started)
        if fault is not None and self._answered_by_fault(fault, record):
            return
        reply = self._reply(request, fault)
        self._send(reply, fault, record)

    def _request(self) -> Request | Answer:
        """The request as the service sees it, or the refusal where it cannot be one."""
        path, _, raw_query = self.path.partition("?")
        try:
            options = parse_options(raw_query)
        except QueryError as refused:
            return Answer(400, render.JSON_TYPE, render.error(str(refused)))
        host, raw_path, link_base = self._locate(path)
        wants_json = options.json or "application/json" in self.headers.get("Accept", "")
        return Request(self.command, host, unquote(raw_path), raw_path, link_base, options, wants_json)

    def _locate(self, path: str) -> tuple[str, str, str]:
        """Host, path below it, and origin with prefix for links."""
        header = self.headers.get("Host", "")
        named = header.partition(":")[0]
        own = named in _LOOPBACK_NAMES and _HOST_HEADER.fullmatch(header)
        origin = f"http://{header}" if own else self.server.base_url
        if path.startswith("http://"):
            # A client that was told to use this server as its proxy sends the whole URL.
            host, _, rest = path.removeprefix("http://").partition("/")
            if host.partition(":")[0] in self.server.archive.hosts():
                return host.partition(":")[0], f"/{rest}", f"http://{host}"
            path = f"/{rest}"
        if path.startswith(f"/{_PREFIX}/"):
            host, _, rest = path.removeprefix(f"/{_PREFIX}/").partition("/")
            return host, f"/{rest}", f"{origin}/{_PREFIX}/{host}"
        if named in self.server.archive.hosts():
            return named, path, f"{origin}/{_PREFIX}/{named}"
        return "", path, origin

    def _fault(self, request: Request | Answer) -> Fault | None:
        if isinstance(request, Answer):
            return None
        table = self.server.service.table_of(request)
        rows = table is not None and table.is_data and not table.count
        return self.server.plan.match(request.target, (table.host, table.table_id) if table and rows else None)

    def _recorder(self, request: Request | Answer, fault: Fault | None, started: float) -> _Recorder:
        path, _, raw_query = self.path.partition("?")
        known = None if isinstance(request, Answer) else request
        return _Recorder(
            log=self.server.requests,
            base=RequestRecord(
                connection=self._connection_id,
                number_on_connection=self._number,
                method=self.command,
                host=known.host if known else "",
                path=known.path if known else unquote(path),
                query="&".join(f"{name}={value}" for name, value in parse_pairs(raw_query)),
                status=0,
                bytes=0,
                gzip=False,
                rows=None,
                fault=fault.kind if fault else None,
                agent=self.headers.get("User-Agent", ""),
                started=started,
            ),
        )

    def _answered_by_fault(self, fault: Fault, record: _Recorder) -> bool:
        """Carry out a fault that replaces the answer; False when the answer is needed."""
        if fault.kind == "reset" and fault.after_bytes == 0:
            record.add(0)
            self._reset()
        elif fault.kind == "empty":
            record.add(0)
            self.close_connection = True
        elif fault.kind == "hang":
            record.add(0)
            self._hang()
        elif fault.kind in ("empty200", "html200") or fault.status is not None:
            self._send(_replacement(fault), None, record)
        else:
            return False
        return True

    def _reset(self) -> None:
        """End the connection with a TCP reset instead of an orderly close."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        # The descriptor is closed here: the base class would first send an orderly end.
        os.close(self.connection.detach())

    def _hang(self) -> None:
        """Answer nothing until the client leaves, other faults are set or the server stops."""
        self.close_connection = True
        plan = self.server.plan
        while self.server.plan is plan and not self.server.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.1)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def _reply(self, request: Request | Answer, fault: Fault | None) -> _Reply:
        if isinstance(request, Answer):
            return _Reply(request, request.body, gzip=False)
        if not request.host:
            return self._index_reply(request)
        compress = _wants_gzip(self.headers.get("Accept-Encoding", ""))
        key = self._cache_key(request, fault, compress=compress)
        reply = self.server.cache.get(key) if key else None
        if reply is None:
            answer = self.server.service.answer(request, fault, self.server.plan)
            if fault is not None and fault.kind == "badjson":
                answer = dataclasses.replace(answer, body=answer.body[: len(answer.body) // 2])
            reply = self._ready(answer, compress=compress)
            if key and reply.answer.status == HTTPStatus.OK:
                self.server.cache.put(key, reply)
        return self._validated(reply)

    def _cache_key(self, request: Request, fault: Fault | None, *, compress: bool) -> object:
        """Key of a page of rows or of a list that may be kept; None for what may change or is hurt."""
        table = self.server.service.table_of(request)
        # A fault can move the stamps of TableInfos; the service document names no resource.
        if table is None or table.resource in {"", "TableInfos"} or _changes_body(fault):
            return None
        stamp = self.server.archive.stamp(table.host, table.table_id, table.resource)
        return (
            stamp,
            request.link_base,
            request.raw_path,
            request.options.pairs,
            request.wants_json,
            compress,
        )

    def _ready(self, answer: Answer, *, compress: bool) -> _Reply:
        if not compress or not answer.body or not _COMPRESSIBLE.match(answer.content_type):
            return _Reply(answer, answer.body, gzip=False)
        return _Reply(answer, gzip.compress(answer.body, 4, mtime=0), gzip=True)

    def _validated(self, reply: _Reply) -> _Reply:
        """Add the ETag where the switch is on, and answer 304 to a client that has the same body."""
        if not self.server.settings.etag or reply.answer.status != HTTPStatus.OK:
            return reply
        tag = f'"{hashlib.sha1(reply.answer.body, usedforsecurity=False).hexdigest()}"'
        headers = (("ETag", tag),)
        if tag in self.headers.get("If-None-Match", ""):
            return _Reply(Answer(304, reply.answer.content_type, b""), b"", gzip=False, headers=headers)
        return _Reply(reply.answer, reply.body, reply.gzip, headers)

    def _index_reply(self, request: Request) -> _Reply:
        """The root says what this server is; any other path without a known host is refused."""
        archive = self.server.archive
        if request.path == "/":
            about = {
                "kind": archive.about.get("kind"),
                "title": archive.about.get("title"),
                "identity": archive.identity,
                "hosts": sorted(archive.hosts()),
            }
            body = json.dumps(about, ensure_ascii=False).encode()
            answer = Answer(200, render.JSON_TYPE, body)
        else:
            wanted = f"{request.link_base}/{_PREFIX}/<host>{request.path}"
            known = ", ".join(sorted(archive.hosts()))
            hint = f"No host in this request. Ask for {wanted}, or send a Host header; hosts: {known}"
            answer = Answer(404, render.JSON_TYPE, render.error(hint))
        return _Reply(answer, answer.body, gzip=False)

    def _send(self, reply: _Reply, fault: Fault | None, record: _Recorder) -> None:
        kind = fault.kind if fault is not None else ""
        body = reply.body[: len(reply.body) // 2] if kind == "truncate" else reply.body
        body = b"" if self.command == "HEAD" else body
        self.close_connection = self.close_connection or kind in ("truncate", "reset")
        head = self._head(reply)
        record.add(reply.answer.status, len(body), gzip=reply.gzip, rows=reply.answer.rows)
        if kind == "slow" and fault is not None:
            self._send_slowly(head, body, fault.bytes_per_second)
        elif kind == "reset" and fault is not None:
            self.wfile.write((head + body)[: fault.after_bytes])
            self._reset()
        else:
            self.wfile.write(head + body)

    def _head(self, reply: _Reply) -> bytes:
        status = reply.answer.status
        phrase = http.client.responses.get(status, "")
        lines = [f"HTTP/1.1 {status} {phrase}", f"Content-Type: {reply.answer.content_type}"]
        if status != HTTPStatus.NOT_MODIFIED:
            lines.append(f"Content-Length: {len(reply.body)}")
        if reply.gzip:
            lines += ["Content-Encoding: gzip", "Vary: Accept-Encoding"]
        lines += [f"{name}: {value}" for name, value in reply.headers]
        if self.close_connection:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _send_slowly(self, head: bytes, body: bytes, bytes_per_second: int) -> None:
        """Send the head at once and the body in small pieces, until done or the server stops."""
        self.wfile.write(head)
        piece = max(bytes_per_second // 20, 1)
        for start in range(0, len(body), piece):
            if self.server.stopping.wait(piece / bytes_per_second):
                self.close_connection = True
                return
            self.wfile.write(body[start : start + piece])


@dataclass(frozen=True, slots=True)
class _Recorder:
    """Adds one request to the log, before its answer leaves: a client that has its answer finds it there."""

    log: list[RequestRecord]
    base: RequestRecord

    def add(self, status: int, bytes_: int = 0, *, gzip: bool = False, rows: int | None = None) -> None:
        """Write the record."""
        sent = dataclasses.replace(self.base, status=status, bytes=bytes_, gzip=gzip, rows=rows)
        self.log.append(sent)


def _replacement(fault: Fault) -> _Reply:
    """The answer of a fault that needs none from the service."""
    if fault.kind == "empty200":
        answer = Answer(200, render.JSON_TYPE, b"")
    elif fault.kind == "html200":
        answer = Answer(200, render.HTML_TYPE, _ERROR_PAGE)
    else:
        status = fault.status or 500
        text = (
            "Fout bij het lezen van kolom"
            if status == HTTPStatus.INTERNAL_SERVER_ERROR
            else http.client.responses.get(status, "")
        )
        answer = Answer(status, render.JSON_TYPE, render.error(text))
    headers = (("Retry-After", fault.retry_after),) if fault.retry_after is not None else ()
    return _Reply(answer, answer.body, gzip=False, headers=headers)


def _changes_body(fault: Fault | None) -> bool:
    return fault is not None and (fault.kind in CONTENT_KINDS or fault.kind == "badjson")


def _wants_gzip(accept: str) -> bool:
    for part in accept.lower().split(","):
        coding, _, quality = part.strip().partition(";")
        if coding.strip() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0")
    return False


class ReplayServer:
    """Serves an archive folder on loopback, for tests, for the demo and for offline work.

    A host is reached as `<base_url>/_host/<host>/<path>`, or with that host in the Host header.
    Use it as a context manager, or call `start` and `stop`.
    """

    def __init__(
        self,
        archive: Path,
        *,
        port: int = 0,
        latency: float = 0.0,
        faults: Sequence[Fault] = (),
        etag: bool = False,
        count_ignores_filter: bool = False,
        cache_bytes: int = _CACHE_BYTES,
    ) -> None:
        """Describe the server; nothing is opened before `start`.

        Args:
            archive: folder with `archive.json`.
            port: TCP port; 0 takes a free one.
            latency: seconds that every answer waits first.
            faults: scripted faults.
            etag: send an ETag and answer 304 to a matching If-None-Match.
            count_ignores_filter: `/$count` counts all rows, whatever the filter.
            cache_bytes: ready pages of rows that are kept in memory.
        """
        self._folder = archive
        self._port = port
        self._settings = _Settings(latency, etag, cache_bytes)
        self._faults = tuple(faults)
        self._count_ignores_filter = count_ignores_filter
        self._tcp: _TcpServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> ReplayServer:
        """Open the archive and begin to listen.

        Raises:
            ArchiveError: the folder is no archive.
            OSError: the port is taken.
        """
        archive = Archive(self._folder)
        service = Service(archive, count_ignores_filter=self._count_ignores_filter)
        self._tcp = _TcpServer(self._port, archive, service, FaultPlan(self._faults), self._settings)
        self._thread = threading.Thread(target=self._tcp.serve_forever, args=(0.05,), name="replay-server", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and end every open connection; a second call does nothing."""
        tcp, thread = self._tcp, self._thread
        if tcp is None or tcp.stopping.is_set():
            return
        tcp.stopping.set()
        tcp.shutdown()
        tcp.server_close()
        tcp.close_connections()
        if thread is not None:
            thread.join()
        tcp.archive.close()

    def __enter__(self) -> ReplayServer:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    @property
    def _running(self) -> _TcpServer:
        if self._tcp is None:
            raise RuntimeError("the replay server was not started; use `with ReplayServer(...)` or call start()")
        return self._tcp

    @property
    def base_url(self) -> str:
        """Base address, for example `http://127.0.0.1:40123`."""
        return self._running.base_url

    @property
    def requests(self) -> list[RequestRecord]:
        """Every request so far, in the order of the answers; the list itself, so `clear()` empties it."""
        return self._running.requests

    def host_url(self, host: str) -> str:
        """Base address of one source host."""
        return f"{self.base_url}/{_PREFIX}/{host}"

    def set_faults(self, faults: Sequence[Fault]) -> None:
        """Replace the scripted faults; the counts of requests start anew and what hangs is closed without an answer."""
        self._running.plan = FaultPlan(faults)
