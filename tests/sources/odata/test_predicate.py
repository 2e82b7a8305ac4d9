"""The filter in both its languages: what the service is sent and what the rows are held against."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.errors import ResolveError
from sources.odata.metadata import Dimension, Member, TableInfo, TableMetadata, Topic
from sources.odata.predicate import Predicate, encode, plan_read, sql_text
from sources.odata.resolve import resolve_row
from sources.replay import ReplayServer
from tests.archives import CBS, Dim, Top, database, periods, regions, write_archive, write_table
from tests.registries import by_key, row

KINDS = {"2.6.1 ": "een", "2.6.10": "tien", "O'Hara ": "aanhaling"}
PERIODS = ("2011JJ00", "2012JJ00", "2012MM12", "2012SJ00", "2013JJ00")
AREAS = ("GM0001", "NL01", "PV20", "LD01")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplayServer]:
    folder = write_archive(tmp_path_factory.mktemp("archive"))
    rows = [[kind, area.ljust(6), period, 1.0] for kind in KINDS for area in AREAS for period in PERIODS]
    dimensions = [Dim("Soort", KINDS), regions(*AREAS), periods(*PERIODS)]
    write_table(folder, "80001NED", dimensions, [Top("Waarde_1")], rows)
    with ReplayServer(folder) as replay:
        yield replay


PREDICATES = st.builds(
    Predicate,
    members=st.sets(st.sampled_from(sorted(KINDS)), min_size=1).map(lambda keys: (("Soort", tuple(sorted(keys))),)),
    region=st.sampled_from([None, "RegioS"]),
    time=st.just("Perioden"),
    period_marks=st.sets(st.sampled_from(["JJ00", "SJ00", "MM12"]), min_size=1).map(lambda marks: tuple(sorted(marks))),
    first_year=st.sampled_from([None, 2012, 2013]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(predicate=PREDICATES)
def test_the_filter_and_its_sql_select_the_same_rows(server: ReplayServer, predicate: Predicate) -> None:
    """A row that the service rightly sends and the SQL calls stray fails a good table; the reverse lets bad ones in."""
    address = f"{server.host_url(CBS)}/ODataFeed/odata/80001NED/TypedDataSet?$format=json"
    answer = requests.get(f"{address}&$filter={encode(predicate.odata())}", timeout=5)
    assert answer.status_code == 200, answer.text
    served = {item["ID"] for item in answer.json()["value"]}
    everything = requests.get(address, timeout=5).json()["value"]
    values = ", ".join(
        f"({item['ID']}, {sql_text(item['Soort'])}, {sql_text(item['RegioS'])}, {sql_text(item['Perioden'])})"
        for item in everything
    )
    query = f"select ID from (values {values}) as t(ID, Soort, RegioS, Perioden) where {predicate.sql()}"
    with database().cursor() as cursor:
        assert {number for (number,) in cursor.execute(query).fetchall()} == served


def test_keys_go_out_padded_and_quoted() -> None:
    """Unpadded, the service answers 200 with an empty list; unquoted, 400."""
    predicate = Predicate((("Soort", ("E35   ", "O'Hara ")),))
    assert predicate.odata() == "(Soort eq 'E35   ' or Soort eq 'O''Hara ')"


def test_a_space_goes_out_as_percent_twenty() -> None:
    """A plus is not understood as a space everywhere."""
    assert encode("Soort eq 'E35   '") == "Soort%20eq%20'E35%20%20%20'"


@pytest.mark.parametrize(
    ("marks", "expected"), [(("JJ00",), "Perioden ge '2011JJ00'"), (("JJ00", "MM12"), "Perioden ge '2011'")]
)
def test_the_first_period_does_not_cut_off_another_kind(marks: tuple[str, ...], expected: str) -> None:
    """Codes compare as text: 2011JJ00 sorts before 2011MM12 but after 2011HJ01."""
    assert Predicate((), None, "Perioden", marks, 2011).odata().endswith(expected)


def test_nothing_to_filter_is_no_filter() -> None:
    """An empty filter option is answered with an error."""
    assert Predicate(()).odata() == ""
    with database().cursor() as cursor:
        assert cursor.execute(f"select {Predicate(()).sql()}").fetchone() == (True,)


@pytest.mark.parametrize(
    ("code", "text"), [("2.6.1 ", "trim(Soort) eq '2.6.1'"), ("2.6.10", "startswith(Soort,'2.6.10')")]
)
def test_a_probe_does_not_count_longer_codes(code: str, text: str) -> None:
    """'2.6.1' is the beginning of '2.6.10'; counting both would cry wolf over an empty series."""
    assert Predicate(()).probe({"Soort": code}, {"Soort": list(KINDS)}) == text


REGION = Dimension("RegioS", "Regio's", "GeoDimension", 2024)
TIME = Dimension("Perioden", "Perioden", "TimeDimension")
KIND = Dimension("Soort", "Soort", "Dimension")
TABLE = TableMetadata(
    "80001NED",
    TableInfo("t", "m", "2012"),
    (KIND, REGION, TIME),
    (
        Topic("Waarde_1", "Waarde", "%", "Double"),
        Topic("Ander_2", "Ander", "%", "Double"),
        Topic("X_3", "X", "%", "Long"),
    ),
    {
        "Soort": (Member("A ", "a"), Member("B ", "b")),
        "Perioden": tuple(
            Member(code, code, status)
            for code, status in zip(PERIODS, ["Definitief", "NaderVoorlopig", "Voorlopig", None, "Iets"], strict=True)
        ),
    },
)


def test_one_plan_serves_all_series_of_a_table() -> None:
    """A request per series would read the same rows ten times."""
    rows = [
        row("80001NED", "een", dimension_filters={"Soort": by_key("B")}, jaren="2012-"),
        row("80001NED", "twee", dimension_filters={"Soort": by_key("A")}, measure_stem="Ander", jaren="2011-2012"),
    ]
    plan = plan_read(TABLE, [resolve_row(TABLE, item) for item in rows], on_service=True)
    assert plan.columns == ("ID", "Soort", "RegioS", "Perioden", "Waarde_1", "Ander_2")
    assert plan.filter == (
        "(Soort eq 'A ' or Soort eq 'B ') and (startswith(RegioS,'GM') or startswith(RegioS,'NL')) "
        "and substringof('JJ00',Perioden) and Perioden ge '2011JJ00'"
    )
    assert plan.query(20000).endswith("&$skip=20000")


def test_without_filters_on_the_service_the_predicate_stays() -> None:
    """Reading the whole table is a way around the service, not around the check."""
    item = resolve_row(TABLE, row("80001NED", dimension_filters={"Soort": by_key("A")}))
    plan = plan_read(TABLE, [item], on_service=False)
    assert "$filter" not in plan.query()
    assert "trim(\"Soort\") in ('A')" in plan.predicate.sql()


def test_a_period_carries_its_status_and_whether_its_year_is_wanted() -> None:
    """2012 is wanted as a year, not as a school year, and 2011 not at all."""
    item = resolve_row(TABLE, row("80001NED", dimension_filters={"Soort": by_key("A")}, jaren="2012;2013"))
    assert plan_read(TABLE, [item], on_service=True).periods == {
        "2011JJ00": ("definitief", False),
        "2012JJ00": ("nader_voorlopig", True),
        "2012MM12": ("voorlopig", False),
        "2012SJ00": (None, False),
        "2013JJ00": (None, True),
    }


def test_an_open_first_year_leaves_the_whole_table_open() -> None:
    """One series that wants every year must not lose its oldest to another one's start."""
    rows = [row("80001NED", dimension_filters={"Soort": by_key("A")}, jaren=years) for years in ("2012-", "")]
    plan = plan_read(TABLE, [resolve_row(TABLE, item) for item in rows], on_service=True)
    assert plan.predicate.first_year is None


def test_series_that_disagree_on_the_year_of_a_table_are_an_error() -> None:
    """One of the two would be labelled with the other's year."""
    yearly = TableMetadata("T", TableInfo("t", "m", "2012/2013"), (REGION,), TABLE.topics, {})
    rows = [resolve_row(yearly, row("T", jaren=years)) for years in ("2012", "2013")]
    with pytest.raises(ResolveError, match="2012, 2013"):
        plan_read(yearly, rows, on_service=True)


def test_the_archive_of_this_test_is_read_by_the_server(server: ReplayServer) -> None:
    """A server without rows would let the comparison above pass on empty sets."""
    address = f"{server.host_url(CBS)}/ODataFeed/odata/80001NED/TypedDataSet/$count"
    assert int(requests.get(address, timeout=5).text) == len(KINDS) * len(AREAS) * len(PERIODS)
