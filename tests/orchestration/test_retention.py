"""What stays and what goes at the end of a night: history, databases, and the editions that publications name."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.lock import refresh_lock
from orchestration.retention import needed_editions, prune, prune_runs, shrink
from orchestration.settings import Settings, load_settings
from tests.sources.test_lake_retention import edition

NOW = datetime.now(UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings({"IMPACT_KPI_DATA": str(tmp_path / "data"), "IMPACT_KPI_BEWAAR_DAGEN": "30"})
    made.locations.dagster.mkdir(parents=True)
    made.locations.publications.mkdir(parents=True)
    return made


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(settings.locations.dagster)) as instance:
        yield instance


def job() -> dg.JobDefinition:
    @dg.asset(check_specs=[dg.AssetCheckSpec("toets", asset="cijfers")])
    def cijfers() -> dg.MaterializeResult:
        return dg.MaterializeResult(check_results=[dg.AssetCheckResult(check_name="toets", passed=True)])

    defs = dg.Definitions(assets=[cijfers], jobs=[dg.define_asset_job("nightly", executor_def=dg.in_process_executor)])
    return defs.resolve_job_def("nightly")


def run(instance: dg.DagsterInstance, made: dg.JobDefinition, days_ago: int) -> str:
    """A run of so many days ago."""
    run_id = made.execute_in_process(instance=instance).run_id
    (runs,) = Path(instance.root_directory).rglob("runs.db")
    then = f"{NOW - timedelta(days=days_ago):%Y-%m-%d %H:%M:%S}"
    with closing(sqlite3.connect(runs)) as database, database:
        database.execute("update runs set create_timestamp = ? where run_id = ?", (then, run_id))
    return run_id


def test_old_runs_go_with_everything_they_left_and_the_newest_stay(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    """The history would grow by a few megabytes a night for years; or a long stop would leave none at all."""
    made = job()
    old = [run(instance, made, days) for days in (400, 300, 200)]
    kept = [run(instance, made, days) for days in (90, 80, 70, 10, 0)]
    assert sorted(prune_runs(settings, instance, NOW)) == sorted(old)
    assert {one.run_id for one in instance.get_runs()} == set(kept)
    left = [path for path in settings.locations.dagster.rglob("*") if any(run_id in str(path) for run_id in old)]
    assert left == []
    (index,) = settings.locations.dagster.rglob("index.db")
    with closing(sqlite3.connect(index)) as database:
        for table in ("event_logs", "asset_check_executions"):
            found = {row[0] for row in database.execute(f"select run_id from {table}")}
            assert found == set(kept), table
    # The history is still one that Dagster reads and writes.
    assert instance.get_latest_materialization_event(dg.AssetKey("cijfers")) is not None
    assert prune_runs(settings, instance, NOW) == []
    assert made.execute_in_process(instance=instance).success


def test_a_run_that_is_busy_is_not_deleted_however_old(settings: Settings, instance: dg.DagsterInstance) -> None:
    """A run that somebody left waiting would vanish from under the daemon."""
    made = job()
    busy = instance.create_run_for_job(made, status=dg.DagsterRunStatus.STARTED)
    for _ in range(5):
        run(instance, made, 0)
    (runs,) = settings.locations.dagster.rglob("runs.db")
    with closing(sqlite3.connect(runs)) as database, database:
        database.execute("update runs set create_timestamp = '2020-01-01' where run_id = ?", (busy.run_id,))
    assert prune_runs(settings, instance, NOW) == []
    assert instance.get_run_by_id(busy.run_id) is not None


def filled(path: Path, rows: int) -> Path:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("pragma journal_mode = wal")
        database.execute("create table log (line text)")
        database.executemany("insert into log values (?)", (("x" * 4000,) for _ in range(rows)))
    return path


def test_a_database_that_is_mostly_empty_gives_its_space_back(tmp_path: Path) -> None:
    """SQLite keeps what was deleted: the file would never become smaller."""
    path = filled(tmp_path / "index.db", 10_000)
    before = path.stat().st_size
    assert not shrink(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("delete from log where rowid % 10 > 0")
    assert shrink(path)
    assert path.stat().st_size < before / 5
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("select count(*) from log").fetchone() == (1000,)
    assert not shrink(path)


def test_a_database_that_somebody_writes_is_left_for_another_night(tmp_path: Path) -> None:
    """The night would wait for a person who has the UI open."""
    path = filled(tmp_path / "index.db", 10_000)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("delete from log")
    with closing(sqlite3.connect(path, isolation_level=None)) as somebody:
        somebody.execute("begin immediate")
        somebody.execute("insert into log values ('busy')")
        assert not shrink(path)
        somebody.execute("rollback")
    assert shrink(path)


def publication(settings: Settings, publicatie_id: str, editions: dict[str, str]) -> Path:
    """A publication as far as retention reads it."""
    folder = settings.locations.publications / publicatie_id
    folder.mkdir()
    lines = [{"bron_id": bron_id, "edition_id": one} for bron_id, one in editions.items()]
    (folder / "manifest.json").write_text(json.dumps({"edities": lines[:1]}))
    (folder / "bouw.json").write_text(json.dumps({"pins": {"editions": lines}}))
    return folder


def test_a_night_leaves_what_publications_and_the_build_name(settings: Settings, instance: dg.DagsterInstance) -> None:
    """A kept publication could not be built again, or the lake would keep every edition there ever was."""
    lake = settings.locations.lake
    made = {bron_id: [edition(lake, bron_id, number) for number in range(5)] for bron_id in ("cbs_1", "rivm_2")}
    named = publication(settings, "2026-11-20T033000-aaaaaa", {"cbs_1": made["cbs_1"][1], "rivm_2": made["rivm_2"][2]})
    settings.pins.parent.mkdir(parents=True)
    settings.pins.write_text(json.dumps({"editions": [{"bron_id": "cbs_1", "edition_id": made["cbs_1"][3]}]}))
    prune(settings, instance, NOW)

    def left(bron_id: str) -> list[int]:
        return [number for number, one in enumerate(made[bron_id]) if (lake / bron_id / one).exists()]

    assert (left("cbs_1"), left("rivm_2")) == ([1, 3, 4], [2, 4])
    (named / "bouw.json").unlink()
    (named / "manifest.json").unlink()
    named.rmdir()
    prune(settings, instance, NOW)
    assert (left("cbs_1"), left("rivm_2")) == ([3, 4], [4])


@pytest.mark.parametrize("content", ["", "{", "\x00"])
def test_a_publication_that_cannot_be_read_keeps_the_whole_lake(
    settings: Settings, instance: dg.DagsterInstance, content: str
) -> None:
    """A damaged file would cost the editions it named."""
    for number in range(3):
        edition(settings.locations.lake, "cbs_1", number)
    folder = publication(settings, "2026-11-20T033000-aaaaaa", {})
    (folder / "bouw.json").write_text(content)
    assert needed_editions(settings) is None
    prune(settings, instance, NOW)
    assert len(list((settings.locations.lake / "cbs_1").glob("2026*"))) == 3


def test_nothing_is_removed_while_somebody_else_refreshes(
    settings: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """The sensor of the daemon would clear the lake from under the command."""
    for number in range(3):
        edition(settings.locations.lake, "cbs_1", number)
    holder = (
        "import sys; from pathlib import Path; from orchestration.lock import refresh_lock\n"
        "with refresh_lock(Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.readline()"
    )
    command = [sys.executable, "-c", holder, str(settings.lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        prune(settings, instance, NOW)
        assert len(list((settings.locations.lake / "cbs_1").glob("2026*"))) == 3
        other.communicate("klaar\n")
    with refresh_lock(settings.lock):
        prune(settings, instance, NOW)
    assert len(list((settings.locations.lake / "cbs_1").glob("2026*"))) == 1


def test_the_names_of_editions_are_found_where_publications_really_keep_them(settings: Settings) -> None:
    """A change of form would make every edition look unneeded."""
    real: list[Any] = [
        {"edities": [{"bron_id": "a", "edition_id": "1"}]},
        {"bouw_versie": 1, "pins": {"editions": [{"bron_id": "b", "edition_id": "2", "path": None}]}},
    ]
    for number, content in enumerate(real):
        folder = settings.locations.publications / f"2026-11-2{number}T033000-aaaaaa"
        folder.mkdir()
        (folder / ("bouw.json" if number else "manifest.json")).write_text(json.dumps(content))
    assert needed_editions(settings) == {("a", "1"), ("b", "2")}
