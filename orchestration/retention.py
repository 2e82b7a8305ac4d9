"""What stays and what goes at the end of a night: editions, run history, what dbt left.

Publications are kept by whoever makes them; this removes only what no kept publication needs. What cannot be removed is
logged and never changes how a night ended.
"""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.lock import RefreshBusyError, holds_refresh, refresh_lock
from orchestration.settings import Settings
from serving.shelf import kept
from sources.lake_retention import Pruned, prune_lake

# Runs that stay whatever their age: the newest ones, for whoever looks after a long stop.
_NEWEST = 5
_OVER = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_BATCH = 100
# A run id is a UUID; the database of a run has it before its extension.
_ID_LENGTH = 36
# A database is rewritten when this much of it is empty: rewriting copies the whole file.
_EMPTY_BYTES = 16_000_000
_EMPTY_SHARE = 0.25
_log = logging.getLogger(__name__)


def prune(settings: Settings, instance: dg.DagsterInstance, now: datetime | None = None) -> None:
    """Remove what nobody needs any more; leaves it for the next night when somebody else is busy."""
    moment = now or datetime.now(UTC)
    try:
        with _alone(settings):
            prune_dbt_runs(settings)
            keep = needed_editions(settings)
            pruned = prune_lake(settings.locations.lake, keep, moment) if keep is not None else Pruned()
            runs = prune_runs(settings, instance, moment)
    except RefreshBusyError:
        return
    except Exception:
        # Whatever it is, of Dagster's database too: the night has its outcome, and cleaning waits for the next one.
        logging.getLogger(__name__).exception("cleaning up stopped")
        return
    if pruned.editions or runs:
        _log.info("removed %d editions (%d bytes) and %d runs", len(pruned.editions), pruned.bytes, len(runs))


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    if holds_refresh(settings):
        yield
    else:
        with refresh_lock(settings.lock):
            yield


def prune_dbt_runs(settings: Settings) -> None:
    """Remove the folder that each Dagster run leaves in dbt's target folder."""
    for folder in settings.target.glob("kpi_mart-*"):
        shutil.rmtree(folder, ignore_errors=True)


def needed_editions(settings: Settings) -> set[tuple[str, str]] | None:
    """What the kept publications and the build that stands name; None when one of them cannot be read."""
    publications = settings.locations.publications
    named: set[tuple[str, str]] = set()
    files = [settings.pins, settings.locations.dbt / "gebouwd.json"]
    if publications.is_dir():
        files += [folder / name for folder in kept(publications) for name in ("manifest.json", "bouw.json")]
    for path in files:
        try:
            named |= set(_named(json.loads(path.read_text(encoding="utf-8"))))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            _log.warning("no edition is removed, because %s cannot be read: %s", path, error)
            return None
    return named


def _named(content: Any) -> Iterator[tuple[str, str]]:
    """Every pair of bron_id and edition id, wherever it stands in a file of ours."""
    if isinstance(content, dict):
        bron_id = content.get("bron_id")
        for name in ("edition_id", "editie"):
            if isinstance(bron_id, str) and isinstance(content.get(name), str):
                yield bron_id, content[name]
        content = list(content.values())
    if isinstance(content, list):
        for value in content:
            yield from _named(value)


def prune_runs(settings: Settings, instance: dg.DagsterInstance, now: datetime) -> list[str]:
    """Delete the runs that ended longer ago than `keep_days`, with their logs; gives their ids."""
    newest = {record.dagster_run.run_id for record in instance.get_run_records(limit=_NEWEST)}
    before = now - timedelta(days=settings.keep_days)
    gone: list[str] = []
    while True:
        old = [
            record.dagster_run.run_id
            for record in instance.get_run_records(
                dg.RunsFilter(statuses=_OVER, created_before=before), limit=_BATCH, ascending=True
            )
            if record.dagster_run.run_id not in newest
        ]
        if not old:
            break
        for run_id in old:
            instance.delete_run(run_id)
        gone += old
    if gone:
        _remove_traces(settings.locations.dagster, gone)
        for database in settings.locations.dagster.rglob("*.db"):
            shrink(database)
    return gone


def _remove_traces(folder: Path, run_ids: list[str]) -> None:
    """What Dagster leaves of a deleted run: its event database, what it printed, and the rows of its checks."""
    gone = set(run_ids)
    for path in [path for path in folder.rglob("*") if path.name[:_ID_LENGTH] in gone]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    for index in folder.rglob("index.db"):
        with closing(sqlite3.connect(index, timeout=10)) as database, database:
            if database.execute("select 1 from sqlite_master where name = 'asset_check_executions'").fetchone():
                database.executemany(
                    "delete from asset_check_executions where run_id = ?", [(run_id,) for run_id in run_ids]
                )


def shrink(path: Path) -> bool:
    """Give the empty part of a database back to the disk when it is large; whether that was done.

    Someone who reads it at this moment goes first: then it waits for another night.
    """
    try:
        with closing(sqlite3.connect(path, timeout=2, isolation_level=None)) as database:
            size, pages, empty = (
                int(database.execute(f"pragma {name}").fetchone()[0])
                for name in ("page_size", "page_count", "freelist_count")
            )
            if empty * size < _EMPTY_BYTES or empty < pages * _EMPTY_SHARE:
                return False
            database.execute("vacuum")
            database.execute("pragma wal_checkpoint(truncate)")
    except sqlite3.Error as error:
        _log.info("%s was not shrunk: %s", path.name, error)
        return False
    return True
