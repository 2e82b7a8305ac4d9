"""Bodies on their way in: gzip whole, in members, cut off and damaged; and when a request gives up its place."""

from __future__ import annotations

import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sources.errors import BadBodyError, ConnectionLostError
from sources.http import HttpSettings, Received, Transport

FAST = HttpSettings(connect_timeout=10, read_timeout=10, total_timeout=30, attempts=2, backoff=0.001, minimum_rate=1)
BODY = b'{"value":[' + b",".join(b'{"ID":%d}' % number for number in range(300_000)) + b"]}"


@contextmanager
def serving(body: bytes, coding: str = "gzip") -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything with these bytes; gives its address and the paths asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Stay silent."""

        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if coding:
                self.send_header("Content-Encoding", coding)
            self.end_headers()
            self.wfile.write(body)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


class Memory:
    """A sink that keeps what it gets."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def close(self) -> None:
        """Nothing to close."""


PACKED = gzip.compress(BODY, 4, mtime=0)


@pytest.mark.parametrize(
    ("body", "coding"),
    [(PACKED, "gzip"), (gzip.compress(BODY[:999]) + gzip.compress(BODY[999:]), "gzip"), (BODY, ""), (PACKED, "x-gzip")],
    ids=["gzip", "members", "plain", "x-gzip"],
)
def test_a_body_arrives_as_it_was_before_compression(body: bytes, coding: str) -> None:
    """A service may compress, in one member or several, or not."""
    with serving(body, coding) as (url, _), Transport(FAST) as transport:
        answer, sink = transport.receive(url, Memory, lambda received, sink: (received, sink))
    assert b"".join(sink.pieces) == BODY
    assert answer.bytes == len(body)
    assert max(map(len, sink.pieces)) <= 1024 * 1024, "a body of a hundred times its size must not come in one piece"


@pytest.mark.parametrize(
    "body",
    [PACKED[:-1], PACKED[: len(PACKED) // 2], PACKED[:5000] + b"\xff" * 100 + PACKED[5100:], b"no gzip"],
    ids=["last byte", "half", "damaged", "no gzip"],
)
def test_gzip_that_is_cut_off_or_damaged_is_tried_again(tmp_path: Path, body: bytes) -> None:
    """Half a body that decompresses is half a table; its Content-Length says nothing of that."""
    with (
        serving(body) as (url, asked),
        Transport(FAST) as transport,
        pytest.raises(ConnectionLostError, match="gzip"),
    ):
        transport.download(url, tmp_path / "body")
    assert len(asked) == 2
    assert list(tmp_path.iterdir()) == []


def test_work_on_an_answer_does_not_keep_the_next_request_waiting() -> None:
    """With the place held while a page is converted, the line is idle most of the time."""
    with serving(PACKED) as (url, asked), Transport(replace(FAST, parallel=1)) as transport:
        second = threading.Thread(target=lambda: transport.read(f"{url}/2", len, limit=10_000_000))

        def finish(_answer: Received, _sink: Memory) -> bool:
            second.start()
            second.join(20)
            return not second.is_alive()

        assert transport.receive(f"{url}/1", Memory, finish)
    assert asked == ["/1", "/2"]


def test_an_answer_that_is_not_worth_keeping_is_asked_again_with_a_fresh_sink() -> None:
    """Pieces of the first attempt in the second make a body that was never sent."""
    sinks: list[Memory] = []

    def finish(_answer: Received, sink: Memory) -> int:
        sinks.append(sink)
        if len(sinks) == 1:
            raise BadBodyError("niet goed")
        return sum(map(len, sink.pieces))

    with serving(PACKED) as (url, _), Transport(FAST) as transport:
        assert transport.receive(url, Memory, finish) == len(BODY)
    assert sinks[0] is not sinks[1]
