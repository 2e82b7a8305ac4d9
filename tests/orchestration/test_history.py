"""The run history: the same files as Dagster's own store, with connections that stay open."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg
import pytest
import yaml

from orchestration.history import _KEPT_OPEN, KeptOpenEventLog

PLAIN = {"sqlite": {"base_dir": "HERE"}}
KEPT = {"custom": {"module": "orchestration.history", "class": "KeptOpenStorage", "config": {"base_dir": "HERE"}}}
KEY = dg.AssetKey(["lake", "cbs"])
ROUNDS = 20


@contextmanager
def opened(folder: Path, storage: dict[str, object]) -> Iterator[dg.DagsterInstance]:
    """The history in `folder`, opened as a dagster.yaml with this storage would."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump({"storage": storage, "telemetry": {"enabled": False}})
    (home / "dagster.yaml").write_text(text.replace("HERE", str(folder / "history")), encoding="utf-8")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance


@dg.asset(key=KEY)
def table() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"rijen": 342}, data_version=dg.DataVersion("v1"))


def _rows(instance: dg.DagsterInstance) -> object:
    event = instance.get_latest_materialization_event(KEY)
    assert event is not None
    assert event.asset_materialization is not None
    return event.asset_materialization.metadata["rijen"].value


def test_dagster_itself_reads_what_was_kept(tmp_path: Path) -> None:
    """A history that only this project can read would be lost with the next version of Dagster."""
    with opened(tmp_path, KEPT) as instance:
        assert isinstance(instance.event_log_storage, KeptOpenEventLog)
        run = dg.materialize([table], instance=instance).run_id
    with opened(tmp_path, PLAIN) as instance:
        assert _rows(instance) == 342
        record = instance.get_run_by_id(run)
        assert record is not None
        assert record.is_success
        assert len(instance.all_logs(run)) > 5


def test_a_history_of_before_goes_on(tmp_path: Path) -> None:
    """An upgrade would begin with an empty history."""
    with opened(tmp_path, PLAIN) as instance:
        before = dg.materialize([table], instance=instance).run_id
    with opened(tmp_path, KEPT) as instance:
        assert _rows(instance) == 342
        dg.materialize([table], instance=instance)
        assert {run.run_id for run in instance.get_runs()} > {before}


def test_open_files_stay_few_however_many_runs_are_looked_at(tmp_path: Path) -> None:
    """A server that runs for months would run out of file descriptors."""
    with opened(tmp_path, KEPT) as instance:
        runs = [dg.materialize([table], instance=instance).run_id for _ in range(_KEPT_OPEN + 3)]
        for run in runs:
            assert instance.all_logs(run)
        databases = {file for file in _open_files() if file.startswith(str(tmp_path)) and file.endswith(".db")}
    assert 0 < len(databases) <= _KEPT_OPEN


def _open_files() -> Iterator[str]:
    for descriptor in Path("/proc/self/fd").iterdir():
        # The listing itself is a descriptor that is gone by now.
        with suppress(OSError):
            yield str(descriptor.readlink())


def _write(folder: Path, rounds: int) -> None:
    with opened(folder, KEPT) as instance:
        for _ in range(rounds):
            instance.report_runless_asset_event(dg.AssetMaterialization(KEY, metadata={"rijen": 342}))


@pytest.mark.long
def test_two_processes_write_side_by_side(tmp_path: Path) -> None:
    """The UI looks while the night writes: neither may fail because the other holds the file."""
    with opened(tmp_path, KEPT) as instance:
        dg.materialize([table], instance=instance)
        context = multiprocessing.get_context("spawn")
        writers = [context.Process(target=_write, args=(tmp_path, ROUNDS)) for _ in range(2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(timeout=120)
        assert [writer.exitcode for writer in writers] == [0, 0]
        seen = instance.fetch_materializations(KEY, limit=3 * ROUNDS).records
    assert len(seen) == 2 * ROUNDS + 1


def test_a_kill_leaves_a_history_that_can_be_read(tmp_path: Path) -> None:
    """The open connections of a killed night would leave the files locked or damaged."""
    with opened(tmp_path, KEPT) as instance:
        dg.materialize([table], instance=instance)
    writer = multiprocessing.get_context("spawn").Process(target=_write, args=(tmp_path, 100_000))
    writer.start()
    with opened(tmp_path, KEPT) as instance:
        while len(instance.fetch_materializations(KEY, limit=10).records) < 5:
            assert writer.is_alive(), f"the writer ended by itself, with {writer.exitcode}"
            writer.join(timeout=0.05)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        assert _rows(instance) == 342
        dg.materialize([table], instance=instance)
