"""A whole table on disk: complete and as published, or not there at all; and the command that fetches it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sources.errors import (
    BusyError,
    ChangedMidwayError,
    ConnectionLostError,
    IncompleteError,
    SchemaError,
    ShortPageError,
    SourceError,
)
from sources.http import Transport
from sources.odata.__main__ import main
from sources.odata.client import Client
from sources.odata.whole_table import WholeTable, download_table
from sources.replay import Fault
from sources.services import Services
from tests.archives import CBS, Dim, Top, database, periods, regions, write_table
from tests.stage import Stage, stage, types

DIMENSIONS = [Dim("Soort", {"E35   ": "jeugd"}), regions("GM0001"), periods("2022JJ00")]
TOPICS = [
    Top("Aantal_1", "aantal", "Long"), Top("Aandeel_2"), Top("Prijs_3", "euro", "Float"), Top("Naam_4", "", "String")
]  # fmt: skip
ROWS = 25_000


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One server and one table of three pages for all tests."""
    with stage(tmp_path_factory.mktemp("theatre")) as made:
        write(made)
        yield made


@pytest.fixture
def scene(theatre: Stage) -> Stage:
    """The table without faults."""
    theatre.server.set_faults([])
    theatre.server.requests.clear()
    return theatre


def write(scene: Stage) -> None:
    query = f"""
        select i::integer as ID, 'E35   ' as Soort, 'GM0001' as RegioS, '2022JJ00' as Perioden, i::integer as Aantal_1,
            case when i = {ROWS - 1} then 0.5 end as Aandeel_2, 7888.2::float as Prijs_3, '  [naam] ' || i as Naam_4
        from range({ROWS}) as t(i)
    """
    write_table(scene.archive, "80001NED", DIMENSIONS, TOPICS, query)


def fetch(scene: Stage, target: Path, table_id: str = "80001NED", **more: Any) -> WholeTable:
    with Transport(scene.settings) as transport:
        return download_table(Client(CBS, Services.at(scene.server.base_url), transport), table_id, target, **more)


def rows(folder: Path, columns: str) -> list[tuple[Any, ...]]:
    with database().cursor() as cursor:
        return cursor.execute(f"select {columns} from read_parquet('{folder}/rijen/*.parquet')").fetchall()


def test_all_rows_and_columns_arrive_as_published(scene: Stage, tmp_path: Path) -> None:
    """An engineer decides on it which columns a KPI takes."""
    seen: list[tuple[int, int | None]] = []
    table = fetch(scene, tmp_path / "t", on_page=lambda done, total: seen.append((done, total)))
    assert (table.rows, table.columns, table.warnings) == (ROWS, 7, ())
    assert types(tmp_path / "t" / "rijen" / "part-00000.parquet") == {
        "ID": "BIGINT", "Soort": "VARCHAR", "RegioS": "VARCHAR", "Perioden": "VARCHAR", "Aantal_1": "BIGINT",
        "Aandeel_2": "DOUBLE", "Prijs_3": "DOUBLE", "Naam_4": "VARCHAR",
    }  # fmt: skip
    assert rows(table.folder, "count(*), count(distinct ID), sum(Aantal_1), max(Prijs_3), count(Aandeel_2)") == [
        (ROWS, ROWS, ROWS * (ROWS - 1) // 2, 7888.2, 1)
    ]
    assert rows(table.folder, "distinct Soort, Naam_4[:6]") == [("E35", "[naam]")]
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    about = json.loads((table.folder / "tabel.json").read_text(encoding="utf-8"))
    assert (about["rows"], about["modified"], about["topics"][0]["unit"]) == (ROWS, table.modified, "aantal")


def test_the_lists_of_the_dimensions_come_along(scene: Stage, tmp_path: Path) -> None:
    """A code without its title says nothing."""
    folder = fetch(scene, tmp_path / "t").folder
    assert sorted(path.name for path in folder.iterdir()) == [
        "Perioden.parquet", "RegioS.parquet", "Soort.parquet", "rijen", "tabel.json"
    ]  # fmt: skip
    with database().cursor() as cursor:
        found = cursor.execute(f"select Key, Title, Status from read_parquet('{folder}/Perioden.parquet')").fetchall()
    assert found == [("2022JJ00", "2022", "Definitief")]


def test_a_long_list_is_read_to_its_end(scene: Stage, tmp_path: Path) -> None:
    """Wijken and buurten are 17,000 and come in pages too."""
    areas = {f"GM{number:04d}": f"Gebied {number}" for number in range(10_500)}
    write_table(scene.archive, "80002NED", [Dim("Wijken", areas, "GeoDetail")], [Top("Waarde_1")], [["GM0001", 1.0]])
    fetch(scene, tmp_path / "t", "80002NED")
    with database().cursor() as cursor:
        found = cursor.execute(f"select count(distinct Key) from '{tmp_path}/t/Wijken.parquet'").fetchall()
    assert found == [(10_500,)]


def test_an_empty_table_has_its_columns(scene: Stage, tmp_path: Path) -> None:
    """What has no rows yet can be judged by its columns."""
    write_table(scene.archive, "80003NED", DIMENSIONS, TOPICS, [])
    folder = fetch(scene, tmp_path / "t", "80003NED").folder
    assert rows(folder, "count(*), count(Naam_4)") == [(0, 0)]


@pytest.mark.parametrize("kind", ["reset", "html200", "short", "badjson"])
def test_a_passing_fault_costs_one_page(scene: Stage, tmp_path: Path, kind: str) -> None:
    """A table of two hundred pages would never arrive if one lost page began it anew."""
    scene.server.set_faults([Fault(kind, path_contains="$skip=10000", count=1)])
    assert fetch(scene, tmp_path / "t").rows == ROWS
    assert len([one for one in scene.server.requests if one.path.endswith("/TypedDataSet")]) == 4


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("reset", path_contains="$skip=10000"), ConnectionLostError),
        (Fault("short", path_contains="$skip=10000"), ShortPageError),
        (Fault("500", path_contains="RegioS?"), SourceError),
        (Fault("silent-empty", path_contains="RegioS?"), SourceError),
        (Fault("503", path_contains="$skip=10000"), BusyError),
        (Fault("change-modified-midway"), ChangedMidwayError),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_what_is_not_complete_is_not_there(scene: Stage, tmp_path: Path, fault: Fault, error: type[Exception]) -> None:
    """A folder with two of three pages looks just like a table."""
    scene.server.set_faults([fault])
    with pytest.raises(error):
        fetch(scene, tmp_path / "t")
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_is_renewed_while_it_is_read_is_read_again(scene: Stage, tmp_path: Path) -> None:
    """Half of one release and half of the next is a table that never was."""
    scene.server.set_faults([Fault("change-modified-midway", count=1)])
    assert fetch(scene, tmp_path / "t").rows == ROWS


def test_the_stamp_is_asked_before_the_first_row_and_after_the_last(scene: Stage, tmp_path: Path) -> None:
    """Rows of before the first stamp, or after the last one, may be of another release and nobody would see it."""
    fetch(scene, tmp_path / "t")
    asked = [request.path for request in scene.server.requests]
    stamps = [place for place, path in enumerate(asked) if "TableInfos" in path]
    rows_asked = [place for place, path in enumerate(asked) if path.endswith("/TypedDataSet")]
    assert stamps[0] < min(rows_asked)
    assert stamps[-1] > max(rows_asked)


def test_rows_need_not_come_in_the_order_of_their_ids(scene: Stage, tmp_path: Path) -> None:
    """A complete page would be refused because the service turned it round."""
    query = f"from '{scene.archive}/odata/{CBS}/80001NED/TypedDataSet.parquet' where ID < 10 order by ID desc"
    write_table(scene.archive, "80006NED", DIMENSIONS, TOPICS, query)
    assert fetch(scene, tmp_path / "t", "80006NED").rows == 10


def test_gaps_in_the_rows_are_seen(scene: Stage, tmp_path: Path) -> None:
    """A page that repeats another has the right number of rows."""
    query = f"""
        select * replace (case when ID = 5 then 4 else ID end as ID)
        from '{scene.archive}/odata/{CBS}/80001NED/TypedDataSet.parquet'
    """
    write_table(scene.archive, "80004NED", DIMENSIONS, TOPICS, query)
    with pytest.raises(IncompleteError, match="verschillende ID's"):
        fetch(scene, tmp_path / "t", "80004NED")


def test_a_whole_number_with_a_fraction_is_not_rounded(scene: Stage, tmp_path: Path) -> None:
    """Rounded without a word, 0.5 becomes 0 or 1."""
    row = {"ID": 0, "RegioS": "GM0001", "Waarde_1": 0.5}
    write_table(scene.archive, "80005NED", DIMENSIONS[1:2], [Top("Waarde_1", "aantal", "Long")], [["GM0001", 1]])
    files = scene.archive / "files"
    files.mkdir()
    (files / "rows.json").write_text(json.dumps({"value": [row]}))
    asked = f"GET {CBS}/ODataFeed/odata/80005NED/TypedDataSet?$format=json"
    index = {asked: {"file": "rows.json", "content_type": "application/json"}}
    (files / "index.json").write_text(json.dumps(index))
    with pytest.raises(SchemaError, match="een Long met cijfers achter de komma"):
        fetch(scene, tmp_path / "t", "80005NED")


def test_the_command_says_what_it_fetched(scene: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The next thing one types is the query on it."""
    status = main(["80001NED", "--naar", str(tmp_path), "--bron", scene.server.base_url])
    out = capsys.readouterr()
    assert status == 0
    assert f"{ROWS} rijen, 7 kolommen" in out.out
    query = out.out.partition("/rijen: ")[2].strip()
    with database().cursor() as cursor:
        assert len(cursor.execute(query).fetchall()) == ROWS
    assert "pagina 3 van 3" in out.err


def test_the_command_takes_an_archive_folder(scene: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Offline, there is no server to name."""
    assert main(["80001NED", "--naar", str(tmp_path), "--bron", str(scene.archive)]) == 0
    assert f"{ROWS} rijen" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["80001NED"], 2, "Deze opdracht klopt niet"),
        (["80001NED", "--naar", "{tmp}", "--bron", "nergens"], 2, "geen archive.json"),
        (["80001NED", "--naar", "{tmp}", "--bron", "ftp://x"], 2, "geen adres"),
        (["archief", "--naar", "{tmp}", "--bron", "{base}"], 2, "bestaat al"),
        (["80001ned", "--naar", "{tmp}", "--bron", "{base}"], 1, "hoofdletters tellen"),
        (["--help"], 0, "gebruik:"),
    ],
)
def test_the_command_explains_what_is_wrong(
    scene: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, text: str
) -> None:
    """A traceback tells an engineer nothing that a sentence does not tell sooner."""
    (tmp_path / "archief").mkdir()
    given = [one.format(tmp=tmp_path, base=scene.server.base_url) for one in arguments]
    assert main(given) == status
    out = capsys.readouterr()
    assert text in out.out + out.err
    assert [path.name for path in tmp_path.iterdir()] == ["archief"]
