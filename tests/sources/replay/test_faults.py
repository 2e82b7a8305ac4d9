"""The scripted faults: each hurts the requests it names, in the way it says, and no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import requests

from sources.replay import Fault, ReplayServer

SMALL = "90001NED"
BIG = "90002ned"
Serve = Callable[..., AbstractContextManager[ReplayServer]]
_DATA = f"/ODataFeed/odata/{SMALL}/TypedDataSet?$format=json"


def _get(server: ReplayServer, http: requests.Session, path: str = _DATA, timeout: float = 5) -> requests.Response:
    return http.get(f"{server.host_url('opendata.cbs.nl')}{path}", timeout=timeout)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("reset"), requests.ConnectionError),
        (Fault("reset", after_bytes=200), requests.ConnectionError),
        (Fault("empty"), requests.ConnectionError),
        (Fault("truncate"), requests.exceptions.ChunkedEncodingError),
        (Fault("hang"), requests.Timeout),
    ],
)
def test_a_broken_transport_breaks_the_request_and_only_that_one(
    serve: Serve, http: requests.Session, fault: Fault, error: type[Exception]
) -> None:
    """A client is proven on retries only when the second try really gets an answer."""
    once = Fault(fault.kind, "TypedDataSet", count=1, after_bytes=fault.after_bytes)
    with serve(faults=[once]) as server:
        assert _get(server, http, "/ODataCatalog/Tables?$format=json").status_code == 200
        with pytest.raises((error, requests.exceptions.ChunkedEncodingError)):
            _get(server, http, timeout=0.3 if fault.kind == "hang" else 10)
        assert len(_get(server, http).json()["value"]) == 4
        assert [record.fault for record in server.requests] == [None, fault.kind, None]


def test_a_reset_is_a_reset_and_not_an_orderly_close(serve: Serve, http: requests.Session) -> None:
    """The two are different errors in a client and both occur in the field."""
    with serve(faults=[Fault("reset", count=1), Fault("empty", first=2)]) as server:
        with pytest.raises(requests.ConnectionError, match="reset by peer"):
            _get(server, http)
        with pytest.raises(requests.ConnectionError, match="without response"):
            _get(server, http)


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [("empty200", 200, "json"), ("html200", 200, "html"), ("badjson", 200, "json")],
)
def test_a_false_success_has_status_200_and_no_list(
    serve: Serve, http: requests.Session, kind: str, status: int, content_type: str
) -> None:
    """The status alone proves nothing."""
    with serve(faults=[Fault(kind)]) as server:
        answer = _get(server, http)
        assert answer.status_code == status
        assert content_type in answer.headers["Content-Type"]
        with pytest.raises(requests.JSONDecodeError):
            answer.json()


@pytest.mark.parametrize("status", [400, 404, 408, 429, 500, 502, 503])
def test_a_status_is_sent_with_the_wait_that_is_scripted(serve: Serve, http: requests.Session, status: int) -> None:
    """Retry-After is honoured only if a server can send it."""
    with serve(faults=[Fault(str(status), first=2, count=1, retry_after="7")]) as server:
        assert [_get(server, http).status_code for _ in range(3)] == [200, status, 200]
        assert server.requests[1].status == status
        server.set_faults([Fault(str(status), retry_after="7"), Fault("503")])
        assert _get(server, http).headers["Retry-After"] == "7"


def test_the_same_corrupt_table_gives_the_same_body(serve: Serve, http: requests.Session) -> None:
    """Twice the same 500 means: permanent."""
    with serve(faults=[Fault("500", SMALL)]) as server:
        first, second = _get(server, http), _get(server, http)
        assert first.content == second.content
        assert "Fout bij het lezen van kolom" in first.text
        assert _get(server, http, f"/ODataFeed/odata/{BIG}/Soort?$format=json").status_code == 200


def test_a_fault_can_be_kept_for_long_questions(serve: Serve, http: requests.Session) -> None:
    """The services answer a long `or` list with 500 and the same question in two halves with 200."""
    half = "Identifier eq '90001NED'"
    with serve(faults=[Fault("500", "ODataCatalog", longer_than=90)]) as server:
        asked = [f"/ODataCatalog/Tables?$format=json&$filter={text}" for text in (f"{half} or {half}", half)]
        assert [_get(server, http, path).status_code for path in asked] == [500, 200]


def test_a_slow_answer_trickles_but_is_whole(serve: Serve, http: requests.Session) -> None:
    """A minimum throughput is needed because a read timeout never fires here."""
    with serve(faults=[Fault("slow", bytes_per_second=2000)]) as server:
        http.headers["Accept-Encoding"] = "identity"
        started = time.monotonic()
        answer = _get(server, http)
        assert len(answer.json()["value"]) == 4
        assert time.monotonic() - started > len(answer.content) / 2000 * 0.8


def test_stopping_ends_an_answer_that_never_comes(serve: Serve, http: requests.Session) -> None:
    """A test that ends must not leave a thread behind that waits for ever."""
    with serve(faults=[Fault("hang")]) as server:
        with pytest.raises(requests.Timeout):
            _get(server, http, timeout=0.1)
        started = time.monotonic()
        server.stop()
        server.stop()
    assert time.monotonic() - started < 2


def test_what_hangs_goes_on_when_the_faults_are_over(serve: Serve, http: requests.Session) -> None:
    """A test that holds one client back while it does something else has to be able to let it go."""
    with serve(faults=[Fault("hang")]) as server:
        threading.Timer(0.2, server.set_faults, [()]).start()
        with pytest.raises(requests.ConnectionError, match="without response"):
            _get(server, http, timeout=30)
        assert _get(server, http).status_code == 200


def test_content_faults_change_the_list_and_nothing_else(serve: Serve, http: requests.Session) -> None:
    """Each is a 200 with well-formed JSON that only a check of the content can see through."""
    path = f"/ODataFeed/odata/{BIG}/TypedDataSet?$format=json&$filter=Soort eq '2.6.10'&$select=ID"
    rows: dict[str, int] = {}
    for kind in ("silent-empty", "ignore-filter", "short"):
        with serve(faults=[Fault(kind, drop=3)]) as server:
            rows[kind] = len(_get(server, http, path).json()["value"])
            assert server.requests[0].rows == rows[kind]
    with serve() as server:
        whole = _get(server, http, path).json()
    assert (rows, len(whole["value"])) == (
        {"silent-empty": 0, "ignore-filter": 10_000, "short": 9_997},
        10_000,
    )


def test_a_short_page_keeps_its_link(serve: Serve, http: requests.Session) -> None:
    """Rows are lost in the middle of a table without any sign but the count."""
    with serve(faults=[Fault("short", "$skip=10000")]) as server:
        first = _get(server, http, f"/ODataFeed/odata/{BIG}/TypedDataSet?$format=json").json()
        second = http.get(first["odata.nextLink"]).json()
        assert (len(first["value"]), len(second["value"])) == (10_000, 9_999)
        assert second["odata.nextLink"].endswith("$skip=20000")


def test_a_link_can_lead_to_itself_or_away(serve: Serve, http: requests.Session) -> None:
    """A client without a guard loops for ever or leaves the server it was told to use."""
    with serve(faults=[Fault("loop", first=2, count=1), Fault("foreign", first=3)]) as server:
        plain, loop, away = (_get(server, http).json() for _ in range(3))
        assert "odata.nextLink" not in plain
        assert loop["odata.nextLink"] == f"{server.host_url('opendata.cbs.nl')}{_DATA}"
        assert away["odata.nextLink"].startswith("http://elders.invalid/")


def test_modified_moves_on_once_while_a_table_is_read(serve: Serve, http: requests.Session) -> None:
    """The stamp before and after the pages differs, and is stable when the client starts over."""
    catalogue = f"/ODataCatalog/Tables?$format=json&$filter=Identifier eq '{BIG}'"
    infos = f"/ODataFeed/odata/{BIG}/TableInfos?$format=json"
    rows = f"/ODataFeed/odata/{BIG}/TypedDataSet?$format=json&$skip=%d"
    with serve(faults=[Fault("change-modified-midway", BIG, first=2, count=1)]) as server:
        stamps = []
        for skip in (None, 0, 10_000, 20_000, 0):
            if skip is not None:
                assert _get(server, http, rows % skip).status_code == 200
            record = _get(server, http, catalogue).json()["value"][0]
            assert record["Modified"] == record["Updated"] == _get(server, http, infos).json()["value"][0]["Modified"]
            stamps.append(record["Modified"][:10])
        assert stamps == ["2026-01-15", "2026-01-15", "2026-01-16", "2026-01-16", "2026-01-16"]
        other = _get(server, http, f"/ODataCatalog/Tables?$format=json&$filter=Identifier eq '{SMALL}'").json()
        assert other["value"][0]["Modified"] == "2026-01-15T02:00:00"


@pytest.mark.parametrize("bad", [{"kind": "resets"}, {"kind": "200"}, {"kind": "reset", "first": 0}])
def test_a_fault_that_nothing_carries_out_is_refused(bad: dict[str, object]) -> None:
    """A typing error in a test would otherwise make it pass without a fault."""
    with pytest.raises(ValueError, match="fault"):
        Fault(**bad)  # type: ignore[arg-type]
