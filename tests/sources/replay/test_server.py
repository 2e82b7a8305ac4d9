"""What the replay server answers: paths, formats, pages, limits, headers, log."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import requests

from sources.replay import ArchiveError, ReplayServer, archive_identity

SMALL = "90001NED"
BIG = "90002ned"
BIG_ROWS = 25_001
Serve = Callable[..., AbstractContextManager[ReplayServer]]


def _url(server: ReplayServer, path: str, host: str = "opendata.cbs.nl") -> str:
    return f"{server.host_url(host)}{path}"


def _ids(answer: dict[str, Any]) -> list[int]:
    return [row["ID"] for row in answer["value"]]


@pytest.mark.parametrize(
    "path",
    [
        f"/ODataFeed/odata/{SMALL}/TypedDataSet?$format=json",
        f"/ODataFeed/OData/{SMALL}/TypedDataSet/?%24format=json",
        f"/ODataFeed/odata/{SMALL}/TypedDataSet?%24format=json&%24filter=RegioS+eq+%27NL01++%27+or+ID+ge+2",
        f"/ODataFeed/odata/{SMALL}/TypedDataSet?$format=json&$filter=RegioS%20ne%20'x'&$orderby=ID%20desc",
        f"/ODataApi/odata/{SMALL}/TypedDataSet",
    ],
)
def test_every_spelling_of_a_request_gets_the_same_rows(
    server: ReplayServer, http: requests.Session, path: str
) -> None:
    """Clients differ in case, slash and encoding; `$orderby` has no effect."""
    assert _ids(http.get(_url(server, path)).json()) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/ODataFeed/odata/{SMALL.lower()}/TypedDataSet?$format=json", 404),
        (f"/ODataFeed/odata/{BIG.upper()}?$format=json", 404),
        ("/ODataFeed/odata/99999NED/TypedDataSet?$format=json", 404),
        (f"/ODataFeed/odata/{SMALL}/Observations?$format=json", 404),
        (f"/ODataFeed/odata/{SMALL}/TypedDataSet/x?$format=json", 404),
        ("/ODataCatalog/Themes?$format=json", 404),
        (f"/ODataFeed/odata/{SMALL}/TypedDataSet?$format=json&$filter=RegioX eq 'a'", 400),
        (f"/ODataFeed/odata/{SMALL}/TypedDataSet?$format=json&$select=RegioS,RegioX", 400),
        (f"/ODataFeed/odata/{SMALL}/TypedDataSet?$format=json&$top=veel", 400),
        (f"/ODataApi/odata/{SMALL}/TypedDataSet?$skip=1", 400),
        (f"/ODataApi/odata/{BIG}/TypedDataSet", 500),
        (f"/ODataApi/odata/{BIG}/TypedDataSet?$top=10001", 500),
        (f"/ODataApi/odata/{BIG}/TypedDataSet?$top=10000", 200),
        (f"/ODataApi/odata/{BIG}/TypedDataSet?$filter=Soort eq '2.6.10' and ID gt 24000", 200),
        ("/ODataCatalog/Tables?$format=json&$filter=RegioX eq 'a'", 400),
    ],
)
def test_what_the_service_refuses_has_its_status_and_the_error_shape(
    server: ReplayServer, http: requests.Session, path: str, status: int
) -> None:
    """A wrong id, a wrong column and the limits of the Api are errors, never an empty list."""
    answer = http.get(_url(server, path))
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["odata.error"]["message"]["value"]


def test_the_feed_pages_by_ten_thousand_and_links_to_itself_below_the_prefix(
    server: ReplayServer, http: requests.Session
) -> None:
    """A link that leaves the loopback prefix would send a client to the real service."""
    url = _url(server, f"/ODataFeed/OData/{BIG}/TypedDataSet/?$format=json&$filter=substring(RegioS,0,2) eq 'GM'")
    sizes, seen, links = [], [], []
    while url:
        text = http.get(url).text
        page = json.loads(text)
        sizes.append(len(page["value"]))
        seen += _ids(page)
        url = page.get("odata.nextLink", "")
        links.append(url)
        assert list(page)[-1] == ("odata.nextLink" if url else "value")
    assert sizes == [10_000, 10_000, 5_001]
    assert seen == list(range(BIG_ROWS))
    assert links[1] == _url(
        server,
        f"/ODataFeed/OData/{BIG}/TypedDataSet/?$format=json"
        "&$filter=substring%28RegioS,0,2%29%20eq%20%27GM%27&$skip=20000",
    )


@pytest.mark.parametrize(("skip", "top", "expected"), [(24_995, None, 6), (20_000, 7, 7), (30_000, None, 0)])
def test_skip_and_top_cut_the_matching_rows(
    server: ReplayServer, http: requests.Session, skip: int, top: int | None, expected: int
) -> None:
    """Pages are fetched side by side by offset: each must hold exactly its own rows."""
    query = f"$format=json&$skip={skip}" + (f"&$top={top}" if top else "")
    ids = _ids(http.get(_url(server, f"/ODataFeed/odata/{BIG}/TypedDataSet?{query}")).json())
    assert ids == list(range(skip, skip + expected))


def test_a_long_dimension_list_pages_like_the_rows(server: ReplayServer, http: requests.Session) -> None:
    """A client that reads one page of a list of 10,500 regions loses the last 500."""
    first = http.get(_url(server, f"/ODataFeed/odata/{BIG}/RegioS?$format=json")).json()
    second = http.get(first["odata.nextLink"]).json()
    assert (len(first["value"]), len(second["value"])) == (10_000, 500)
    assert "odata.nextLink" not in second


def test_padding_counts_in_an_equality(server: ReplayServer, http: requests.Session) -> None:
    """An unpadded key gives 200 and nothing: the trap every client must know."""
    base = _url(server, f"/ODataFeed/odata/{SMALL}/TypedDataSet?$format=json&$filter=RegioS eq ")
    assert len(http.get(base + "'NL01  '").json()["value"]) == 2
    assert http.get(base + "'NL01'").json()["value"] == []


def test_select_leaves_only_the_asked_columns_in_table_order(server: ReplayServer, http: requests.Session) -> None:
    """A client must not need ID to be there."""
    url = _url(server, f"/ODataFeed/odata/{SMALL}/TypedDataSet?$format=json&$select=Aandeel_2, RegioS&$top=1")
    assert http.get(url).json()["value"] == [{"RegioS": "NL01  ", "Aandeel_2": 7559.0}]


def test_numbers_are_written_as_the_service_writes_them(server: ReplayServer, http: requests.Session) -> None:
    """Doubles keep their fraction, Longs have none, Singles are not widened, null stays null."""
    text = http.get(_url(server, f"/ODataFeed/odata/{SMALL}/TypedDataSet?$format=json")).text
    rows = text[text.index('"value":[') + 9 : -2].split("},{")
    assert rows[0].endswith('"Huishoudens_1":7559,"Aandeel_2":7559.0,"Snelheid_3":7888.2,"Naam_4":"Nederland "')
    assert rows[2].endswith('"Huishoudens_1":null,"Aandeel_2":null,"Snelheid_3":1.5,"Naam_4":"      9711"')


def test_untyped_rows_are_text_of_the_same_width(server: ReplayServer, http: requests.Session) -> None:
    """The strings of the untyped data set keep `.` apart from a number."""
    rows = http.get(_url(server, f"/ODataFeed/odata/{SMALL}/UntypedDataSet?$format=json")).json()["value"]
    assert rows[0]["ID"] == 0
    assert rows[0]["Huishoudens_1"] == "    7559"
    assert rows[1]["Aandeel_2"] == "    12.5"
    assert rows[2]["Aandeel_2"] == "       ."
    assert rows[2]["Naam_4"] == "      9711"


def test_counts_honour_the_filter_unless_the_switch_is_on(serve: Serve, http: requests.Session) -> None:
    """Whether the real count honours the filter is not certain: clients are tested against both."""
    path = f"/ODataFeed/odata/{BIG}/TypedDataSet/$count?$filter=Soort eq '2.6.10'"
    for ignores, expected in ((False, "10001"), (True, "25001")):
        with serve(count_ignores_filter=ignores) as server:
            answer = http.get(_url(server, path.replace("$count", "%24count")))
            assert (answer.text, answer.headers["Content-Type"]) == (expected, "text/plain;charset=utf-8")


def test_the_catalogue_is_one_filtered_list_per_host(server: ReplayServer, http: requests.Session) -> None:
    """One call answers for many tables; tables of another host are not in it."""
    path = f"/ODataCatalog/Tables?$format=json&$select=Identifier,RecordCount&$filter=Identifier eq '{BIG}' or ID lt 0"
    assert http.get(_url(server, path)).json()["value"] == [{"Identifier": BIG, "RecordCount": BIG_ROWS}]
    others = http.get(_url(server, "/ODataCatalog/Tables?$format=json", "dataderden.cbs.nl")).json()["value"]
    assert [record["Identifier"] for record in others] == ["47999NED"]


def test_feed_and_catalogue_are_atom_unless_json_is_asked(server: ReplayServer, http: requests.Session) -> None:
    """A client that forgets `$format=json` meets XML, as it would in the field."""
    for path in (f"/ODataFeed/odata/{SMALL}", f"/ODataFeed/odata/{SMALL}/RegioS", "/ODataCatalog/Tables"):
        url = _url(server, path)
        assert ElementTree.fromstring(http.get(url).content).tag.endswith(("service", "feed"))
        assert "value" in http.get(url, headers={"Accept": "application/json"}).json()
    rows = ElementTree.fromstring(http.get(_url(server, f"/ODataFeed/odata/{SMALL}/TypedDataSet")).content)
    assert len(rows.findall("{http://www.w3.org/2005/Atom}entry")) == 4
    schema = http.get(_url(server, f"/ODataFeed/odata/{SMALL}/$metadata")).content
    assert b'<Property Name="Snelheid_3" Type="Edm.Single"/>' in schema


def test_the_api_is_pretty_json_in_the_shape_of_the_service(server: ReplayServer, http: requests.Session) -> None:
    """Names come from the service document: order, spelling and own origin matter."""
    answer = http.get(_url(server, f"/ODataApi/odata/{SMALL}"))
    base = _url(server, f"/ODataApi/odata/{SMALL}/")
    assert answer.text.startswith('{\n  "odata.metadata":"http://127.0.0.1:')
    assert [(entry["name"], entry["url"]) for entry in answer.json()["value"]] == [
        (name, base + name)
        for name in (
            "TableInfos", "UntypedDataSet", "TypedDataSet", "DataProperties", "CategoryGroups", "RegioS", "Perioden"
        )
    ]  # fmt: skip
    assert answer.json()["odata.metadata"] == base.replace("/odata/", "/OData/") + "$metadata"


def test_plain_files_answer_to_their_query_in_any_order(server: ReplayServer, http: requests.Session) -> None:
    """The index keys a file by its sorted, decoded query."""
    url = _url(server, "/a/b.geojson", "bestanden.example")
    assert http.get(f"{url}?typeName=lbm3%3Alaag&service=WFS").json()["type"] == "FeatureCollection"
    assert http.get(url).status_code == 404
    file = http.get(_url(server, "/scores.zip", "bestanden.example"))
    assert (file.headers["Content-Type"], file.content[:2]) == ("application/zip", b"PK")
    head = http.head(_url(server, "/scores.zip", "bestanden.example"))
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, "22", b"")


def test_a_host_is_known_by_prefix_by_header_or_by_a_whole_url(server: ReplayServer, http: requests.Session) -> None:
    """Several hosts share one port; nothing is ever looked up by name."""
    path = "/ODataCatalog/Tables?$format=json"
    by_header = http.get(server.base_url + path, headers={"Host": "dataderden.cbs.nl"}).json()
    assert by_header["value"][0]["Identifier"] == "47999NED"
    assert by_header["odata.metadata"].startswith(server.host_url("dataderden.cbs.nl"))
    as_proxy = http.get(f"http://dataderden.cbs.nl{path}", proxies={"http": server.base_url}).json()
    assert as_proxy["odata.metadata"] == "http://dataderden.cbs.nl/ODataCatalog/$metadata#Tables"
    assert http.get(server.base_url + path).status_code == 404
    assert http.get(_url(server, path, "elders.example")).status_code == 404
    assert "opendata.cbs.nl" in http.get(server.base_url + "/").json()["hosts"]


def test_only_loopback_is_listened_on(server: ReplayServer) -> None:
    """A demo on a laptop must not be a server for the network it is in."""
    assert server.base_url.startswith("http://127.0.0.1:")
    port = int(server.base_url.rpartition(":")[2])
    with socket.socket() as other, pytest.raises(OSError, match="refused"):
        other.connect(("127.0.0.2", port))


def test_gzip_is_used_only_when_asked(server: ReplayServer, http: requests.Session) -> None:
    """A client that measures its transfer must get what it asked for, and the same content."""
    url = _url(server, f"/ODataFeed/odata/{BIG}/TypedDataSet?$format=json")
    plain = http.get(url, headers={"Accept-Encoding": "identity"})
    small = http.get(url, headers={"Accept-Encoding": "gzip"}, stream=True)
    raw = small.raw.read(decode_content=False)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 4
    refused = http.get(url, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
    assert [record.gzip for record in server.requests] == [False, True, False]
    assert server.requests[1].bytes == len(raw)


def test_validators_are_there_only_by_switch(serve: Serve, http: requests.Session) -> None:
    """No ETag is known from the field; a client may use one only when it received it."""
    path = "/ODataCatalog/Tables?$format=json"
    with serve() as server:
        assert "ETag" not in http.get(_url(server, path)).headers
    with serve(etag=True) as server:
        tag = http.get(_url(server, path)).headers["ETag"]
        again = http.get(_url(server, path), headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert http.get(_url(server, path + "&$top=1"), headers={"If-None-Match": tag}).status_code == 200


def test_one_connection_serves_many_requests_and_the_log_counts_both(server: ReplayServer) -> None:
    """Tests of the client count connections, requests and bytes with this log."""
    path = f"/ODataFeed/odata/{SMALL}/TypedDataSet?%24format=json&$filter=RegioS+eq+'NL01++'"
    for _ in range(2):
        with requests.Session() as session:
            session.trust_env = False
            answers = [session.get(_url(server, path)) for _ in range(2)]
    log = server.requests
    assert [(record.connection, record.number_on_connection) for record in log] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 2),
    ]
    last = log[-1]
    assert (last.method, last.host, last.status, last.rows, last.fault) == (
        "GET",
        "opendata.cbs.nl",
        200,
        2,
        None,
    )
    assert last.path == f"/ODataFeed/odata/{SMALL}/TypedDataSet"
    assert last.query == "$format=json&$filter=RegioS eq 'NL01  '"
    assert last.bytes == int(answers[-1].headers["Content-Length"])


def test_latency_is_added_to_each_answer_not_shared(serve: Serve) -> None:
    """Parallel paging is measured with injected latency: two requests side by side wait once."""
    with serve(latency=0.5) as server:
        url = _url(server, "/ODataCatalog/Tables?$format=json")
        started = time.monotonic()
        threads = [threading.Thread(target=requests.get, args=(url,), kwargs={"proxies": {}}) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # One after the other they would wait two seconds.
        assert 0.5 <= time.monotonic() - started < 1.9


def test_many_threads_get_whole_and_correct_pages(server: ReplayServer) -> None:
    """Pages are read in parallel; rows of two requests must never mix."""
    problems: list[str] = []

    def read(skip: int) -> None:
        with requests.Session() as session:
            session.trust_env = False
            url = _url(server, f"/ODataFeed/odata/{BIG}/TypedDataSet?$format=json&$filter=Aantal_1 ge 0&$skip={skip}")
            ids = _ids(session.get(url).json())
        if ids != list(range(skip, min(skip + 10_000, BIG_ROWS))):
            problems.append(f"{skip}: {len(ids)} rows")

    threads = [threading.Thread(target=read, args=(skip,)) for skip in (0, 10_000, 20_000, 5_000, 0, 12_345)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_a_changed_archive_is_seen_and_has_another_identity(
    tmp_path: Path, archive: Path, http: requests.Session
) -> None:
    """An edition of one stand-in must never pass for that of another."""
    (tmp_path / "odata").symlink_to(archive / "odata")
    (tmp_path / "archive.json").write_text('{"kind": "test"}', encoding="utf-8")
    assert archive_identity(tmp_path) != archive_identity(archive)
    assert archive_identity(tmp_path) == archive_identity(tmp_path)


def test_a_record_that_changes_on_disk_is_served_anew(tmp_path: Path, archive: Path, http: requests.Session) -> None:
    """Tests of the change gate edit the catalogue record of a running archive."""
    folder = tmp_path / "odata" / "opendata.cbs.nl" / SMALL
    folder.mkdir(parents=True)
    for file in (archive / "odata" / "opendata.cbs.nl" / SMALL).iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (tmp_path / "archive.json").write_text("{}", encoding="utf-8")
    with ReplayServer(tmp_path) as server:
        url = _url(server, "/ODataCatalog/Tables?$format=json")
        record = http.get(url).json()["value"][0]
        record["Modified"] = "2026-02-01T06:30:00"
        (folder / "catalog.json").write_text(json.dumps(record), encoding="utf-8")
        assert http.get(url).json()["value"][0]["Modified"] == "2026-02-01T06:30:00"


def test_a_folder_that_is_no_archive_is_refused_with_its_path(tmp_path: Path) -> None:
    """A typing error in the path must not become a server that answers 404 to everything."""
    with pytest.raises(ArchiveError, match=r"archive\.json"):
        ReplayServer(tmp_path / "nergens").start()
    with pytest.raises(RuntimeError, match="start"):
        _ = ReplayServer(tmp_path).base_url
