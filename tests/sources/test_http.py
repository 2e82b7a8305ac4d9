"""The transport against a real server on loopback: deadlines, retries, keep-alive, proxies, certificates."""

from __future__ import annotations

import http.client
import http.server
import json
import random
import select
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sources.errors import (
    BadBodyError,
    BusyError,
    CertificateError,
    ConnectionLostError,
    CorruptError,
    DeadlineError,
    RejectedError,
    ServiceDownError,
    SourceError,
    TooSlowError,
)
from sources.http import Download, HttpSettings, Transport
from sources.odata.client import Client
from sources.replay import Fault, ReplayServer
from sources.services import Services
from tests.archives import CBS, Top, regions, write_archive, write_table

FAST = HttpSettings(
    connect_timeout=10, read_timeout=10, total_timeout=30, attempts=3, backoff=0.001, minimum_rate=1, rate_window=5
)
IMPATIENT = replace(FAST, read_timeout=0.3)
PATH = "/ODataFeed/odata/80001NED/TypedDataSet?$format=json"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_archive(tmp_path_factory.mktemp("archive"))
    codes = [f"GM{number:04}" for number in range(400)]
    write_table(folder, "80001NED", [regions(*codes)], [Top("Waarde_1")], [[code, 1.5] for code in codes])
    return folder


@pytest.fixture
def server(archive: Path) -> Iterator[ReplayServer]:
    with ReplayServer(archive) as replay:
        yield replay


def url(server: ReplayServer) -> str:
    return server.host_url(CBS) + PATH


def parse(answer: Download) -> None:
    """Refuse what is no JSON, as the readers of pages do."""
    try:
        json.loads(answer.path.read_bytes())
    except ValueError as error:
        raise BadBodyError("geen JSON") from error


def test_one_connection_and_compressed_answers_serve_a_whole_run(server: ReplayServer, tmp_path: Path) -> None:
    """Ten downloads over ten connections, or uncompressed, would be many times slower and impolite."""
    seen: list[int] = []
    with Transport(HttpSettings(contact="https://voorbeeld.nl")) as transport:
        for _ in range(5):
            answer = transport.download(url(server), tmp_path / "page.json", check=parse, on_bytes=seen.append)
    assert [record.connection for record in server.requests] == [1] * 5
    assert all(record.gzip for record in server.requests)
    assert server.requests[0].agent.startswith("impact-kpi/")
    assert server.requests[0].agent.endswith("(+https://voorbeeld.nl)")
    assert answer.bytes == server.requests[-1].bytes < (tmp_path / "page.json").stat().st_size == seen[-1]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("reset", count=1),
        Fault("reset", count=1, after_bytes=400),
        Fault("truncate", count=1),
        Fault("badjson", count=1),
        Fault("empty", count=1),
        Fault("empty200", count=1),
        Fault("html200", count=1),
        Fault("408", count=1),
        Fault("425", count=1),
        Fault("429", count=1),
        Fault("500", count=1),
        Fault("503", count=2),
        Fault("hang", count=1),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.after_bytes}",
)
def test_a_passing_fault_is_tried_again(server: ReplayServer, tmp_path: Path, fault: Fault) -> None:
    """A single hiccup of the service would cost a table its night."""
    server.set_faults([fault])
    with Transport(IMPATIENT if fault.kind == "hang" else FAST) as transport:
        transport.download(url(server), tmp_path / "page.json", check=parse)
    assert len(json.loads((tmp_path / "page.json").read_bytes())["value"]) == 400


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("reset"), ConnectionLostError),
        (Fault("truncate"), ConnectionLostError),
        (Fault("badjson"), BadBodyError),
        (Fault("hang"), DeadlineError),
        (Fault("503"), BusyError),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_lasting_fault_is_given_up_with_its_own_class(
    server: ReplayServer, tmp_path: Path, fault: Fault, error: type[SourceError]
) -> None:
    """Retrying for ever would hold up the night; the class says what kind of night it was."""
    server.set_faults([fault])
    settings = IMPATIENT if fault.kind == "hang" else FAST
    with Transport(settings) as transport, pytest.raises(error, match="opgegeven na 3 keer"):
        transport.download(url(server), tmp_path / "page.json", check=parse)
    assert len(server.requests) == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", ["400", "403", "404", "410"])
def test_a_refusal_is_not_repeated(server: ReplayServer, tmp_path: Path, status: str) -> None:
    """Asking again what was refused gives the same answer and a bad name."""
    server.set_faults([Fault(status)])
    with Transport(FAST) as transport, pytest.raises(RejectedError) as caught:
        transport.download(url(server), tmp_path / "page.json")
    assert caught.value.status == int(status)
    assert len(server.requests) == 1


def test_the_same_500_twice_is_lasting(server: ReplayServer, tmp_path: Path) -> None:
    """A corrupt table answers 500 for ever; five tries each night are three too many."""
    server.set_faults([Fault("500")])
    with Transport(FAST) as transport, pytest.raises(CorruptError):
        transport.download(url(server), tmp_path / "page.json")
    assert len(server.requests) == 2


@pytest.mark.parametrize(("header", "waited"), [("7", 7.0), ("3600", 120.0), ("geen tijd", None)])
def test_retry_after_is_honoured_up_to_a_cap(
    server: ReplayServer, tmp_path: Path, header: str, waited: float | None
) -> None:
    """Coming back too soon makes overload worse; an hour's wait would end the night."""
    server.set_faults([Fault("429", count=1, retry_after=header)])
    waits: list[float] = []
    with Transport(FAST, sleep=waits.append) as transport:
        transport.download(url(server), tmp_path / "page.json")
    assert waits == [waited] if waited else waits[0] <= FAST.backoff


def test_waits_are_drawn_up_to_a_bound_that_doubles(server: ReplayServer, tmp_path: Path) -> None:
    """Fixed waits would bring all clients back at the same moment."""
    server.set_faults([Fault("503")])
    waits: list[float] = []
    settings = HttpSettings(attempts=6, backoff=1.0, backoff_cap=4.0)
    with Transport(settings, sleep=waits.append, rng=random.Random(1)) as transport, pytest.raises(BusyError):
        transport.download(url(server), tmp_path / "page.json")
    bounds = [1.0, 2.0, 4.0, 4.0, 4.0]
    assert all(0 <= wait <= bound for wait, bound in zip(waits, bounds, strict=True))
    assert len(set(waits)) == len(waits)


def test_retries_of_a_run_come_out_of_one_budget(server: ReplayServer, tmp_path: Path) -> None:
    """Sixty tables with five tries each would take a bad night into the morning."""
    server.set_faults([Fault("503")])
    settings = HttpSettings(attempts=3, backoff=0, retry_budget=2, circuit_failures=99)
    with Transport(settings) as transport:
        for _ in range(3):
            with pytest.raises(BusyError):
                transport.download(url(server), tmp_path / "page.json")
    assert len(server.requests) == 3 + 2


def test_a_service_that_keeps_failing_is_left_alone_for_a_while(server: ReplayServer, tmp_path: Path) -> None:
    """Every table would wait out its own timeouts on a host that is down."""
    server.set_faults([Fault("503")])
    now = [0.0]
    settings = HttpSettings(attempts=1, circuit_failures=2, circuit_pause=60)
    with Transport(settings, clock=lambda: now[0]) as transport:
        for error in (BusyError, BusyError, ServiceDownError):
            with pytest.raises(error):
                transport.download(url(server), tmp_path / "page.json", service="a")
        assert len(server.requests) == 2
        server.set_faults([])
        transport.download(url(server), tmp_path / "page.json", service="b")
        now[0] = 61.0
        transport.download(url(server), tmp_path / "page.json", service="a")


def test_a_stream_that_crawls_is_dropped(server: ReplayServer, tmp_path: Path) -> None:
    """One slow stream among fast ones holds a table for hours without ever hitting the read timeout."""
    server.set_faults([Fault("slow", bytes_per_second=2000)])
    settings = HttpSettings(attempts=1, minimum_rate=50_000, rate_window=0.2)
    with Transport(settings) as transport, pytest.raises(TooSlowError, match="bytes per seconde"):
        transport.download(url(server), tmp_path / "page.json")


def test_a_service_may_think_before_it_answers(archive: Path, tmp_path: Path) -> None:
    """A page deep in a table takes up to 46 seconds to begin and comes fast afterwards."""
    settings = HttpSettings(attempts=1, minimum_rate=1e9, rate_window=0.2)
    with ReplayServer(archive, latency=0.4) as server, Transport(settings) as transport:
        transport.download(url(server), tmp_path / "page.json", check=parse)


def test_an_answer_has_a_deadline_whatever_its_pace(server: ReplayServer, tmp_path: Path) -> None:
    """A steady drip satisfies every timeout between two bytes."""
    server.set_faults([Fault("slow", bytes_per_second=2000)])
    settings = HttpSettings(attempts=1, minimum_rate=0, total_timeout=0.3)
    with Transport(settings) as transport, pytest.raises(DeadlineError, match="niet compleet"):
        transport.download(url(server), tmp_path / "page.json")


def test_a_small_answer_that_is_not_small_is_refused(server: ReplayServer) -> None:
    """A count that turns out to be a page of HTML must not fill memory."""
    with Transport(FAST) as transport, pytest.raises(BadBodyError, match="meer dan 100 bytes"):
        transport.read(url(server), bytes.decode, limit=100)


def test_requests_in_flight_stay_within_the_limit(archive: Path, tmp_path: Path) -> None:
    """More than the agreed number side by side is what gets a client blocked."""
    with ReplayServer(archive, latency=0.05) as server, Transport(HttpSettings(parallel=2)) as transport:

        def fetch(number: int) -> None:
            transport.download(url(server), tmp_path / f"{number}.json")

        threads = [threading.Thread(target=fetch, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({record.connection for record in server.requests}) == 2


class _Proxy(http.server.BaseHTTPRequestHandler):
    """A forward proxy: absolute URLs for http, CONNECT for https. Notes what passed."""

    passed: list[str]

    def log_message(self, *args: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        self.passed.append(self.path)
        parts = urlsplit(self.path)
        connection = http.client.HTTPConnection(parts.netloc)
        connection.request("GET", self.path.split(parts.netloc, 1)[1], headers={"Accept": "application/json"})
        answer = connection.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self) -> None:
        self.passed.append(f"CONNECT {self.path}")
        name, port = self.path.split(":")
        with socket.create_connection((name, int(port))) as far:
            self.send_response(200)
            self.end_headers()
            pair = [self.connection, far]
            while True:
                for source in select.select(pair, [], [], 5)[0]:
                    data = source.recv(65536)
                    if not data:
                        return
                    pair[1 - pair.index(source)].sendall(data)


@contextmanager
def proxy() -> Iterator[tuple[str, list[str]]]:
    passed: list[str] = []
    handler = type("Proxy", (_Proxy,), {"passed": passed})
    with _serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)) as port:
        yield f"http://127.0.0.1:{port}", passed


@contextmanager
def _serving(server: http.server.ThreadingHTTPServer) -> Iterator[int]:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask_both(services: Services, target: Path) -> None:
    """One request through each of the two clients."""
    with Transport(FAST) as transport:
        Client(CBS, services, transport).table_info("80001NED")
        transport.download(services.base_url(CBS) + PATH, target / "page.json", check=parse)


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(("no_proxy", "through"), [("", 2), ("127.0.0.1", 0), ("elders.nl", 2)])
@pytest.mark.parametrize("spelling", [str.upper, str.lower])
def test_both_clients_obey_the_proxy_of_the_office(
    server: ReplayServer,
    tmp_path: Path,
    clean_environment: pytest.MonkeyPatch,
    no_proxy: str,
    through: int,
    spelling: type[str],
) -> None:
    """In an office network a client that skips the proxy reaches nothing; one that ignores NO_PROXY neither."""
    with proxy() as (address, passed):
        clean_environment.setenv(spelling("http_proxy"), address)
        clean_environment.setenv(spelling("no_proxy"), no_proxy)
        ask_both(Services.at(server.base_url), tmp_path)
    assert len(passed) == through


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that no public bundle knows."""
    file = tmp_path_factory.mktemp("tls") / "office.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    try:
        subprocess.run([*command, "-keyout", file, "-out", f"{file}.crt"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    file.write_bytes(file.read_bytes() + Path(f"{file}.crt").read_bytes())
    return file


@contextmanager
def tls_front(server: ReplayServer, certificate: Path) -> Iterator[Services]:
    """The replay server behind TLS: forwards every GET and rewrites nothing."""

    class Front(_Proxy):
        passed: list[str] = []  # noqa: RUF012 - not looked at

        def do_GET(self) -> None:
            self.path = server.base_url + self.path
            super().do_GET()

    front = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Front)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    front.socket = context.wrap_socket(front.socket, server_side=True)
    with _serving(front) as port:
        yield Services.at(f"https://127.0.0.1:{port}")


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_both_clients_trust_the_ca_bundle_of_the_office(
    server: ReplayServer, tmp_path: Path, certificate: Path, clean_environment: pytest.MonkeyPatch, variable: str
) -> None:
    """Behind a proxy that opens TLS nothing works until the office's own CA is trusted."""
    with tls_front(server, certificate) as services, proxy() as (address, passed):
        clean_environment.setenv(variable, str(certificate))
        clean_environment.setenv("HTTPS_PROXY", address)
        ask_both(services, tmp_path)
    assert [line.split()[0] for line in passed] == ["CONNECT", "CONNECT"]


def test_an_unknown_certificate_is_refused_at_once_with_the_remedy(
    server: ReplayServer, tmp_path: Path, certificate: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    """Trying five times does not make a certificate valid; the message has to say what does."""
    with tls_front(server, certificate) as services, Transport(FAST) as transport:
        with pytest.raises(CertificateError, match="REQUESTS_CA_BUNDLE"):
            transport.download(services.base_url(CBS) + PATH, tmp_path / "page.json")
        with pytest.raises(CertificateError, match="REQUESTS_CA_BUNDLE"):
            Client(CBS, services, transport).table_info("80001NED")


def test_a_ca_bundle_that_is_not_there_is_named(
    server: ReplayServer, tmp_path: Path, clean_environment: pytest.MonkeyPatch
) -> None:
    """Requests would raise a bare OSError that no part of the night expects."""
    clean_environment.setenv("SSL_CERT_FILE", str(tmp_path / "weg.pem"))
    with Transport(FAST) as transport, pytest.raises(CertificateError, match=r"SSL_CERT_FILE noemt .*weg\.pem"):
        transport.download(url(server), tmp_path / "page.json")
