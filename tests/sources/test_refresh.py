"""A night at one service: what is loaded, what is left alone, what goes on when something fails."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sources.lake import current_edition, list_editions, pin_editions
from sources.registry import Registry
from sources.replay import Fault
from sources.results import Progress
from tests.archives import CBS, DERDEN, Dim, Top, edit, periods, regions, write_archive, write_table
from tests.registries import by_key, registry, row, table
from tests.stage import Stage, observations, series, stage

ROOT = Path(__file__).parents[2]
NEW, OLD, YEAR = "80003NED", "80002NED", "80001NED"
DIMENSIONS = [Dim("Soort", {"A  ": "a", "B  ": "b"}), regions("NL01", "GM0001"), periods("2023JJ00", "2024JJ00")]


def write(scene: Stage, table_id: str, value: float = 1.0, *, host: str = CBS, **more: Any) -> Path:
    """Eight rows: two kinds, two areas, two years, all with one value."""
    rows = [
        [kind, area, period, value]
        for kind in ("A  ", "B  ")
        for area in ("NL01  ", "GM0001")
        for period in ("2023JJ00", "2024JJ00")
    ]
    return write_table(scene.archive, table_id, DIMENSIONS, [Top("Waarde_1")], rows, host=host, **more)


def item(table_id: str, series_id: str = "reeks", key: str = "A", **more: Any) -> Any:
    return row(table_id, series_id, dimension_filters={"Soort": by_key(key)}, **more)


TABLES = [table(NEW), table(OLD), table(YEAR)]
CHAIN = registry(
    TABLES,
    [
        item(NEW, edition_order=1),
        item(OLD, edition_order=2, gebruik="terugval"),
        item(OLD, "ander", "B"),
        item(YEAR, "jaartabel", chain="year_table", gebruik="jaartabel", jaren="2024"),
    ],
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Stage]:
    """An empty archive."""
    with stage(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Three tables and a lake after one good night; copied for each test that starts from there."""
    with stage(tmp_path_factory.mktemp("theatre")) as made:
        for value, table_id in enumerate((NEW, OLD, YEAR), start=1):
            write(made, table_id, value)
        made.night(CHAIN)
        yield made


@pytest.fixture
def full(theatre: Stage, tmp_path: Path) -> Iterator[Stage]:
    """Three tables, none of them loaded yet."""
    shutil.copytree(theatre.archive, tmp_path / "archive")
    with stage(tmp_path) as made:
        yield made


@pytest.fixture
def settled(full: Stage, theatre: Stage) -> Stage:
    """Three tables, loaded last night."""
    shutil.copytree(theatre.lake, full.lake)
    return full


def test_an_unchanged_service_costs_one_request(full: Stage) -> None:
    """Nothing but the catalogue: no metadata, no counts, no rows."""
    first = full.night(CHAIN)
    second = full.night(CHAIN)
    assert [result.state for result in first.values()] == ["ververst"] * 3
    assert [result.state for result in second.values()] == ["ongewijzigd"] * 3
    assert [record.path for record in full.log] == ["/ODataCatalog/Tables"]
    assert [result.edition for result in second.values()] == [result.edition for result in first.values()]
    assert [result.rows for result in second.values()] == [result.rows for result in first.values()]


@pytest.mark.parametrize("stamp", ["Modified", "MetaDataModified"])
def test_a_new_stamp_loads_only_that_table(settled: Stage, stamp: str) -> None:
    """New texts can rename a column; new data are why there is a night at all."""
    edit(settled.archive / "odata" / CBS / OLD, "catalog", {stamp: "2026-06-01T02:00:00"})
    assert {key: result.state for key, result in settled.night(CHAIN).items()} == {
        NEW: "ongewijzigd",
        OLD: "ververst",
        YEAR: "ongewijzigd",
    }


def test_another_archive_never_looks_unchanged(settled: Stage) -> None:
    """A stand-in with the stamps of the live tables would pass for them."""
    write_archive(settled.archive, "een ander archief")
    assert {result.state for result in settled.night(CHAIN).values()} == {"ververst"}


def test_another_question_is_asked_although_nothing_changed(settled: Stage) -> None:
    """A series added to the registry would wait for the next release of its table."""
    more = registry(TABLES, [*CHAIN.series, item(YEAR, "extra", "B")])
    results = settled.night(more)
    assert results[YEAR].state == "ververst"
    assert results[NEW].state == "ongewijzigd"


def test_force_loads_what_the_catalogue_calls_unchanged(settled: Stage) -> None:
    """History is corrected now and then without a new stamp."""
    write(settled, NEW, 7.0)
    result = settled.night(CHAIN, force=True)[NEW]
    assert observations(result.edition, "distinct obs_value") == [(7.0,)]


def test_every_table_of_the_service_has_a_result_with_a_reason(scene: Stage) -> None:
    """A table nobody reports on is a table nobody misses."""
    write(scene, OLD)
    asked = registry(
        [*TABLES, table("80009NED"), table("50001NED", host=DERDEN)],
        [*CHAIN.series, item("80009NED", gebruik="controle")],
    )
    results = scene.night(asked)
    assert {key: (result.state, result.melding) for key, result in results.items()} == {
        NEW: ("ontbreekt", "80003NED staat niet in de catalogus van opendata.cbs.nl"),
        OLD: ("ververst", "gebruikt voor reeks omdat nieuwere uitgaven ontbreken: 80003NED (niet in de catalogus)"),
        YEAR: ("ontbreekt", "80001NED staat niet in de catalogus van opendata.cbs.nl"),
        "80009NED": ("niet_nodig", "staat alleen voor controle of context in het register"),
    }
    assert [(problem.series_id, problem.reden) for problem in results[YEAR].problems] == [
        ("jaartabel", "tabel_ontbreekt")
    ]
    assert {event.bron_id for event in scene.progress if event.stap == "klaar"} == {f"cbs_{OLD}"}


def test_an_unusual_status_is_passed_on(scene: Stage) -> None:
    """A table that is being withdrawn says so before it disappears."""
    edit(write(scene, YEAR), "catalog", {"OutputStatus": "Vervallen"})
    assert "Vervallen" in str(scene.night(registry([table(YEAR)], [item(YEAR)]))[YEAR].melding)


def test_a_stopped_table_says_so(scene: Stage) -> None:
    """A table that is no longer renewed looks fresh for ever."""
    write(scene, YEAR, frequency="Stopgezet")
    asked = registry([table(YEAR)], [item(YEAR)])
    assert "Stopgezet" in str(scene.night(asked)[YEAR].melding)
    assert "Stopgezet" in str(scene.night(asked)[YEAR].melding)


def test_a_service_that_is_down_keeps_all_editions_and_says_since_when(settled: Stage) -> None:
    """Connections were dropped for days; the mart goes on with what it has."""
    before = settled.night(CHAIN)
    down = [settled.night(CHAIN, Fault("reset")) for _ in range(2)]
    for results in down:
        assert {result.state for result in results.values()} == {"fout"}
        assert [result.edition for result in results.values()] == [result.edition for result in before.values()]
        assert "opgegeven na 3 keer" in str(results[NEW].melding)
    since = [results[NEW].verouderd_sinds for results in down]
    assert since[0] is not None
    assert since[0] == since[1]
    assert settled.night(CHAIN)[NEW].verouderd_sinds is None
    assert settled.night(CHAIN, Fault("reset"))[NEW].verouderd_sinds != since[0]


def test_a_service_that_was_never_reached_gives_errors_and_no_editions(full: Stage) -> None:
    """The first night of an installation may be a bad one."""
    results = full.night(CHAIN, Fault("503"))
    assert {(result.state, result.edition) for result in results.values()} == {("fout", None)}


def test_an_empty_catalogue_is_no_reason_to_drop_everything(settled: Stage) -> None:
    """An empty list with status 200 would say that every table has been withdrawn."""
    before = settled.night(CHAIN)
    results = settled.night(CHAIN, Fault("silent-empty", path_contains="ODataCatalog"))
    assert {result.state for result in results.values()} == {"fout"}
    assert results[NEW].edition == before[NEW].edition


def test_one_bad_table_leaves_the_others_alone(full: Stage) -> None:
    """A corrupt table answers 500 for ever; the rest of the service is fine."""
    results = full.night(CHAIN, Fault("500", path_contains=f"{YEAR}/"))
    assert {key: result.state for key, result in results.items()} == {NEW: "ververst", OLD: "ververst", YEAR: "fout"}


def test_a_table_the_service_cannot_read_is_left_alone_for_some_days(full: Stage) -> None:
    """The same 500 for months, asked for every night, helps nobody; a new release ends the wait at once."""
    full.between = timedelta(days=1)
    fault = Fault("500", path_contains=f"{YEAR}/")
    asked = []
    for _ in range(8):
        assert full.night(CHAIN, fault)[YEAR].state == "fout"
        asked.append(any(YEAR in record.path for record in full.log))
    assert asked == [True, True, True, False, False, True, False, False]
    edit(full.archive / "odata" / CBS / YEAR, "catalog", {"Modified": "2026-06-01T02:00:00"})
    assert full.night(CHAIN)[YEAR].state == "ververst"


def test_force_does_not_wait(full: Stage) -> None:
    """Whoever asks by hand has a reason to think that it works again."""
    for _ in range(3):
        full.night(CHAIN, Fault("500", path_contains=f"{YEAR}/"))
    assert "3 nachten achtereen" in str(full.night(CHAIN)[YEAR].melding)
    assert full.night(CHAIN, force=True)[YEAR].state == "ververst"


def test_a_table_without_a_stamp_is_pulled_every_night(full: Stage) -> None:
    """Two absent stamps are equal, for ever."""
    folder = full.archive / "odata" / CBS / YEAR
    edit(folder, "catalog", {"Modified": None, "MetaDataModified": None})
    first, second = (full.night(CHAIN)[YEAR] for _ in range(2))
    assert [record.path for record in full.rows_asked()] == [f"/ODataFeed/odata/{YEAR}/TypedDataSet"]
    assert (second.state, second.edition) == ("ongewijzigd", first.edition), "the same figures are no new edition"
    write(full, YEAR, 9.0)
    edit(folder, "catalog", {"Modified": None, "MetaDataModified": None})
    assert full.night(CHAIN)[YEAR].state == "ververst"


@pytest.mark.parametrize("change", [{"Position": "x"}, {"Decimals": "een"}, {"Type": "Topic", "ParentID": []}])
def test_metadata_of_another_shape_is_the_fault_of_that_table(full: Stage, change: dict[str, Any]) -> None:
    """A member that is suddenly something else would end the night for the whole service."""
    edit(full.archive / "odata" / CBS / OLD, "DataProperties", change, row=3)
    results = full.night(CHAIN)
    assert results[NEW].state == "ververst"
    assert results[OLD].state == "fout"
    assert "onleesbare metadata" in str(results[OLD].melding)


def test_other_columns_than_before_are_remarked_on(settled: Stage) -> None:
    """Columns that move are how a figure silently becomes another one."""
    folder = settled.archive / "odata" / CBS / YEAR
    edit(folder, "DataProperties", {"Decimals": 3}, row=3)
    edit(folder, "catalog", {"MetaDataModified": "2026-06-01T02:00:00"})
    assert "de kolommen van 80001NED zijn gewijzigd" in str(settled.night(CHAIN)[YEAR].melding)


def test_a_failed_renewal_keeps_the_edition_of_before(settled: Stage) -> None:
    """A failed load never replaces a good one."""
    before = settled.night(CHAIN)
    edit(settled.archive / "odata" / CBS / NEW, "catalog", {"Modified": "2026-06-01T02:00:00"})
    result = settled.night(CHAIN, Fault("short", path_contains=f"{NEW}/TypedDataSet?"))[NEW]
    assert (result.state, result.edition) == ("fout", before[NEW].edition)
    assert result.verouderd_sinds is not None
    assert current_edition(settled.lake, f"cbs_{NEW}") == before[NEW].edition
    assert settled.night(CHAIN)[NEW].state == "ververst"


def test_a_much_smaller_table_is_not_taken_over(settled: Stage) -> None:
    """A table that comes back at a quarter of its size is an accident at the source."""
    before = settled.night(CHAIN)
    rows = [["A  ", "GM0001", "2024JJ00", 1.0]]
    write_table(settled.archive, NEW, DIMENSIONS, [Top("Waarde_1")], rows, modified="2026-06-01T02:00:00")
    result = settled.night(CHAIN)[NEW]
    assert (result.state, result.edition) == ("fout", before[NEW].edition)
    assert "1 rijen, de vorige keer 4" in str(result.melding)


def test_a_new_edition_takes_over_and_the_old_one_stays_out(scene: Stage) -> None:
    """The same series from two editions would be in the mart twice."""
    write(scene, OLD)
    write(scene, YEAR)
    scene.night(CHAIN)
    write(scene, NEW, 5.0)
    results = scene.night(CHAIN)
    found = [line for result in results.values() for line in series(result.edition, "series_id, edition_order")]
    assert sorted(found) == [("ander", 1), ("jaartabel", 1), ("reeks", 1)]


def test_when_a_new_edition_fails_last_nights_goes_on_without_a_download(scene: Stage) -> None:
    """The first load of a new id failing must not empty a series that had figures yesterday."""
    write(scene, OLD)
    write(scene, YEAR)
    before = scene.night(CHAIN)
    write(scene, NEW)
    results = scene.night(CHAIN, Fault("500", path_contains=f"{NEW}/"))
    assert (results[NEW].state, results[NEW].edition) == ("fout", None)
    assert (results[OLD].state, results[OLD].edition) == ("ongewijzigd", before[OLD].edition)
    assert "80003NED (niet geladen)" in str(results[OLD].melding)
    assert not any(OLD in record.path for record in scene.log)


def test_an_edition_that_stands_in_gives_only_what_is_wanted_of_it(scene: Stage) -> None:
    """Loaded when it still gave the whole chain, it would double the series that a newer edition gives now."""
    write(scene, OLD)
    before = scene.night(CHAIN)
    assert series(before[OLD].edition, "series_id") == [("ander",), ("reeks",)]
    write(scene, NEW)
    fault = Fault("500", path_contains=f"{OLD}/")
    results = scene.night(CHAIN, fault)
    assert results[OLD].state == "fout"
    assert series(results[OLD].edition, "series_id") == [("ander",)]
    edition = results[OLD].edition
    assert edition is not None
    assert observations(edition, "distinct edition") == [(edition.edition_id,)]
    assert scene.night(CHAIN, fault)[OLD].edition == edition, "cut once, not every night"
    assert scene.night(CHAIN)[OLD].state == "ververst", "a cut edition never passes for unchanged"


def test_a_table_that_is_no_longer_listed_goes_on_out_of_date(settled: Stage) -> None:
    """Tables are replaced by a new id in the middle of a year, and the registry learns of it later."""
    before = settled.night(CHAIN)
    (settled.archive / "odata" / CBS / YEAR).rename(settled.archive / "odata" / CBS / "weg")
    edit(settled.archive / "odata" / CBS / "weg", "catalog", {"Identifier": "weg"})
    result = settled.night(CHAIN)[YEAR]
    assert (result.state, result.edition) == ("fout", before[YEAR].edition)
    assert result.verouderd_sinds is not None
    assert "staat niet meer in de catalogus" in str(result.melding)


def test_a_lake_with_a_broken_pointer_is_a_result_and_no_crash(settled: Stage) -> None:
    """Somebody cleaned up by hand; the other tables and hosts still have their night."""
    (settled.lake / f"cbs_{NEW}" / "current").write_text("weg")
    results = settled.night(CHAIN)
    assert results[NEW].state == "fout"
    assert "wis" in str(results[NEW].melding)
    assert results[YEAR].state == "ongewijzigd"


def test_requests_to_one_service_stay_within_the_limit(scene: Stage) -> None:
    """Four tables of four pages each must not become sixteen requests at once."""
    ids = [f"8100{number}NED" for number in range(8)]
    for table_id in ids:
        write(scene, table_id)
    asked = registry([table(name) for name in ids], [item(name, f"reeks {name}") for name in ids])
    results = scene.night(asked, Fault("slow", bytes_per_second=30_000))
    assert {result.state for result in results.values()} == {"ververst"}
    moments = sorted((record.started, record.bytes / 30_000) for record in scene.log)
    busiest = max(sum(start <= at < start + length for start, length in moments) for at, _ in moments)
    assert busiest <= 4


def test_an_interrupted_night_stops_between_two_pages_and_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C that waits for four whole tables gets a second, harder one."""
    short_done, long_begun = threading.Event(), threading.Event()
    with stage(tmp_path, latency=0.05) as scene:
        write(scene, NEW)
        write_long(scene, 300_000)

        def interrupt(event: Progress) -> None:
            # The short table is done before the long one begins, and interrupts at its first page.
            moment = event.bron_id, event.stap
            if moment == (f"cbs_{YEAR}", "metadata"):
                assert short_done.wait(60)
            elif moment == (f"cbs_{YEAR}", "rijen") and event.gedaan:
                long_begun.set()
            elif moment == (f"cbs_{NEW}", "klaar"):
                short_done.set()
                assert long_begun.wait(60)
                raise KeyboardInterrupt

        asked = registry([table(NEW), table(YEAR)], [item(NEW), row(YEAR, "lang")])
        with pytest.raises(KeyboardInterrupt):
            replace(scene, watch=interrupt, settings=replace(scene.settings, parallel=1)).night(asked)
        pages = [record for record in scene.server.requests if record.path.endswith(f"{YEAR}/TypedDataSet")]
        assert 1 <= len(pages) < 30
        assert scene.leftovers() == []
        assert list_editions(scene.lake, f"cbs_{YEAR}") == []


def test_results_can_be_pinned(full: Stage, tmp_path: Path) -> None:
    """The end of a refresh is the beginning of a run of dbt."""
    results = full.night(CHAIN)
    pins = pin_editions(full.lake, TABLES, results.values(), tmp_path / "pins.json")
    content = json.loads(pins.path.read_text())
    for line in content["editions"]:
        assert (Path(content["lake"]) / line["path"] / "series.parquet").exists()
        assert (line["observation"], line["series"], line["state"]) == (True, True, "ververst")


# VmHWM belongs to the program itself; ru_maxrss survives exec and would report the test runner that forked it.
CHILD = """
import re, sys
from pathlib import Path
from sources.http import HttpSettings, Transport
from sources.refresh import refresh_odata_host
from sources.services import Services
from tests.sources.test_refresh import one_table
lake, address = Path(sys.argv[1]), sys.argv[2]
with Transport(HttpSettings(attempts=1)) as transport:
    for result in refresh_odata_host("opendata.cbs.nl", one_table(), Services.at(address, "x"), lake, transport):
        peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024
        print(result.state, result.rows, peak, flush=True)
"""


def one_table() -> Registry:
    """What the child processes below ask for."""
    return registry([table("80001NED")], [row("80001NED")])


def write_long(scene: Stage, rows: int) -> None:
    """Rows of as many numbered areas, all wanted, and one of a province, which is not."""
    query = f"""
        select i::integer as ID, if(i < {rows}, 'GM' || lpad(i::varchar, 8, '0'), 'PV20') as RegioS,
            '2024JJ00' as Perioden, i / 7 as Waarde_1
        from range({rows} + 1) as t(i)
    """
    dimensions = [regions("GM0001"), periods("2024JJ00")]
    stamp = f"2026-05-13 {rows}"
    write_table(scene.archive, "80001NED", dimensions, [Top("Waarde_1")], query, modified=stamp)


def start(scene: Stage) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(scene.lake), scene.server.base_url]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.long
def test_memory_does_not_grow_with_the_table(scene: Stage) -> None:
    """A table of 300,000 rows as Python objects takes over a gigabyte, four side by side the whole machine."""
    peaks = []
    for rows in (20_000, 300_000):
        write_long(scene, rows)
        output, errors = start(scene).communicate(timeout=120)
        assert output.split()[:2] == ["ververst", str(rows)], errors
        peaks.append(int(output.split()[2]))
    assert peaks[1] < 300
    assert peaks[1] - peaks[0] < 100


def test_a_kill_in_the_middle_leaves_the_lake_as_it_was(scene: Stage) -> None:
    """The machine is switched off at night; the next night starts from the last whole edition."""
    write_long(scene, 30_000)
    scene.night(one_table(), identity="x")
    before = current_edition(scene.lake, "cbs_80001NED")
    edit(scene.archive / "odata" / CBS / "80001NED", "catalog", {"Modified": "2026-06-01T02:00:00"})
    scene.server.set_faults([Fault("hang", path_contains="$skip=20000")])
    process = start(scene)
    home = scene.lake / "cbs_80001NED"
    limit = time.monotonic() + 30
    while not list(home.glob(".bezig-*/observation/*.parquet")) and time.monotonic() < limit:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert list(home.glob(".bezig-*"))
    assert current_edition(scene.lake, "cbs_80001NED") == before
    result = scene.night(one_table(), identity="x")["80001NED"]
    assert result.state == "ververst"
    assert scene.leftovers() == []
    assert len(list_editions(scene.lake, "cbs_80001NED")) == 2
