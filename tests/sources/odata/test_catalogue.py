"""The catalogue of a service: asked once per night, in as few requests as it takes, and believed or not as one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sources.errors import RejectedError, SourceError
from sources.http import HttpSettings, Transport
from sources.odata.catalogue import CatalogueRecord, Catalogues, is_as_listed, read_catalogue
from sources.odata.client import Client
from sources.replay import Fault, ReplayServer
from sources.services import Services
from tests.archives import CBS, DERDEN, Top, regions, write_archive, write_table
from tests.registries import table
from tests.sources.test_lake import manifest

FAST = HttpSettings(connect_timeout=10, read_timeout=10, total_timeout=30, attempts=2, backoff=0.001)
# More than one request of a service that takes short filters only; two of these tables are there.
IDS = [*(f"{number:05}NED" for number in range(98)), "80001NED", "80002ned"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_archive(tmp_path_factory.mktemp("archive"))
    for host, table_id in ((CBS, "80001NED"), (CBS, "80002ned"), (DERDEN, "50001NED")):
        write_table(folder, table_id, [regions("GM0001")], [Top("Waarde_1")], [["GM0001", 1.0]], host=host)
    return folder


@pytest.fixture
def server(archive: Path) -> Iterator[ReplayServer]:
    with ReplayServer(archive) as replay:
        yield replay


@pytest.fixture
def transport() -> Iterator[Transport]:
    with Transport(FAST) as made:
        yield made


def test_a_host_is_asked_once_whoever_wants_to_know(server: ReplayServer, transport: Transport) -> None:
    """Each family of tables would cost the service a request of its own, every night."""
    tables = [table("80001NED"), table("80002ned", bron="gebieden"), table("50001NED", bron="rivm", host=DERDEN)]
    catalogues = Catalogues.of_tables(Services.at(server.base_url), transport, tables)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(catalogues.of, [CBS, DERDEN] * 8))
    assert {tuple(sorted(answer)) for answer in answers} == {("80001NED", "80002ned"), ("50001NED",)}
    assert sorted(record.host for record in server.requests) == [DERDEN, CBS]


def test_a_catalogue_that_cannot_be_read_is_not_asked_again(server: ReplayServer, transport: Transport) -> None:
    """A service that is down would get all its retries once per family."""
    server.set_faults([Fault("503", path_contains=CBS)])
    catalogues = Catalogues.of_tables(Services.at(server.base_url), transport, [table("80001NED")])
    messages = set()
    for _ in range(3):
        with pytest.raises(SourceError, match="HTTP 503") as raised:
            catalogues.of(CBS)
        messages.add(str(raised.value))
    assert len(messages) == 1
    assert len(server.requests) == FAST.attempts


@pytest.mark.parametrize("kind", ["500", "404", "414"])
@pytest.mark.parametrize("longer_than", [0, 200, 1000])
def test_a_filter_that_is_too_long_is_halved_until_it_is_taken(
    server: ReplayServer, transport: Transport, kind: str, longer_than: int
) -> None:
    """Very long or-lists are answered with 500; how long is too long is the service's secret."""
    limit = longer_than or 10_000
    server.set_faults([Fault(kind, path_contains="ODataCatalog", longer_than=limit)])
    found = read_catalogue(Client(CBS, Services.at(server.base_url), transport), IDS)
    assert sorted(found) == ["80001NED", "80002ned"]
    answered = [record for record in server.requests if record.status == 200]
    asked = [part for record in answered for part in record.query.split("'") if part.endswith(("NED", "ned"))]
    assert sorted(asked) == sorted(IDS), "every table is asked for once"
    if not longer_than:
        assert len(server.requests) == 1


def test_a_service_that_refuses_everything_is_left_alone_soon(server: ReplayServer, transport: Transport) -> None:
    """Halving down every branch would be two hundred requests to a service that says no."""
    server.set_faults([Fault("404", path_contains="ODataCatalog")])
    with pytest.raises(RejectedError):
        read_catalogue(Client(CBS, Services.at(server.base_url), transport), IDS)
    assert len(server.requests) <= 8


def test_a_service_that_ignores_the_filter_gives_no_tables_that_were_not_asked_for(
    server: ReplayServer, transport: Transport
) -> None:
    """The whole catalogue has six thousand tables."""
    server.set_faults([Fault("ignore-filter", path_contains="ODataCatalog")])
    found = read_catalogue(Client(CBS, Services.at(server.base_url), transport), ["80002ned"])
    assert list(found) == ["80002ned"]


def test_only_the_same_release_asked_in_the_same_way_is_as_listed() -> None:
    """Whatever one of these guards lets through is never loaded again."""
    described = manifest()
    record = CatalogueRecord("80001NED", "", described.modified, described.metadata_modified, "", None, "", "", "")
    asked = {"identity": "live", "request_key": "k"}
    assert is_as_listed(described, record, **asked)
    assert not is_as_listed(described, replace(record, modified="2027-01-01T02:00:00"), **asked)
    assert not is_as_listed(described, replace(record, metadata_modified="2027-01-01T02:00:00"), **asked)
    assert not is_as_listed(described, record, identity="een archief", request_key="k")
    assert not is_as_listed(described, record, identity="live", request_key="anders")
    assert not is_as_listed(replace(described, again=True), record, **asked)
    assert not is_as_listed(replace(described, modified=""), replace(record, modified=""), **asked)
