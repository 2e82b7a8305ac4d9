"""Telling people about a night: what is sent, when, and that a receiver never changes how a night ended."""

from __future__ import annotations

import json
import logging
import os
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any, ClassVar

import pytest

from orchestration import notify
from orchestration.notify import tell
from orchestration.settings import Settings, load_settings

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
STALE = {
    "bron_id": "rivm_50150NED",
    "tabel": "50150NED",
    "titel": "Gezondheid per gemeente",
    "verouderd_sinds": "2026-11-19T02:31:07+00:00",
    "kpis": ["I 1.1.1", "I 3.3.2"],
}
FINE = {**STALE, "verouderd_sinds": None}
CHECK = {"asset": "marts/kpi_waarde", "naam": "bereik", "melding": "I 1.1.1: 12 cijfers vielen weg"}


def night(*, gelukt: bool = True, stale: bool = False, check: bool = False, failures: list[str] | None = None) -> Any:
    """What the report says of a night."""
    return {
        "gestart": "2026-11-22T02:30:00+00:00",
        "soort": "live",
        "run_id": "d3b0c1f2",
        "gelukt": gelukt,
        "bronnen": [STALE if stale else FINE],
        "publicatie": {"publicatie_id": "2026-11-22T033412-3f9c2a", "state": "gepubliceerd"} if gelukt else None,
        "warnings": [f"{CHECK['asset']}, toets {CHECK['naam']}: {CHECK['melding']}"] if check else [],
        "failures": failures or [],
        "controles": [CHECK] if check else [],
    }


class Hook(BaseHTTPRequestHandler):
    """Keeps what is posted, and answers as told."""

    status: ClassVar[int] = 200
    got: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append(json.loads(body))
        self.send_response(type(self).status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Letters(socketserver.StreamRequestHandler):
    """As much of a mail server as it takes to receive a letter."""

    got: ClassVar[list[bytes]] = []
    said: ClassVar[list[str]] = []
    refused: ClassVar[set[str]] = set()

    def handle(self) -> None:
        self.answer("220 hier")
        while line := self.rfile.readline().decode().strip():
            type(self).said.append(line)
            word = line.split(" ")[0].upper()
            if word == "DATA":
                self.answer("354 ga uw gang")
                lines = []
                while (text := self.rfile.readline()) != b".\r\n":
                    lines.append(text)
                type(self).got.append(b"".join(lines))
            if word == "RCPT" and any(who in line for who in type(self).refused):
                self.answer("550 onbekend")
            else:
                self.answer("221 dag" if word == "QUIT" else "250 goed")
            if word == "QUIT":
                return

    def answer(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    """A server on loopback while the body runs; gives its port."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def hook() -> Iterator[str]:
    Hook.got, Hook.status = [], 200
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Hook)) as port:
        yield f"http://127.0.0.1:{port}/zeer-geheim"


@pytest.fixture
def mail_server() -> Iterator[int]:
    Letters.got, Letters.said, Letters.refused = [], [], set()
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Letters)) as port:
        yield port


def installation(folder: Path, told: Mapping[str, str]) -> Settings:
    return load_settings({"IMPACT_KPI_DATA": str(folder), "IMPACT_KPI_SOURCES": "live", **told})


def test_a_failed_night_is_told_with_what_failed_and_without_places(tmp_path: Path, hook: str) -> None:
    """Nobody would know until an advisor asks; or the message would tell strangers where everything lies."""
    settings = installation(tmp_path, {"IMPACT_KPI_MELD_WEBHOOK": hook})
    failed = f"stap kpi_mart: {settings.locations.warehouse} is niet te openen"
    assert tell(settings, night(gelukt=False, stale=True, failures=[failed]), NOW)
    (message,) = Hook.got
    assert set(message) == {
        "melding", "soort", "run_id", "gelukt", "mislukt", "verouderd", "publicatie", "tekst"
    }  # fmt: skip
    assert message["melding"] == "mislukt"
    assert message["soort"] == "live"
    assert message["gelukt"] is False
    assert message["run_id"] == "d3b0c1f2"
    assert message["publicatie"] is None
    assert message["mislukt"] == ["stap kpi_mart: IMPACT_KPI_DATA/live/warehouse.duckdb is niet te openen"]
    assert message["verouderd"] == [
        {
            "bron_id": "rivm_50150NED",
            "tabel": "50150NED",
            "titel": "Gezondheid per gemeente",
            "sinds": "2026-11-19",
            "kpis": ["I 1.1.1", "I 3.3.2"],
        }
    ]
    for part in ("mislukt", "de vorige publicatie blijft staan", "verouderd sinds 2026-11-19", "I 3.3.2"):
        assert part in message["tekst"]
    assert str(tmp_path) not in json.dumps(message)


def test_what_is_stale_is_told_once_a_week_and_that_it_is_over_once(tmp_path: Path, hook: str) -> None:
    """A message every night is read by nobody; one that never says 'mended' keeps somebody looking."""
    settings = installation(tmp_path, {"IMPACT_KPI_MELD_WEBHOOK": hook})
    told = [
        tell(settings, night(stale=day < 9), NOW + timedelta(days=day))
        for day in range(11)
    ]  # fmt: skip
    assert [day for day, sent in enumerate(told) if sent] == [0, 7, 9]
    assert [message["melding"] for message in Hook.got] == ["aandacht", "aandacht", "hersteld"]
    assert Hook.got[-1]["verouderd"] == []


def test_a_check_that_fails_while_a_source_is_stale_is_news(tmp_path: Path, hook: str) -> None:
    """The second problem would hide behind the first for a week."""
    settings = installation(tmp_path, {"IMPACT_KPI_MELD_WEBHOOK": hook})
    nights = [night(stale=True), night(stale=True, check=True), night(stale=True, check=True), night(check=True)]
    told = [tell(settings, one, NOW + timedelta(days=day)) for day, one in enumerate(nights)]
    assert told == [True, True, False, False]
    assert Hook.got[1]["mislukt"] == ["marts/kpi_waarde, toets bereik: I 1.1.1: 12 cijfers vielen weg"]


def test_every_failed_night_is_told_and_a_night_without_a_run_forgets_nothing(tmp_path: Path, hook: str) -> None:
    """A second failed night would look like a good one; a broken start would make old news new."""
    settings = installation(tmp_path, {"IMPACT_KPI_MELD_WEBHOOK": hook})
    not_begun = {**night(gelukt=False), "bronnen": [], "run_id": ""}
    nights = [night(stale=True), not_begun, not_begun, night(stale=True), night()]
    told = [tell(settings, one, NOW + timedelta(days=day)) for day, one in enumerate(nights)]
    assert told == [True, True, True, False, True]
    assert [message["melding"] for message in Hook.got] == ["aandacht", "mislukt", "mislukt", "hersteld"]


def test_a_good_night_after_a_good_night_is_silent(tmp_path: Path, hook: str) -> None:
    """A mail a day about nothing teaches people to throw them away."""
    settings = installation(tmp_path, {"IMPACT_KPI_MELD_WEBHOOK": hook})
    assert [tell(settings, night(), NOW + timedelta(days=day)) for day in range(3)] == [False] * 3
    assert Hook.got == []


def test_the_mail_says_the_same(tmp_path: Path, mail_server: int) -> None:
    """Whoever has no chat server would hear nothing."""
    told = {
        "IMPACT_KPI_MELD_MAIL": "beheer@voorbeeld.nl, wacht@voorbeeld.nl",
        "IMPACT_KPI_MELD_AFZENDER": "impact-kpi@voorbeeld.nl",
        "IMPACT_KPI_MELD_SMTP": f"127.0.0.1:{mail_server}",
    }
    assert tell(installation(tmp_path, told), night(gelukt=False, failures=["stap x: één fout"]), NOW)
    letter = message_from_bytes(Letters.got[0], policy=policy.default)
    assert letter["Subject"] == "Impact-KPI (live): de verversing is mislukt; de vorige publicatie blijft staan"
    assert letter["From"] == "impact-kpi@voorbeeld.nl"
    assert letter["To"] == "beheer@voorbeeld.nl, wacht@voorbeeld.nl"
    assert "stap x: één fout" in letter.get_content()


def test_a_mail_that_must_be_encrypted_is_not_sent_in_the_open(
    tmp_path: Path, mail_server: int, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that does not offer encryption would be given the password."""
    told = {
        "IMPACT_KPI_MELD_MAIL": "beheer@voorbeeld.nl",
        "IMPACT_KPI_MELD_SMTP": f"127.0.0.1:{mail_server}",
        "IMPACT_KPI_MELD_STARTTLS": "ja",
        "IMPACT_KPI_MELD_GEBRUIKER": "impact",
        "IMPACT_KPI_MELD_WACHTWOORD": "zeer-geheim",
    }
    with caplog.at_level(logging.DEBUG):
        assert not tell(installation(tmp_path, told), night(gelukt=False), NOW)
    assert not any(line.upper().startswith(("AUTH", "MAIL", "DATA")) for line in Letters.said)
    assert "zeer-geheim" not in caplog.text


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_receiver_that_refuses_is_asked_again_the_next_night(
    tmp_path: Path, hook: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """What could not be told once would never be told; or the log would hold the secret in the address."""
    settings = installation(tmp_path, {"IMPACT_KPI_MELD_WEBHOOK": hook})
    Hook.status = status
    assert not tell(settings, night(stale=True), NOW)
    assert str(status) in caplog.text
    assert "zeer-geheim" not in caplog.text
    Hook.status = 204
    assert tell(settings, night(stale=True), NOW + timedelta(days=1))


def test_a_recipient_that_is_refused_is_not_silently_left_out(tmp_path: Path, mail_server: int) -> None:
    """The one who is on duty would never hear anything."""
    Letters.refused = {"wacht@"}
    told = {
        "IMPACT_KPI_MELD_MAIL": "beheer@voorbeeld.nl, wacht@voorbeeld.nl",
        "IMPACT_KPI_MELD_SMTP": f"127.0.0.1:{mail_server}",
    }
    assert not tell(installation(tmp_path, told), night(gelukt=False), NOW)


def test_nobody_listening_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A night that was published would end as a failure because a chat server is down."""
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"IMPACT_KPI_MELD_WEBHOOK": f"http://127.0.0.1:{port}/zeer-geheim", "IMPACT_KPI_MELD_MAIL": "a@b.nl"}
    settings = installation(tmp_path, {**told, "IMPACT_KPI_MELD_SMTP": f"127.0.0.1:{port}"})
    assert not tell(settings, night(gelukt=False), NOW)
    assert "zeer-geheim" not in caplog.text
    assert not settings.told.exists()


def test_a_receiver_that_never_answers_is_left_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process of the night would hang until somebody kills it, and hold the lock all the while."""
    monkeypatch.setattr(notify, "_DEADLINE", 0.5)
    with closing(socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings = installation(tmp_path, {"IMPACT_KPI_MELD_WEBHOOK": f"http://127.0.0.1:{silent.getsockname()[1]}/x"})
        begun = time.monotonic()
        assert not tell(settings, night(gelukt=False), NOW)
        # Far below any timeout of a library: the deadline is what ended it.
        assert time.monotonic() - begun < 4.0


def test_what_was_told_cannot_be_read_then_it_is_told_again(tmp_path: Path, hook: str) -> None:
    """A damaged little file would silence every message, or stop the night."""
    settings = installation(tmp_path, {"IMPACT_KPI_MELD_WEBHOOK": hook})
    settings.told.parent.mkdir(parents=True)
    for content in ("{", "[]", '{"x": 1}', '{"x": "gisteren"}'):
        settings.told.write_text(content)
        assert tell(settings, night(stale=True), NOW)


def test_the_message_can_be_tried_out(tmp_path: Path, hook: str) -> None:
    """Whoever set it up would learn only from a bad night that the address was wrong."""

    def tried(**told: str) -> subprocess.CompletedProcess[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("IMPACT_KPI_")}
        command = [sys.executable, "-m", "serving.cli", "melding", "proberen"]
        return subprocess.run(
            command, env={**env, "IMPACT_KPI_DATA": str(tmp_path), **told}, capture_output=True, text=True, check=False
        )

    done = tried(IMPACT_KPI_MELD_WEBHOOK=hook)
    assert (done.returncode, done.stdout) == (0, "Verstuurd naar de webhook.\n")
    assert [message["melding"] for message in Hook.got] == ["proef"]
    Hook.status = 500
    refused = tried(IMPACT_KPI_MELD_WEBHOOK=hook)
    assert (refused.returncode, refused.stderr) == (1, "Niet gelukt: de webhook: antwoord 500\n")
    assert tried().returncode == 2
    assert "IMPACT_KPI_MELD_WEBHOOK" in tried().stderr
