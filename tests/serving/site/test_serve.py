"""The server of `impact-kpi site --serveer`, over real HTTP: what it sends, how, and what it never sends."""

import gzip
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from serving.errors import WrongUseError
from serving.site.serve import HOST, POLICY, START, SiteServer

REPOSITORY = Path(__file__).parents[3]
ID = "2026-11-21T033000-3f9c2a"
PAGE = "<!doctype html><title>Breda</title>" + "<p>cijfers</p>" * 200
FILES = {
    "site/index.html": PAGE,
    "site/assets/site.js": "window.impactKpi = {};",
    "site/assets/site.css": "body { color: #1b1b1b }",
    "site/assets/icoon.svg": "<svg/>",
    "site/naam met ruimte.html": PAGE,
    "kaart/gemeente.geojson": "{}",
    "manifest.json": "{}",
    "csv/kpi.csv": "a;b",
    "parquet/kpi.parquet": "PAR1",
    "werkboek/GM0758.xlsx": "PK",
    "impact_kpi.duckdb": "DUCK",
    "LEESMIJ.txt": "Lees mij.",
}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Client:
    """Asks the server one thing at a time."""

    def __init__(self, server: SiteServer) -> None:
        self.port = server.server_port

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Send a request with these headers; an underscore stands for a hyphen."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(
                response.status, {key.casefold(): text for key, text in response.getheaders()}, response.read()
            )
        finally:
            connection.close()

    def raw(self, request: bytes) -> bytes:
        """Send exactly these bytes and read until the server closes."""
        with socket.create_connection((HOST, self.port), timeout=10) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.fixture
def publications(tmp_path: Path) -> Path:
    """A folder of publications with one of them current, and files around it that are nobody's business."""
    folder = tmp_path / "data" / "demo" / "publicatie"
    for name, text in FILES.items():
        path = folder / ID / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "actueel").symlink_to(ID)
    (folder.parent / "warehouse.duckdb").write_text("geheim")
    (folder / ".bouw-half").mkdir()
    (folder / ".bouw-half" / "half.html").write_text("half")
    (folder / ID / ".verborgen.html").write_text("geheim")
    (folder / ID / "naar_buiten").symlink_to("/etc")
    (folder / ID / "site" / "link.html").symlink_to(folder.parent / "warehouse.duckdb")
    return folder


@pytest.fixture
def client(publications: Path) -> Iterator[Client]:
    """A reader of a running server."""
    with SiteServer(publications, 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield Client(server)
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("path", ["/", "/actueel", "/actueel/site/", "/?x=1"])
def test_the_bare_address_leads_to_the_start_page(client: Client, path: str) -> None:
    """Somebody who types only the address would see an error."""
    answer = client.ask(path)
    assert (answer.status, answer.headers["location"]) == (302, "/actueel/site/index.html")
    assert client.ask(answer.headers["location"]).content.decode() == PAGE


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("site/index.html", "text/html; charset=utf-8"),
        ("site/assets/site.js", "text/javascript; charset=utf-8"),
        ("site/assets/site.css", "text/css; charset=utf-8"),
        ("site/assets/icoon.svg", "image/svg+xml; charset=utf-8"),
        ("kaart/gemeente.geojson", "application/geo+json; charset=utf-8"),
        ("manifest.json", "application/json; charset=utf-8"),
        ("csv/kpi.csv", "text/csv; charset=utf-8"),
        ("parquet/kpi.parquet", "application/vnd.apache.parquet"),
        ("werkboek/GM0758.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("impact_kpi.duckdb", "application/octet-stream"),
        ("LEESMIJ.txt", "text/plain; charset=utf-8"),
        ("site/naam%20met%20ruimte.html", "text/html; charset=utf-8"),
    ],
)
def test_every_kind_of_file_has_its_own_type(client: Client, path: str, kind: str) -> None:
    """With `nosniff` a browser runs no script and opens no style sheet of the wrong type."""
    answer = client.ask(f"/actueel/{path}?g=GM0758")
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert client.ask(f"/{ID}/{path}").status == 200


@pytest.mark.parametrize("path", ["/", START, "/actueel/nergens.html", "/laatste_run.json"])
def test_every_answer_is_guarded(client: Client, path: str) -> None:
    """One answer without these headers is the one that gets framed, sniffed or read by another site."""
    headers = client.ask(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "python" not in headers["server"].casefold()


def test_the_policy_is_the_one_of_the_pages() -> None:
    """Where the two differ, a page works from disk and not from the server, or the other way round."""
    template = (REPOSITORY / "serving/site/templates/base.html.jinja").read_text("utf-8")
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', template)
    assert found is not None
    assert f"{found[1]}; frame-ancestors 'none'" == POLICY


@pytest.mark.parametrize(
    "path",
    [
        "/../warehouse.duckdb",
        "/actueel/../../warehouse.duckdb",
        "/actueel/..%2f..%2fwarehouse.duckdb",
        "/actueel/%2e%2e/%2e%2e/warehouse.duckdb",
        "/actueel/..\\..\\warehouse.duckdb",
        "/actueel/%00",
        "/actueel//site/index.html",
        "//actueel/../warehouse.duckdb",
        "/actueel/naar_buiten/passwd",
        "/actueel/site/link.html",
        "/actueel/.verborgen.html",
        "/.bouw-half/half.html",
        f"/{'a' * 5_000}",
        "/[",
        "/etc/passwd",
    ],
)
def test_nothing_outside_a_publication_is_sent(client: Client, path: str) -> None:
    """The warehouse lies one folder up, with figures that are not protected."""
    answer = client.ask(path)
    assert answer.status == 404
    assert answer.content == b"Deze bladzijde is er niet."


@pytest.mark.parametrize("path", [f"/{ID}", f"/{ID}/", "/actueel/site/assets/", "/actueel/parquet"])
def test_a_folder_is_not_listed(client: Client, path: str) -> None:
    """A list of files invites to what is half-built or meant for nobody."""
    assert client.ask(path).status == 404


def test_a_link_to_a_folder_elsewhere_is_no_publication(publications: Path, client: Client, tmp_path: Path) -> None:
    """`actueel` that points elsewhere would open any folder of this computer."""
    (tmp_path / "elders").mkdir()
    (tmp_path / "elders" / "a.html").write_text("geheim")
    (publications / "actueel").unlink()
    (publications / "actueel").symlink_to(tmp_path / "elders")
    assert client.ask("/actueel/a.html").status == 404


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8765", "LOCALHOST", "[::1]:9000", "[::1]"])
def test_this_computer_is_answered_by_every_name_it_has(client: Client, host: str) -> None:
    """`ssh -L` gives another port; a browser may say localhost."""
    assert client.ask(START, Host=host).status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8765", "", "[::2]"])
def test_another_name_is_refused(client: Client, host: str) -> None:
    """A site whose name is made to point here would read every figure through its visitor's browser."""
    answer = client.ask(START, Host=host)
    assert answer.status == 421
    assert b"cijfers" not in answer.content


def test_a_request_without_a_name_or_with_two_is_refused(client: Client) -> None:
    """The check of the name is worth nothing when it can be left out."""
    for headers in (b"", b"Host: localhost\r\nHost: evil.example\r\n"):
        answer = client.raw(b"GET /actueel/site/index.html HTTP/1.1\r\n" + headers + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 421 ")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_only_reading_is_possible(client: Client, method: str) -> None:
    """A server for looking that takes something in is an attack waiting for a bug."""
    answer = client.ask(START, method)
    assert (answer.status, answer.headers["allow"], answer.headers["connection"]) == (405, "GET, HEAD", "close")


def test_head_says_the_same_without_the_content(client: Client) -> None:
    """A link checker would download the whole site."""
    for accepted in ("gzip", "identity"):
        full = client.ask(START, Accept_Encoding=accepted)
        head = client.ask(START, "HEAD", Accept_Encoding=accepted)
        assert head.content == b""
        assert head.headers["content-length"] == full.headers["content-length"] == str(len(full.content))
    assert client.ask("/laatste_run.json", "HEAD").content == b""
    assert client.ask("/nergens", "HEAD").content == b""


def test_text_is_compressed_for_who_takes_it(client: Client) -> None:
    """A page of 300 kB over a slow connection (`ssh -L`) takes seconds."""
    for accepted in ("gzip", "br, GZIP;q=0.8", "deflate , gzip"):
        answer = client.ask(START, Accept_Encoding=accepted)
        assert answer.headers["content-encoding"] == "gzip"
        assert len(answer.content) < len(PAGE) / 5
        assert gzip.decompress(answer.content).decode() == PAGE
    for accepted in ("identity", "gzip;q=0", ""):
        answer = client.ask(START, Accept_Encoding=accepted)
        assert "content-encoding" not in answer.headers
        assert answer.content.decode() == PAGE
    assert "content-encoding" not in client.ask("/actueel/impact_kpi.duckdb", Accept_Encoding="gzip").headers


def test_an_unchanged_page_is_not_sent_again(client: Client, publications: Path) -> None:
    """The chart library would come with every click; and yesterday's page would stay after a new publication."""
    first = client.ask(START, Accept_Encoding="gzip")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    again = client.ask(START, If_None_Match=tag)
    assert (again.status, again.content) == (304, b"")

    page = publications / ID / "site" / "index.html"
    page.write_text(PAGE + "nieuw", encoding="utf-8")
    renewed = client.ask(START, If_None_Match=tag, Accept_Encoding="gzip")
    assert renewed.status == 200
    assert gzip.decompress(renewed.content).decode().endswith("nieuw")


def test_a_new_publication_is_shown_at_once(client: Client, publications: Path) -> None:
    """Somebody keeps the server open overnight."""
    fresh = publications / "2026-11-22T033000-aaaaaa" / "site"
    fresh.mkdir(parents=True)
    (fresh / "index.html").write_text("morgen")
    (publications / ".nieuw").symlink_to(fresh.parent.name)
    (publications / ".nieuw").replace(publications / "actueel")
    assert client.ask(START).content == b"morgen"


def test_the_report_of_the_last_run_is_always_there(client: Client, publications: Path) -> None:
    """A page that asks for it would leave an error in the console of every reader."""
    assert json.loads(client.ask("/laatste_run.json").content) == {}
    (publications / "laatste_run.json").write_text('{"gelukt": true}')
    answer = client.ask("/laatste_run.json", Accept_Encoding="gzip")
    assert json.loads(gzip.decompress(answer.content)) == {"gelukt": True}
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_one_connection_carries_many_requests(client: Client) -> None:
    """A new connection for each of twenty files makes a page slow."""
    connection = http.client.HTTPConnection(HOST, client.port, timeout=10)
    sockets = set()
    for path in (START, "/actueel/site/assets/site.js", "/laatste_run.json", START):
        connection.request("GET", path)
        assert connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()
    assert len(sockets) == 1


def test_a_taken_port_is_explained(publications: Path) -> None:
    """'Address already in use' with a stack trace is no help to an advisor."""
    with SiteServer(publications, 0) as first, pytest.raises(WrongUseError, match="--poort"):
        SiteServer(publications, first.server_port)


def test_it_listens_on_this_computer_only(client: Client) -> None:
    """Figures of an organisation would be open to the whole office network."""
    with socket.socket() as other:
        # Were it on every address, this one would be taken too.
        other.bind(("127.0.0.2", client.port))
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", client.port), timeout=5)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_shows_the_address_and_ends_cleanly(publications: Path, how: signal.Signals) -> None:
    """Ctrl-C with a stack trace looks like a crash."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "serving.cli", "site", "--serveer", "--poort", str(port)]
    environment = {**os.environ, "IMPACT_KPI_DATA": str(publications.parents[1]), "IMPACT_KPI_SOURCES": "demo"}
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"De site staat op http://127.0.0.1:{port}{START}")
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        connection.request("GET", START)
        assert connection.getresponse().status == 200
        process.send_signal(how)
        out, errors = process.communicate(timeout=20)
    assert (process.returncode, out, errors) == (0, "Gestopt.\n", "")
