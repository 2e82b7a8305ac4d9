"""Catalogue and metadata through cbsodata, under faults that cbsodata itself has no answer to."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cbsodata
import pytest

from sources.errors import BadBodyError, BusyError, ConnectionLostError, DeadlineError, RejectedError, SourceError
from sources.http import HttpSettings, Transport
from sources.odata.catalogue import read_catalogue
from sources.odata.client import _SCHEME, Client, within
from sources.odata.metadata import read_metadata
from sources.replay import Fault, ReplayServer
from sources.services import Services
from tests.archives import CBS, DERDEN, Dim, Top, periods, regions, write_archive, write_table

FAST = HttpSettings(connect_timeout=10, read_timeout=10, total_timeout=30, attempts=2, backoff=0.001)
IMPATIENT = replace(FAST, read_timeout=0.3, total_timeout=1)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_archive(tmp_path_factory.mktemp("archive"))
    soort = Dim("Soort", {"E35   ": "jeugd", "0.0.0 ": "Totaal"})
    dimensions = [soort, regions("GM0001", "NL01"), periods("2024JJ00", status="Voorlopig")]
    for host, table_id in ((CBS, "80001NED"), (CBS, "80002ned"), (DERDEN, "50001NED")):
        write_table(folder, table_id, dimensions, [Top("Waarde_1")], [["E35   ", "GM0001", "2024JJ00", 1.0]], host=host)
    return folder


@pytest.fixture
def server(archive: Path) -> Iterator[ReplayServer]:
    with ReplayServer(archive) as replay:
        yield replay


def client(server: ReplayServer, transport: Transport, host: str = CBS) -> Client:
    return Client(host, Services.at(server.base_url), transport)


def test_one_request_tells_which_tables_are_listed(server: ReplayServer) -> None:
    """A request per table would cost more than the download of what changed."""
    with Transport(FAST) as transport:
        found = read_catalogue(client(server, transport), ["80001NED", "80002ned", "80002NED", "99999NED"])
    assert sorted(found) == ["80001NED", "80002ned"]
    assert found["80001NED"].record_count == 1
    assert found["80001NED"].modified == "2026-05-13T02:00:00"
    assert len(server.requests) == 1


def test_metadata_leaves_out_the_members_of_the_region(server: ReplayServer) -> None:
    """A list of wijken and buurten has 17,000 members that nothing is looked up in."""
    with Transport(FAST) as transport:
        metadata = read_metadata(client(server, transport), "80001NED")
    assert sorted(metadata.members) == ["Perioden", "Soort"]
    assert [member.key for member in metadata.members["Soort"]] == ["E35   ", "0.0.0 "]
    assert metadata.members["Perioden"][0].status == "Voorlopig"
    assert not any("RegioS" in record.path for record in server.requests)


@pytest.mark.parametrize("kind", ["reset", "truncate", "badjson", "empty", "empty200", "html200", "503", "hang"])
def test_a_passing_fault_in_the_metadata_is_tried_again(server: ReplayServer, kind: str) -> None:
    """Cbsodata has no retry: one lost packet in one dimension would cost the table its night."""
    server.set_faults([Fault(kind, path_contains="DataProperties", count=1)])
    with Transport(IMPATIENT if kind == "hang" else FAST) as transport:
        assert read_metadata(client(server, transport), "80001NED").topics[0].key == "Waarde_1"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", ConnectionLostError),
        ("html200", BadBodyError),
        ("silent-empty", BadBodyError),
        ("404", RejectedError),
        ("503", BusyError),
        ("hang", DeadlineError),
    ],
)
def test_a_lasting_fault_has_the_class_of_its_cause(server: ReplayServer, kind: str, error: type[SourceError]) -> None:
    """Cbsodata wraps, hides or loses the status; the report has to say what went wrong."""
    server.set_faults([Fault(kind, path_contains="Soort")])
    settings = IMPATIENT if kind == "hang" else FAST
    with Transport(settings) as transport, pytest.raises(error, match=r"80001NED/Soort"):
        read_metadata(client(server, transport), "80001NED")


def comes_to_rest(server: ReplayServer) -> bool:
    """Whether the requests stop within ten seconds."""
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        asked = len(server.requests)
        time.sleep(0.4)
        if len(server.requests) == asked:
            return True
    return False


def test_a_link_that_loops_ends_with_the_deadline(tmp_path: Path) -> None:
    """Cbsodata follows a nextLink to itself for ever, and the list grows in memory meanwhile."""
    many = Dim("Soort", {f"{number:06}": str(number) for number in range(10_001)})
    folder = write_archive(tmp_path)
    write_table(folder, "80001NED", [many], [Top("Waarde_1")], [["000001", 1.0]])
    loop = Fault("loop", path_contains="/Soort")
    with ReplayServer(folder, faults=[loop]) as server, Transport(IMPATIENT) as transport:
        with pytest.raises(DeadlineError):
            client(server, transport).table_meta("80001NED", "Soort")
        assert comes_to_rest(server)


def test_a_call_that_does_not_end_is_not_waited_for() -> None:
    """Without this a drip of one byte a minute keeps the night waiting for good."""
    release = threading.Event()

    def drip() -> list[dict[str, object]]:
        release.wait(5)
        return []

    with pytest.raises(DeadlineError, match="TableInfos"):
        within(0.05, "TableInfos", drip)
    release.set()


def test_two_hosts_side_by_side_do_not_change_each_others_address(server: ReplayServer) -> None:
    """Cbsodata keeps its host in a module global; threads that set it would read each other's tables."""
    errors: list[Exception] = []

    def ask(host: str, table_id: str, transport: Transport) -> None:
        try:
            for _ in range(10):
                assert client(server, transport, host).table_info(table_id)["Identifier"] == table_id
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    with Transport(FAST) as transport:
        threads = [
            threading.Thread(target=ask, args=(host, table_id, transport))
            for host, table_id in ((CBS, "80001NED"), (DERDEN, "50001NED")) * 2
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert errors == []


def test_a_stand_in_and_the_live_scheme_take_turns(server: ReplayServer) -> None:
    """The scheme is a module global too: a call to a stand-in over https fails, and the reverse leaks out."""
    with Transport(FAST) as transport:
        secure = Client(CBS, Services.at(server.base_url.replace("http://", "https://")), transport)
        with pytest.raises(ConnectionLostError):
            secure.table_info("80001NED")
        assert cbsodata.options.use_https is True
        assert client(server, transport).table_info("80001NED")["Identifier"] == "80001NED"
        assert cbsodata.options.use_https is False


def test_a_call_over_the_other_scheme_waits_until_the_running_one_is_done() -> None:
    """Changing the global while a call builds its second address sends the rest of that call elsewhere."""
    entered = threading.Event()

    def other() -> None:
        with _SCHEME.use(https=False):
            entered.set()

    with _SCHEME.use(https=True):
        thread = threading.Thread(target=other)
        thread.start()
        assert not entered.wait(0.1)
        with _SCHEME.use(https=True):
            assert cbsodata.options.use_https is True
    assert entered.wait(2)
    thread.join()
