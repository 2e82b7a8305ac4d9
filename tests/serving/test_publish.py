"""Publishing as a whole: what is handed out, when nothing is, and what a failure leaves."""

import hashlib
import json
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from serving.errors import BusyError, PublicationError
from serving.publish import published_tables
from serving.shelf import hold
from tests.serving.conftest import NOW, Mini

REPOSITORY = Path(__file__).parents[2]


def test_a_publication_holds_every_table_of_the_exposure_in_both_forms(published: Mini) -> None:
    """A table that is only in the DuckDB file, or only in Parquet, sends two advisors home with different figures."""
    result = published.current()

    assert result.state == "gepubliceerd"
    assert published.link.resolve() == result.folder
    names = {*result.row_counts, "publicatie"}
    assert {path.stem for path in (result.folder / "parquet").iterdir()} == names
    assert {name for (name,) in published.read("select table_name from duckdb_tables()")} == names
    for name in names:
        parquet = f"'{result.folder}/parquet/{name}.parquet'"
        for left, right in ((name, parquet), (parquet, name)):
            assert published.read(f"select count(*) from (from {left} except all from {right})") == [(0,)]


def test_a_published_figure_is_the_figure_of_the_warehouse(published: Mini) -> None:
    """The known figure of Breda must arrive unrounded, with its null neighbour still null."""
    assert published.read(
        "select gemeente_code, waarde from kpi_waarde "
        "where kpi_id = 'I 3.3.2' and uitsplitsing = '18+' order by gemeente_code"
    ) == [("GM0518", None), ("GM0758", 13.1), ("NL", 13.6)]


def test_rows_lie_in_the_order_of_the_key(published: Mini) -> None:
    """Unordered Parquet compresses badly and differs from night to night for the same content."""
    found = published.read(f"select gemeente_code from '{published.link}/parquet/gemeente.parquet'")
    assert found == sorted(found)


def test_every_table_and_column_carries_its_description(published: Mini) -> None:
    """`create table as` drops comments (D15); an advisor would meet bare column names."""
    comments = published.read("select table_name, column_name, comment from duckdb_columns() where not internal")
    assert all(comment for _, _, comment in comments)
    assert ("kpi", "naam", "Kolom naam van kpi (proef).") in comments
    assert published.read("select comment from duckdb_tables() where table_name = 'bron'") == [
        ("Eén rij per bron (proef, 'met aanhaling').",)
    ]


def test_the_table_publicatie_says_what_this_is(published: Mini) -> None:
    """Demo figures without the word demo beside them end up in a council paper."""
    result = published.current()
    rows = published.read(
        "select publicatie_id, published_at, soort, software_versie, run_id, rijen::json->>'kpi', melding "
        "from publicatie"
    )
    ((publicatie_id, published_at, soort, version, run_id, kpis, notice),) = rows
    assert (publicatie_id, published_at) == (result.publicatie_id, datetime(2026, 11, 21, 3, 30))  # noqa: DTZ001
    assert (soort, version, run_id, kpis) == ("demo", "0.1.0", "run-1", "7")
    assert "verzonnen" in notice
    assert result.publicatie_id.startswith("2026-11-21T033000-")


def test_a_parquet_file_on_its_own_says_what_it_is(published: Mini) -> None:
    """Somebody mails kpi_waarde.parquet around: which publication, and is it demo?"""
    rows = published.read(f"select key, value from parquet_kv_metadata('{published.link}/parquet/kpi_waarde.parquet')")
    metadata = {bytes(key).decode(): bytes(value).decode() for key, value in rows}
    assert metadata["publicatie_id"] == published.current().publicatie_id
    assert metadata["soort"] == "demo"
    assert metadata["tabel"] == "kpi_waarde"


@pytest.mark.parametrize(("soort", "words"), [("demo", "verzonnen"), ("recorded", "bewaarde"), ("live", None)])
def test_the_notice_follows_the_kind_of_data(mini: Mini, soort: str, words: str | None) -> None:
    """A demo warning on live figures is as harmful as none on demo figures."""
    folder = mini.publish(soort=soort).folder
    texts = (folder / "LEESMIJ.txt").read_text("utf-8") + (folder / "LICENTIES.md").read_text("utf-8")
    assert ("verzonnen" in texts) == (soort == "demo")
    ((notice,),) = mini.read("select melding from publicatie")
    assert (notice is None) if words is None else (words in notice and notice in texts)


def test_the_manifest_lets_a_stranger_check_every_file(published: Mini) -> None:
    """Provenance that cannot be recomputed proves nothing."""
    result = published.current()
    manifest = json.loads((result.folder / "manifest.json").read_text("utf-8"))
    files = {path.relative_to(result.folder).as_posix() for path in result.folder.rglob("*") if path.is_file()}
    assert files == {*manifest["bestanden"], "manifest.json"}
    for name, expected in manifest["bestanden"].items():
        assert hashlib.sha256((result.folder / name).read_bytes()).hexdigest() == expected["sha256"]
    assert manifest["rijen"]["gemeente"] == published.read("select count(*) from gemeente")[0][0]
    assert manifest["edities"] == [{"bron_id": "cbs_1", "edition_id": "20261120T010000Z-aa"}]
    assert manifest["contract_versie"] == 3


def test_licences_name_every_source_in_use_and_no_other(mini: Mini) -> None:
    """Handing on CC BY figures without attribution breaks the licence; naming an absent source misleads."""
    text = (mini.publish(soort="live").folder / "LICENTIES.md").read_text("utf-8")
    assert "| rivm_1 | Gezondheid / per regio | 20261120T010000Z-aa | Bron: RIVM, tabel 1 |" in text
    assert text.index("## CC BY 4.0") < text.index("## CC0") < text.index("Bron: Leefbaarometer")
    assert "politie_9" not in text


def test_a_source_without_a_licence_is_not_published(mini: Mini) -> None:
    """A new source whose licence was forgotten must be seen by the engineer, not by a lawyer."""
    mini.sql("update marts.bron set licentie = '' where bron_id = 'lbm'")
    with pytest.raises(PublicationError, match=r"lbm.*source_table\.csv"):
        mini.publish()
    assert list(mini.publications.iterdir()) == []


def test_files_can_only_be_read(published: Mini) -> None:
    """A desktop tool that opens for writing would lock out all other readers (D6)."""
    folder = published.current().folder
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert set(modes.values()) == {0o444}


def test_the_same_content_is_not_published_again(standing: Mini) -> None:
    """A new publication every night buries the night on which something did change."""
    first = standing.current()
    standing.sql("create or replace table marts.gemeente as from marts.gemeente order by inwoners desc")
    again = standing.publish(now=NOW + timedelta(days=1), run_id="run-2", software_version="0.2.0")

    assert again.state == "ongewijzigd"
    assert (again.publicatie_id, again.folder, again.content_hash) == (
        first.publicatie_id,
        first.folder,
        first.content_hash,
    )
    assert again.row_counts == first.row_counts
    assert sorted(path.name for path in standing.publications.iterdir()) == [first.publicatie_id, "actueel"]


@pytest.mark.parametrize(
    "change",
    [
        "update marts.kpi_waarde set waarde = waarde * (1 + 1e-15) where gemeente_code = 'GM0758'",
        "update marts.kpi_waarde set waarde = 0 where waarde is null",
        "update marts.kpi_waarde set ontbreekt_reden = 'null' where ontbreekt_reden is null and gemeente_code = 'NL'",
        "update marts.gemeente set provincie = '' where gemeente_code = 'NL'",
        "delete from marts.kpi_dekking where kpi_id = 'A 1'",
        "update marts.bron set loaded_at = loaded_at + interval 1 day where bron_id = 'lbm'",
    ],
    ids=["last bit", "zero for missing", "word null", "empty for missing", "row gone", "new download"],
)
def test_any_other_content_is_published(standing: Mini, change: str) -> None:
    """A comparison that cannot tell these apart keeps yesterday's figures standing."""
    first = standing.current()
    standing.sql(change)
    second = standing.publish(now=NOW + timedelta(days=1))
    assert second.state == "gepubliceerd"
    assert second.content_hash != first.content_hash
    assert standing.link.resolve() == second.folder


def test_a_corrected_description_is_published(standing: Mini) -> None:
    """Figures equal, definition repaired: the repair must reach the advisor."""
    standing.write_manifest(lambda content: _column(content, "kpi", "naam").update(description="Betere omschrijving."))
    assert standing.publish().state == "gepubliceerd"
    assert ("Betere omschrijving.",) in standing.read("select comment from duckdb_columns() where column_name = 'naam'")


def test_a_column_that_only_says_when_starts_no_publication(mini: Mini) -> None:
    """`bron.staat` flips between ververst and ongewijzigd every night while no figure changes."""
    mini.write_manifest(
        lambda content: _column(content, "bron", "staat").update(config={"meta": {"zegt_alleen_wanneer": True}})
    )
    mini.publish()
    mini.sql("update marts.bron set staat = 'ongewijzigd' where bron_id = 'rivm_1'")
    assert mini.publish().state == "ongewijzigd"
    mini.sql("update marts.bron set titel = 'Anders' where bron_id = 'rivm_1'")
    assert mini.publish().state == "gepubliceerd"
    assert ("ongewijzigd",) in mini.read("select staat from bron")


def test_a_damaged_publication_is_replaced_although_the_content_is_equal(standing: Mini) -> None:
    """'Nothing changed' on top of a file that no longer opens would last for ever."""
    first = standing.current()
    database = first.folder / "impact_kpi.duckdb"
    database.chmod(0o644)
    database.write_bytes(database.read_bytes()[:1000])
    second = standing.publish()
    assert second.state == "gepubliceerd"
    assert second.folder != first.folder
    assert standing.read("select count(*) from kpi") == [(7,)]


def _column(content: dict[str, Any], table: str, column: str) -> dict[str, Any]:
    found: dict[str, Any] = content["nodes"][f"model.impact_kpi.{table}"]["columns"][column]
    return found


def _set_type(content: dict[str, Any]) -> None:
    _column(content, "kpi_waarde", "waarde")["data_type"] = "decimal(9, 2)"


def _drop_column(content: dict[str, Any]) -> None:
    del content["nodes"]["model.impact_kpi.kpi"]["columns"]["naam"]


def _keep(content: dict[str, Any]) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "edit", "says"),
    [
        ("drop table marts.kpi_dekking", _keep, r"marts\.kpi_dekking.*dbt build"),
        (
            "alter table marts.kpi add column extra int",
            _drop_column,
            r"kpi: .*not documented: \['extra', 'naam'\]",
        ),
        ("alter table marts.kpi drop vet", _keep, r"kpi: .*documented but not there: \['vet'\]"),
        ("select 1", _set_type, r"kpi_waarde\.waarde is DOUBLE, its contract says decimal"),
        ("alter table marts.bron alter loaded_at type timestamptz", _keep, r"bron\.loaded_at .*UTC"),
        (
            "insert into marts.gemeente from marts.gemeente limit 1",
            _keep,
            r"gemeente has more than one row for a key",
        ),
    ],
    ids=["table gone", "column extra", "column gone", "type", "time zone", "key doubled"],
)
def test_a_table_that_breaks_its_contract_stops_the_publication(
    standing: Mini, change: str, edit: Callable[[dict[str, Any]], None], says: str
) -> None:
    """What a reader relies on must not slip away silently; the publication before stays, nothing is left behind."""
    before = standing.current()
    standing.write_manifest(edit)
    standing.sql(change)
    with pytest.raises(PublicationError, match=says):
        standing.publish(now=NOW + timedelta(days=1))
    assert standing.link.resolve() == before.folder
    assert standing.hidden() == []
    assert standing.read("select count(*) from kpi") == [(7,)]


def test_without_a_warehouse_the_error_says_which_file(tmp_path: Path, mini: Mini) -> None:
    """'IO Error' alone sends an engineer to the wrong folder."""
    mini.warehouse.unlink()
    with pytest.raises(PublicationError, match=str(mini.warehouse)):
        mini.publish()


def test_only_the_last_publications_are_kept_and_never_less_than_the_current(mini: Mini) -> None:
    """Without retention the disk fills; with a careless one the file under the link disappears."""
    folders = []
    for day in range(4):
        mini.sql(f"update marts.gemeente set inwoners = {1000 + day} where gemeente_code = 'GM0758'")
        folders.append(mini.publish(now=NOW + timedelta(days=day), keep=2).folder)
    assert [folder.exists() for folder in folders] == [False, False, True, True]

    # The clock went back: the newest publication has the oldest name and must stay all the same.
    mini.sql("update marts.gemeente set inwoners = 1 where gemeente_code = 'GM0758'")
    late = mini.publish(now=NOW - timedelta(days=9), keep=2)
    assert mini.link.resolve() == late.folder
    assert late.folder.exists()
    assert mini.hidden() == []


def test_a_reader_keeps_its_publication_while_a_new_one_is_made(standing: Mini) -> None:
    """An advisor's open session must not see half of yesterday and half of today."""
    with duckdb.connect(str(standing.link.resolve() / "impact_kpi.duckdb"), read_only=True) as reader:
        standing.sql("update marts.kpi_waarde set waarde = 99 where gemeente_code = 'GM0758'")
        standing.publish(now=NOW + timedelta(days=1), keep=1)
        assert (13.1,) in reader.execute("select waarde from kpi_waarde").fetchall()
    assert (99.0,) in standing.read("select waarde from kpi_waarde")


def test_two_publishers_do_not_meet(mini: Mini) -> None:
    """The second one would clear the build folder of the first."""
    with hold(mini.publications), pytest.raises(BusyError, match="wait"):
        mini.publish()
    assert mini.publish().state == "gepubliceerd"


def test_a_copy_in_place_of_the_link_is_refused(mini: Mini) -> None:
    """A folder copied from a USB stick over `actueel` must not be destroyed, nor the build lost silently."""
    mini.link.mkdir(parents=True)
    with pytest.raises(PublicationError, match="not a link"):
        mini.publish()
    assert [path.name for path in mini.publications.iterdir()] == ["actueel"]


def test_a_data_folder_with_odd_characters_works(tmp_path: Path, template: Mini) -> None:
    """A folder like "Cijfers [2026] 'definitief'" is a file pattern and a quote to DuckDB."""
    odd = template.copy(tmp_path / "Cijfers [2026] 'definitief' *")
    odd.publish()
    assert odd.read("select count(*) from gemeente") == [(7,)]


_CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, {repository!r})
from datetime import UTC, datetime
from serving import assemble
from serving.publish import publish, published_tables
{before}
publish(Path(sys.argv[1]), published_tables(Path(sys.argv[2])), Path(sys.argv[3]), soort="demo",
        software_version="0.1.0", editions=[], run_id="child", now=datetime(2026, 11, 22, tzinfo=UTC))
"""

_STOP_BEFORE = """
import time
real = assemble.{step}
def stop(*arguments, **named):
    print("here", flush=True)
    # Short sleeps: a signal just before a sleep begins is heard only when that sleep is over.
    for _ in range(600):
        time.sleep(0.1)
    return real(*arguments, **named)
assemble.{step} = stop
"""


def _child(mini: Mini, before: str, **options: Any) -> subprocess.Popen[str]:
    script = _CHILD.format(repository=str(REPOSITORY), before=before)
    arguments = [
        sys.executable,
        "-c",
        script,
        str(mini.warehouse),
        str(mini.manifest),
        str(mini.publications),
    ]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


@pytest.mark.parametrize(
    ("step", "kill"),
    [
        ("measure", signal.SIGKILL),
        ("write_database", signal.SIGKILL),
        ("check_handout", signal.SIGKILL),
        ("check_handout", signal.SIGINT),
    ],
)
def test_an_interrupted_publication_leaves_the_old_one(standing: Mini, step: str, kill: signal.Signals) -> None:
    """A power cut in the middle must cost the new publication, never the one people are reading."""
    before = standing.current()
    standing.sql("update marts.kpi_waarde set waarde = 99 where gemeente_code = 'GM0758'")
    with _child(standing, _STOP_BEFORE.format(step=step)) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        child.send_signal(kill)
        # Read to the end: what a child can't get rid of on its way out holds it up.
        _, errors = child.communicate(timeout=50)
    assert child.returncode == -kill, errors
    assert standing.link.resolve() == before.folder
    assert (13.1,) in standing.read("select waarde from kpi_waarde")
    assert all(name.startswith(".bouw-") for name in standing.hidden())
    assert bool(standing.hidden()) == (kill is signal.SIGKILL)

    after = standing.publish(now=NOW + timedelta(days=2))
    assert after.state == "gepubliceerd"
    assert standing.hidden() == []
    assert (99.0,) in standing.read("select waarde from kpi_waarde")


def test_a_full_disk_costs_the_new_publication_only(standing: Mini) -> None:
    """Out of space half-way must not leave a truncated file under the link."""
    before = standing.current()
    standing.sql("update marts.kpi_waarde set waarde = 99 where gemeente_code = 'GM0758'")

    def no_file_over_100_kb() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    with _child(standing, "", preexec_fn=no_file_over_100_kb) as child:
        _, errors = child.communicate(timeout=30)
    assert child.returncode == 1
    assert "the publication before it still stands" in errors
    assert standing.link.resolve() == before.folder
    assert standing.hidden() == []
    assert (13.1,) in standing.read("select waarde from kpi_waarde")


def test_a_moment_without_a_time_zone_is_refused(mini: Mini) -> None:
    """Two hours of difference in a name that sorts by time."""
    with pytest.raises(ValueError, match="time zone"):
        mini.publish(now=datetime(2026, 11, 21, 3, 30))  # noqa: DTZ001


def test_a_local_moment_is_stored_in_utc(mini: Mini) -> None:
    """Summer time would put two publications under one name once a year."""
    local = datetime.fromisoformat("2026-07-01T01:30:00+02:00")
    assert mini.publish(now=local).publicatie_id.startswith("2026-06-30T233000-")
    assert local.astimezone(UTC).hour == 23


def test_published_tables_come_in_order_of_name(mini: Mini) -> None:
    """A stable order keeps manifests comparable by eye."""
    names = [table.name for table in published_tables(mini.manifest)]
    assert names == sorted(names)
