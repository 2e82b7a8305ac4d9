"""Unmodified cbsodata works against the replay server: the proof that the protocol is the real one."""

from __future__ import annotations

from collections.abc import Iterator

import cbsodata
import pytest
import requests

from sources.replay import Fault, ReplayServer

SMALL = "90001NED"
BIG = "90002ned"
BIG_ROWS = 25_001


@pytest.fixture
def client(server: ReplayServer) -> Iterator[ReplayServer]:
    """Cbsodata pointed at the server; its module-wide options are put back afterwards."""
    before = (cbsodata.options.use_https, cbsodata.options.requests, cbsodata.options.catalog_url)
    cbsodata.options.use_https = False
    cbsodata.options.requests = {}
    cbsodata.options.catalog_url = f"{server.base_url.removeprefix('http://')}/_host/opendata.cbs.nl"
    yield server
    cbsodata.options.use_https, cbsodata.options.requests, cbsodata.options.catalog_url = before


def test_tables_and_their_texts_can_be_listed(client: ReplayServer) -> None:
    """The catalogue call ignores nextLink: it must be one list."""
    assert {table["Identifier"] for table in cbsodata.get_table_list()} == {SMALL, BIG}
    filtered = cbsodata.get_table_list(select=["Identifier", "RecordCount"], filters=f"Identifier eq '{BIG}'")
    assert filtered == [{"Identifier": BIG, "RecordCount": BIG_ROWS}]
    assert cbsodata.get_info(SMALL)["Title"] == f"Tabel {SMALL}"
    assert [period["Status"] for period in cbsodata.get_meta(SMALL, "Perioden")] == [
        "Definitief",
        "Voorlopig",
    ]


def test_data_come_with_titles_and_with_literal_padded_filters(client: ReplayServer) -> None:
    """`get_data` joins codes to titles by the exact key: a trimmed key would leave the code in place."""
    rows = cbsodata.get_data(SMALL, filters="RegioS eq 'NL01  '", select=["RegioS", "Perioden", "Aandeel_2"])
    assert rows == [
        {"RegioS": "Nederland", "Perioden": "2023", "Aandeel_2": 7559.0},
        {"RegioS": "Nederland", "Perioden": "2024*", "Aandeel_2": 12.5},
    ]
    codes = cbsodata.download_data(SMALL)["TypedDataSet"]
    assert [row["RegioS"] for row in codes] == ["NL01  ", "NL01  ", "GM0014", "GM0014"]
    texts = cbsodata.download_data(SMALL, typed=True)["UntypedDataSet"]
    assert texts[2]["Aandeel_2"] == "       ."


def test_every_page_is_followed_on_loopback_one_connection_each(client: ReplayServer) -> None:
    """The baseline to beat: every request its own connection, nothing compressed."""
    rows = cbsodata.download_data(BIG)["TypedDataSet"]
    assert [row["ID"] for row in rows] == list(range(BIG_ROWS))
    data = [record for record in client.requests if record.path.endswith("TypedDataSet")]
    assert [record.rows for record in data] == [10_000, 10_000, 5_001]
    assert all(record.number_on_connection == 1 and not record.gzip for record in client.requests)
    assert all(record.host == "opendata.cbs.nl" for record in client.requests)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("503"), requests.HTTPError),
        (Fault("html200"), ValueError),
        (Fault("truncate"), requests.exceptions.ChunkedEncodingError),
        (Fault("reset"), requests.ConnectionError),
    ],
)
def test_it_fails_at_once_on_what_a_better_client_survives(
    client: ReplayServer, fault: Fault, error: type[Exception]
) -> None:
    """The comparison with our own client holds only if the faults hurt this one."""
    client.set_faults([fault])
    with pytest.raises(error):
        cbsodata.get_meta(SMALL, "RegioS")


def test_a_short_page_and_an_ignored_filter_go_unnoticed(client: ReplayServer) -> None:
    """What it does not check is what ours must check."""
    client.set_faults([Fault("short", "TypedDataSet"), Fault("ignore-filter", "RegioS?")])
    assert len(cbsodata.download_data(SMALL)["TypedDataSet"]) == 3
