"""One table from the service to the lake: what arrives, and what is refused."""

from __future__ import annotations

import http.server
import itertools
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from sources.http import Transport
from sources.odata.metadata import Dimension, TableInfo, TableMetadata
from sources.odata.table import layout_year
from sources.refresh import refresh_odata_host
from sources.registry import Registry
from sources.replay import Fault
from sources.services import Services
from tests.archives import CBS, Dim, Top, edit, periods, regions, write_archive, write_table
from tests.registries import by_key, by_title, registry, row, table
from tests.stage import Stage, observations, product, series, stage, types

SOORT = {"E35   ": "jeugd", "E38   ": "alcohol", "0.0.0 ": "Totaal"}
AREAS = ("NL01  ", "PV20  ", "GM0001", "GM0002")
YEARS = ("2022JJ00", "2023JJ00", "2023MM12")
DIMENSIONS = [Dim("Soort", SOORT), regions(*(area.strip() for area in AREAS)), periods(*YEARS, status="NaderVoorlopig")]


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One server for all tests; its archive is put back before each."""
    with stage(tmp_path_factory.mktemp("theatre")) as made:
        yield made


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small(write_archive(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_big(write_archive(tmp_path_factory.mktemp("big")), 25_000)


@pytest.fixture
def scene(theatre: Stage, small: Path, tmp_path: Path) -> Stage:
    """The small table on a new lake."""
    return put(replace(theatre, lake=tmp_path / "lake"), small)


def put(scene: Stage, folder: Path) -> Stage:
    scene.server.set_faults([])
    shutil.rmtree(scene.archive / "odata", ignore_errors=True)
    shutil.copytree(folder, table_folder(scene))
    return scene


def table_folder(scene: Stage) -> Path:
    return scene.archive / "odata" / CBS / "80001NED"


def write_small(archive: Path, **more: Any) -> Path:
    """72 rows: 3 kinds, 4 areas, 3 periods, two measures, a null for GM0002."""
    rows = [
        [*codes, None if codes[1] == "GM0002" else number + 0.2, number]
        for number, codes in enumerate(product(tuple(SOORT), AREAS, YEARS))
    ]
    topics = [Top("Waarde_7"), Top("Aantal_8", "aantal", "Long")]
    return write_table(archive, "80001NED", DIMENSIONS, topics, rows, **more)


def wanted(*rows: Any, **more: Any) -> Registry:
    default = [row("80001NED", dimension_filters={"Soort": by_key("E35")})]
    return registry([table("80001NED", **more)], rows or default, {"reeks": ("I 2.1.1",)})


def test_a_row_of_the_lake_is_one_area_period_and_measure(scene: Stage) -> None:
    """Everything downstream reads this shape; codes trimmed, numbers as published, status of the period."""
    result = scene.night(wanted())["80001NED"]
    assert result.state == "ververst"
    edition = result.edition
    assert edition is not None
    assert list(types(edition.observation_parts[0]).items()) == [
        ("source_id", "VARCHAR"), ("table_id", "VARCHAR"), ("edition", "VARCHAR"), ("ref_area", "VARCHAR"),
        ("time_period", "VARCHAR"), ("measure", "VARCHAR"), ("dimensions", "VARCHAR"), ("obs_value", "DOUBLE"),
        ("obs_status", "VARCHAR"), ("unit_measure", "VARCHAR"),
    ]  # fmt: skip
    head = ("cbs_80001NED", "80001NED", edition.edition_id)
    tail = ("Waarde_7", '{"Soort":"E35"}')
    assert observations(edition)[:3] == [
        (*head, "GM0001", "2022JJ00", *tail, 6.2, "nader_voorlopig", "%"),
        (*head, "GM0001", "2023JJ00", *tail, 7.2, "nader_voorlopig", "%"),
        (*head, "GM0002", "2022JJ00", *tail, None, "nader_voorlopig", "%"),
    ]
    assert len(observations(edition)) == result.rows == 6


def test_only_the_rows_and_columns_that_are_wanted_are_asked(scene: Stage) -> None:
    """Whole tables run to hundreds of megabytes."""
    scene.night(wanted())
    (record,) = scene.rows_asked()
    assert record.query.split("&$filter=") == [
        "$format=json&$select=ID,Soort,RegioS,Perioden,Waarde_7",
        "Soort eq 'E35   ' and (startswith(RegioS,'GM') or startswith(RegioS,'NL')) and substringof('JJ00',Perioden)",
    ]
    assert (record.rows, record.gzip) == (6, True)


def test_the_series_file_says_what_each_registry_row_became(scene: Stage) -> None:
    """The mart joins on it; a code left out of a sum would be invisible."""
    result = scene.night(
        wanted(
            row(
                "80001NED",
                dimension_filters={"Soort": by_key("E35", "E38")},
                aggregation="sum_over_codes",
                jaren="2022-",
            ),
            row("80001NED", "ander", measure_stem="Aantal", eenheid="aantal", periode_soort="december", absent="zero"),
            indeling="bron",
        )
    )["80001NED"]
    columns = (
        "series_id, rol, onderdeel, edition_order, measure, dimensions, multiplier, periode_soort, jaren, absent, "
        "indelingsjaar, n_codes"
    )
    assert series(result.edition, columns) == [
        ("ander", "waarde", 1, 1, "Aantal_8", '{"Soort":"0.0.0"}', 1.0, "december", "", "zero", 2024, 1),
        ("reeks", "waarde", 1, 1, "Waarde_7", '{"Soort":"E35"}', 1.0, "jaar", "2022-", "missing", 2024, 2),
        ("reeks", "waarde", 1, 1, "Waarde_7", '{"Soort":"E38"}', 1.0, "jaar", "2022-", "missing", 2024, 2),
    ]
    assert series(result.edition, "distinct source_id, edition, uitsplitsing") == [
        ("cbs_80001NED", result.edition.edition_id if result.edition else "", "totaal")
    ]


def test_years_outside_the_series_stay_out(scene: Stage) -> None:
    """A threshold that stopped in 2022 is published as empty rows afterwards."""
    item = row("80001NED", dimension_filters={"Soort": by_key("E35")}, jaren="2022")
    result = scene.night(wanted(item))["80001NED"]
    assert observations(result.edition, "distinct time_period") == [("2022JJ00",)]


def test_a_table_without_periods_gets_the_year_it_is_about(scene: Stage) -> None:
    """Year tables of kerncijfers carry no period at all."""
    write_table(
        scene.archive, "80001NED", [regions("NL00", "GM0001", key="WijkenEnBuurten", width=10, kind="GeoDetail")],
        [Top("Waarde_1")], [["NL00      ", 1.0], ["GM0001    ", 2.0], ["WK000100  ", 3.0]], period="2020",
    )  # fmt: skip
    item = row("80001NED", region_dimension="WijkenEnBuurten", periode_soort="tabel", jaren="2020", chain="year_table")
    result = scene.night(wanted(item))["80001NED"]
    assert observations(result.edition, "ref_area, time_period, obs_value, obs_status") == [
        ("GM0001", "2020JJ00", 2.0, None),
        ("NL00", "2020JJ00", 1.0, None),
    ]
    assert series(result.edition, "periode_soort, dimensions") == [("tabel", "{}")]


def test_a_national_table_is_about_the_country(scene: Stage) -> None:
    """Benchmarks come from tables without any region."""
    write_table(scene.archive, "80001NED", [periods("2024JJ00")], [Top("Waarde_1")], [["2024JJ00", 3.0]])
    result = scene.night(wanted(row("80001NED", region_dimension=None)))["80001NED"]
    assert observations(result.edition, "ref_area, time_period, obs_value") == [("NL01", "2024JJ00", 3.0)]


def test_singles_keep_the_digits_that_were_published(scene: Stage) -> None:
    """Read as float32, 7888.2 becomes 7888.2001953125."""
    write_table(
        scene.archive, "80001NED", DIMENSIONS[1:], [Top("Waarde_1", datatype="Float")], [["GM0001", "2022JJ00", 7888.2]]
    )
    result = scene.night(wanted(row("80001NED")))["80001NED"]
    assert observations(result.edition, "obs_value") == [(7888.2,)]


def test_a_column_that_is_empty_for_25000_rows_keeps_its_later_values(scene: Stage) -> None:
    """Types inferred from the first rows make every later value null, without an error."""
    write_big(scene.archive, 25_001, value="case when i < 25000 then null else 0.5 end")
    result = scene.night(wanted(row("80001NED", region_dimension="RegioS")))["80001NED"]
    assert observations(result.edition, "count(*), count(obs_value)") == [(25_001, 1)]


def write_big(archive: Path, rows: int, value: str = "i / 2") -> Path:
    """Rows of as many numbered areas in one period, all wanted, and one of a province, which is not."""
    query = f"""
        select i::integer as ID, if(i < {rows}, 'GM' || lpad(i::varchar, 8, '0'), 'PV20') as RegioS,
            '2022JJ00' as Perioden, ({value})::double as Waarde_1
        from range({rows} + 1) as t(i)
    """
    dimensions = [regions("GM0001"), periods("2022JJ00")]
    return write_table(archive, "80001NED", dimensions, [Top("Waarde_1")], query)


BIG = wanted(row("80001NED"))


def test_pages_are_fetched_side_by_side_over_few_connections(scene: Stage) -> None:
    """A page after a page waits for the service each time; a connection per page waits twice."""
    write_big(scene.archive, 45_000)
    result = scene.night(BIG)["80001NED"]
    pages = scene.rows_asked()
    skips = sorted(int(record.query.rpartition("$skip=")[2]) if "$skip" in record.query else 0 for record in pages)
    assert skips == [0, 10_000, 20_000, 30_000, 40_000]
    assert len({record.connection for record in pages}) <= 4
    assert observations(result.edition, "count(*), count(distinct ref_area)") == [(45_000, 45_000)]
    assert [event.gedaan for event in scene.progress if event.stap == "rijen"] == [0, 1, 2, 3, 4, 5]
    assert result.requests == len(result.edition.manifest.requests if result.edition else ())
    assert result.bytes == sum(record.bytes for record in pages)


def test_a_service_that_cannot_count_is_followed_page_by_page(scene: Stage, big: Path) -> None:
    """Links are the only guide then, and the report says that the number could not be proven."""
    put(scene, big)
    result = scene.night(BIG, Fault("404", path_contains="$count"))["80001NED"]
    assert (result.state, result.rows) == ("ververst", 25_000)
    assert "niet te tellen" in str(result.melding)


def test_a_count_that_ignores_the_filter_is_not_believed(tmp_path: Path) -> None:
    """Whether `$count` honours a filter was never seen; believing it would fail every good table."""
    with stage(tmp_path, count_ignores_filter=True) as scene:
        write_small(scene.archive)
        result = scene.night(wanted())["80001NED"]
        assert (result.state, result.rows) == ("ververst", 6)
        assert "let niet op het filter" in str(result.melding)
        # The same when the catalogue's number is out of date and cannot give it away.
        edit(table_folder(scene), "catalog", {"RecordCount": 71, "Modified": "x"})
        again = scene.night(wanted())["80001NED"]
        assert (again.state, again.rows) == ("ververst", 6)


@pytest.mark.parametrize("kind", ["reset", "html200", "short"])
def test_a_passing_fault_in_mid_table_costs_one_page(scene: Stage, big: Path, kind: str) -> None:
    """Starting a table of hundreds of pages anew for one lost page would never end on a bad night."""
    put(scene, big)
    fault = Fault(kind, path_contains="$skip=10000", count=1)
    result = scene.night(BIG, fault)["80001NED"]
    assert (result.state, result.rows) == ("ververst", 25_000)
    assert len(scene.rows_asked()) == 4
    assert scene.leftovers() == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault("reset", path_contains="TypedDataSet?"), "ConnectionError"),
        (Fault("truncate", path_contains="TypedDataSet?"), "IncompleteRead"),
        (Fault("badjson", path_contains="TypedDataSet?"), "geen volledige JSON"),
        (Fault("html200", path_contains="TypedDataSet?"), "text/html, geen JSON"),
        (Fault("empty200", path_contains="TypedDataSet?"), "JSON"),
        (Fault("500", path_contains="TypedDataSet?"), "twee keer hetzelfde antwoord"),
        (Fault("404", path_contains="TypedDataSet?"), "HTTP 404"),
        (Fault("silent-empty", path_contains="TypedDataSet?"), "0 rijen, verwacht 6"),
        (Fault("short", path_contains="TypedDataSet?"), "5 rijen, verwacht 6"),
        (Fault("404", path_contains="DataProperties"), "HTTP 404"),
        (Fault("change-modified-midway"), "tijdens het lezen vernieuwd"),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_lasting_fault_is_the_result_of_that_table_and_leaves_nothing(scene: Stage, fault: Fault, text: str) -> None:
    """A table that cannot be read with proof must not reach the lake, and must not raise either."""
    result = scene.night(wanted(), fault)["80001NED"]
    assert (result.state, result.edition) == ("fout", None)
    assert text in str(result.melding)
    assert {path.name for path in scene.lake.rglob("*") if path.is_file()} <= {"onleesbaar.json"}
    assert scene.leftovers() == []


def test_a_table_that_is_renewed_while_it_is_read_is_read_again(scene: Stage) -> None:
    """Half the pages of one release and half of the next make a table that never existed."""
    result = scene.night(wanted(), Fault("change-modified-midway", count=1))["80001NED"]
    assert result.state == "ververst"
    assert len(scene.rows_asked()) == 2


def test_an_ignored_filter_is_an_error_with_its_remedy(scene: Stage) -> None:
    """Rows of all kinds added up as one kind look like a very unsafe country."""
    result = scene.night(wanted(), Fault("ignore-filter", path_contains="TypedDataSet?"))["80001NED"]
    assert result.state == "fout"
    assert "voldoen niet aan het filter" in str(result.melding)
    assert "filter_op_dienst=false voor cbs_80001NED" in str(result.melding)


def test_a_service_that_ignores_filters_is_read_whole(scene: Stage) -> None:
    """The remedy that the message names has to work."""
    fault = Fault("ignore-filter", path_contains="TypedDataSet")
    result = scene.night(wanted(on_service=False), fault)["80001NED"]
    assert (result.state, result.rows) == ("ververst", 6)
    assert scene.rows_asked()[0].rows == 36
    assert "$filter" not in scene.rows_asked()[0].query


@pytest.mark.parametrize(
    ("kind", "page", "text"),
    [
        ("loop", "TypedDataSet?", "heeft geen $skip"),
        ("loop", "$skip=10000", "wijst naar rij 10000"),
        ("foreign", "TypedDataSet?", "wijst naar elders.invalid"),
    ],
)
def test_a_link_that_leads_nowhere_ends_the_load(scene: Stage, big: Path, kind: str, page: str, text: str) -> None:
    """A link to itself is followed for ever; one to another host sends the questions there."""
    put(scene, big)
    result = scene.night(BIG, Fault("404", path_contains="$count"), Fault(kind, path_contains=page))["80001NED"]
    assert result.state == "fout"
    assert text in str(result.melding)
    assert len(scene.rows_asked()) == (2 if "skip=" in page else 1)


@pytest.mark.parametrize("kind", ["loop", "foreign"])
def test_links_do_not_matter_where_pages_have_their_place(scene: Stage, big: Path, kind: str) -> None:
    """Guest services can put a host in their links that does not resolve."""
    put(scene, big)
    result = scene.night(BIG, Fault(kind, path_contains="$skip=10000"))["80001NED"]
    assert (result.state, result.rows) == ("ververst", 25_000)


class _Miscounts(http.server.BaseHTTPRequestHandler):
    """Passes every request on, but answers a filtered `$count` with a number of its own."""

    home = ""
    number = 0

    def log_message(self, *args: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        kind, body = "text/plain", str(self.number).encode()
        if "$count?" not in self.path:
            answer = requests.get(self.home + self.path, timeout=5)
            here = f"http://127.0.0.1:{self.server.server_address[1]}"
            kind, body = answer.headers["Content-Type"], answer.text.replace(self.home, here).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (20_000, "na de laatste volgt nog een pagina"),
        (15_000, "10000 rijen, meer dan de 5000"),
        (30_000, "5000 rijen, verwacht 10000"),
    ],
)
def test_rows_that_do_not_agree_with_the_count_are_refused(scene: Stage, big: Path, number: int, text: str) -> None:
    """25,000 rows against another count: either the count or the rows are wrong, and nobody can say which."""
    put(scene, big)
    front = type("Front", (_Miscounts,), {"home": scene.server.base_url, "number": number})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), front) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        services = Services.at(f"http://127.0.0.1:{server.server_address[1]}")
        with Transport(scene.settings) as transport:
            (result,) = refresh_odata_host(CBS, BIG, services, scene.lake, transport)
        server.shutdown()
    assert result.state == "fout"
    assert text in str(result.melding)


def test_a_service_with_smaller_pages_is_followed(scene: Stage, big: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of a page is the service's to choose; a smaller one is not a short one."""
    put(scene, big)
    monkeypatch.setattr("sources.replay.service.PAGE_ROWS", 7_000)
    result = scene.night(BIG)["80001NED"]
    assert (result.state, result.rows) == ("ververst", 25_000)
    assert observations(result.edition, "count(distinct ref_area)") == [(25_000,)]


def test_a_table_has_a_deadline_of_its_own(scene: Stage, big: Path) -> None:
    """A table that crawls, each page just within its limits, would hold the night until morning."""
    put(scene, big)
    moments = itertools.count(step=1000.0)
    settings = replace(scene.settings, total_timeout=1e9, minimum_rate=0, parallel=1)
    result = replace(scene, clock=lambda: next(moments), settings=settings).night(BIG)["80001NED"]
    assert result.state == "fout"
    assert "de tijd voor deze tabel is op" in str(result.melding)


def test_a_period_that_the_table_does_not_list_is_an_error(scene: Stage) -> None:
    """Dropped in silence, a year would be missing and nobody would know why."""
    rows = [["GM0001", "2022JJ00", 1.0], ["GM0001", "2021JJ00", 1.0]]
    write_table(scene.archive, "80001NED", DIMENSIONS[1:], [Top("Waarde_7")], rows)
    result = scene.night(wanted(row("80001NED")))["80001NED"]
    assert result.state == "fout"
    assert "1 rijen met een periode die niet in de tijddimensie staat" in str(result.melding)


def test_gaps_in_the_rows_of_a_whole_table_are_seen(scene: Stage) -> None:
    """A page that repeats another has the right number of rows."""
    rows = f"""
        select * replace (case when ID = 5 then 4 else ID end as ID) from '{table_folder(scene)}/TypedDataSet.parquet'
    """
    write_table(scene.archive, "80001NED", DIMENSIONS, [Top("Waarde_7"), Top("Aantal_8", "aantal", "Long")], rows)
    result = scene.night(wanted(on_service=False))["80001NED"]
    assert result.state == "fout"
    assert "36 rijen met 35 verschillende ID's" in str(result.melding)


def test_a_renamed_column_costs_only_its_own_series(scene: Stage) -> None:
    """One renamed column must not take the other series of its table along."""
    items = [
        row("80001NED", dimension_filters={"Soort": by_key("E35")}),
        row("80001NED", "weg", measure_stem="Verdwenen"),
    ]
    result = scene.night(wanted(*items))["80001NED"]
    assert result.state == "ververst"
    assert [(problem.series_id, problem.reden) for problem in result.problems] == [("weg", "niet_gepubliceerd")]
    assert "Waarde_7 [%]" in result.problems[0].melding
    assert series(result.edition, "distinct series_id") == [("reeks",)]


def test_a_sum_with_a_part_missing_is_left_out_whole(scene: Stage) -> None:
    """Two of three kinds of benefit added up are a wrong figure, not a smaller one."""
    rows = [
        row("80001NED", "som", rol="teller", onderdeel=1, dimension_filters={"Soort": by_key("E35")}),
        row("80001NED", "som", rol="teller", onderdeel=2, dimension_filters={"Soort": by_key("X99")}),
        row("80001NED", "heel", dimension_filters={"Soort": by_key("E35")}),
    ]
    result = scene.night(wanted(*rows))["80001NED"]
    assert series(result.edition, "distinct series_id") == [("heel",)]
    assert [problem.series_id for problem in result.problems] == ["som"]


def test_a_table_that_fits_no_series_at_all_is_refused(scene: Stage) -> None:
    """An empty edition would replace a good one."""
    result = scene.night(wanted(row("80001NED", measure_stem="Verdwenen")))["80001NED"]
    assert result.state == "fout"
    assert [problem.series_id for problem in result.problems] == ["reeks"]
    assert "I 2.1.1" in result.problems[0].melding
    assert scene.rows_asked() == []


def test_a_column_that_is_not_served_is_named(scene: Stage) -> None:
    """A name that is not in the rows reads as null everywhere, without an error."""
    folder = table_folder(scene)
    edit(folder, "DataProperties", {"Key": "Waarde_9"}, row=3)
    result = scene.night(wanted(on_service=False))["80001NED"]
    assert result.state == "fout"
    assert "Waarde_9" in str(result.melding)


def test_a_series_without_rows_is_reported_when_the_service_agrees(scene: Stage) -> None:
    """A published code without rows is normal; the KPI says so and the rest of the table goes on."""
    soort = Dim("Soort", {**SOORT, "F010  ": "dronkenschap", "F0101 ": "langer"})
    rows = [[*codes, 1.0] for codes in product(tuple(SOORT), AREAS, YEARS)] + [["F0101 ", "GM0001", "2022JJ00", 1.0]]
    write_table(scene.archive, "80001NED", [soort, *DIMENSIONS[1:]], [Top("Waarde_7")], rows)
    items = [
        row("80001NED", name, dimension_filters={"Soort": by_key(key)})
        for name, key in (("vol", "E35"), ("leeg", "F010"))
    ]
    result = scene.night(wanted(*items))["80001NED"]
    assert result.state == "ververst"
    assert [(item.series_id, item.reden) for item in result.problems] == [("leeg", "niet_gepubliceerd")]
    assert "telt er ook geen" in result.problems[0].melding
    assert series(result.edition, "series_id") == [("vol",)]
    assert scene.night(wanted(*items))["80001NED"].state == "ongewijzigd"


def test_a_series_without_rows_in_its_years_is_no_silence_of_the_service(scene: Stage) -> None:
    """The table has rows, only not for the years of this series: that must not fail the whole table."""
    items = [
        row("80001NED", name, dimension_filters={"Soort": by_key("E35")}, jaren=jaren)
        for name, jaren in (("nu", "2022-"),)
    ]
    items.append(row("80001NED", "toen", dimension_filters={"Soort": by_key("E38")}, jaren="2021"))
    result = scene.night(wanted(*items))["80001NED"]
    assert result.state == "ververst"
    assert series(result.edition, "series_id") == [("nu",), ("toen",)]
    only = scene.night(wanted(items[1]))["80001NED"]
    assert only.state == "ververst"
    assert "in de jaren 2021" in only.problems[0].melding
    assert observations(only.edition) == []


def write_wrongly_padded(scene: Stage) -> Registry:
    """Rows of one kind carry another padding than the list of members: an `eq` then finds nothing."""
    rows = [[*codes, 1.0] for codes in product(("E35   ", "E38 "), AREAS, YEARS)]
    write_table(scene.archive, "80001NED", DIMENSIONS, [Top("Waarde_7")], rows)
    return wanted(*(row("80001NED", key, dimension_filters={"Soort": by_key(key)}) for key in ("E35", "E38")))


def test_a_series_that_is_silently_empty_is_an_error_of_that_series(scene: Stage) -> None:
    """An `eq` with the wrong padding gives 200 and an empty list."""
    asked = write_wrongly_padded(scene)
    result = scene.night(asked)["80001NED"]
    assert [(item.series_id, item.melding.rpartition(", ")[2]) for item in result.problems] == [
        ("E38", "maar de dienst telt er 6")
    ]
    assert series(result.edition, "series_id") == [("E35",)]
    assert scene.night(asked)["80001NED"].state == "fout", "what is not proven is asked again, and never replaces"


def test_a_series_that_goes_silently_empty_does_not_replace_what_was_there(scene: Stage) -> None:
    """Yesterday's figures are worth more than today's silence."""
    both = [row("80001NED", key, dimension_filters={"Soort": by_key(key)}) for key in ("E35", "E38")]
    before = scene.night(wanted(*both))["80001NED"]
    write_wrongly_padded(scene)
    result = scene.night(wanted(*both), force=True)["80001NED"]
    assert result.state == "fout"
    assert result.edition == before.edition
    assert "E38" in str(result.melding)


TWICE = [Top("Huishoudens_1", group=("Samenstelling",)), Top("Huishoudens_21", group=("Grootte",))]


@pytest.mark.parametrize(("second", "state"), [(5.0, "ververst"), (6.0, "ververst")])
def test_columns_said_to_be_equal_have_to_be_equal(scene: Stage, second: float, state: str) -> None:
    """Taking the lowest number is right only as long as both columns say the same."""
    write_table(
        scene.archive, "80001NED", DIMENSIONS[1:], [*TWICE, Top("Waarde_3")], [["GM0001", "2022JJ00", 5.0, second, 1.0]]
    )
    items = [row("80001NED", measure_stem="Huishoudens", measure_group="*laagste"), row("80001NED", "ander")]
    result = scene.night(wanted(*items))["80001NED"]
    assert result.state == state
    if second == 5.0:
        assert result.problems == ()
        assert observations(result.edition, "measure, obs_value") == [("Huishoudens_1", 5.0), ("Waarde_3", 1.0)]
    else:
        assert "verschillen in 1 rijen" in result.problems[0].melding
        assert series(result.edition, "series_id") == [("ander",)]


def test_a_title_decides_as_well_as_a_key(scene: Stage) -> None:
    """Of some tables only the titles are known."""
    item = row("80001NED", dimension_filters={"Soort": by_title("alcohol")})
    result = scene.night(wanted(item))["80001NED"]
    assert series(result.edition, "dimensions") == [('{"Soort":"E38"}',)]


@pytest.mark.parametrize(
    ("indeling", "map_year", "title", "expected"),
    [
        ("2019", 2024, "Tabel (indeling 2020)", 2019),
        ("periode", 2024, "Tabel (indeling 2020)", None),
        ("bron", 2024, "Tabel (indeling 2020)", 2024),
        ("bron", None, "Misdrijven 2012-2025; gemeente 2026", 2026),
        ("bron", None, "Kerncijfers wijken en buurten 2020", 2020),
        ("bron", None, "Van 2012 tot 2020", None),
    ],
)
def test_the_layout_year_comes_from_where_the_registry_says(
    indeling: str, map_year: int | None, title: str, expected: int | None
) -> None:
    """Figures on one layout shown on another attribute people to the wrong gemeente."""
    region = Dimension("RegioS", "Regio's", "GeoDimension", map_year)
    metadata = TableMetadata("80001NED", TableInfo(title, "m", "2024"), (region,), (), {})
    assert layout_year(table("80001NED", indeling=indeling), metadata, "RegioS") == expected
