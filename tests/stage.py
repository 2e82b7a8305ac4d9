"""A stage for tests of a refresh: an archive, a server over it, a lake, and a night that can be played again."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sources.http import HttpSettings, Transport
from sources.lake import Edition
from sources.refresh import refresh_odata_host
from sources.registry import Registry
from sources.replay import Fault, ReplayServer, RequestRecord, archive_identity
from sources.results import Progress, TableResult
from sources.services import Services
from tests.archives import CBS, database, write_archive

FAST = HttpSettings(
    connect_timeout=10, read_timeout=10, total_timeout=60, attempts=3, backoff=0.001, circuit_failures=50
)


@dataclass
class Stage:
    """One archive and one lake; `night` plays a refresh of one host and returns its results by table id.

    `watch` sees every progress event, on the thread that reports it.
    """

    archive: Path
    lake: Path
    server: ReplayServer
    settings: HttpSettings = FAST
    clock: Callable[[], float] = time.monotonic
    watch: Callable[[Progress], None] = lambda _: None
    log: list[RequestRecord] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    nights: Iterator[int] = field(default_factory=itertools.count)
    # Between two nights: within one day no table is due for its weekly pull.
    between: timedelta = timedelta(hours=1)

    def night(
        self, registry: Registry, *faults: Fault, host: str = CBS, identity: str | None = None, force: bool = False
    ) -> dict[str, TableResult]:
        """Refresh one host under these faults."""
        self.server.set_faults(faults)
        self.server.requests.clear()
        self.progress.clear()
        moment = datetime(2026, 11, 21, 3, 30, tzinfo=UTC) + next(self.nights) * self.between
        services = Services.at(self.server.base_url, identity or archive_identity(self.archive))

        def on_progress(event: Progress) -> None:
            self.progress.append(event)
            self.watch(event)

        with Transport(self.settings, clock=self.clock) as transport:
            found = refresh_odata_host(
                host,
                registry,
                services,
                self.lake,
                transport,
                on_progress=on_progress,
                now=lambda: moment,
                force=force,
            )
            results = list(found)
        self.log = list(self.server.requests)
        return {registry.tables[result.bron_id].table_id: result for result in results}

    def rows_asked(self) -> list[RequestRecord]:
        """Requests of the last night for rows (not their number)."""
        return [record for record in self.log if record.path.endswith("/TypedDataSet")]

    def leftovers(self) -> list[str]:
        """Hidden files and folders in the lake: what an unfinished download would leave behind."""
        return sorted(path.name for path in self.lake.rglob(".*"))


@contextmanager
def stage(folder: Path, **server: Any) -> Iterator[Stage]:
    """A stage below `folder`; `server` holds arguments of the replay server."""
    archive = write_archive(folder / "archive")
    with ReplayServer(archive, **server) as replay:
        yield Stage(archive, folder / "lake", replay)


def observations(edition: Edition | None, columns: str = "*", where: str = "true") -> list[tuple[Any, ...]]:
    """Rows of an edition, ordered."""
    assert edition is not None
    parts = [str(part) for part in edition.observation_parts]
    with database().cursor() as cursor:
        query = f"select {columns} from read_parquet(?, union_by_name = true) where {where} order by all"
        return cursor.execute(query, [parts]).fetchall()


def series(edition: Edition | None, columns: str = "*") -> list[tuple[Any, ...]]:
    """Resolved series rows of an edition, ordered."""
    assert edition is not None
    with database().cursor() as cursor:
        query = f"select {columns} from read_parquet(?) order by all"
        return cursor.execute(query, [str(edition.series)]).fetchall()


def types(file: Path) -> Mapping[str, str]:
    """Column names and types of a Parquet file."""
    with database().cursor() as cursor:
        return {
            name: kind for name, kind, *_ in cursor.execute("describe from read_parquet(?)", [str(file)]).fetchall()
        }


def product(*lists: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Every combination, in storage order (first list outermost)."""
    return itertools.product(*lists)
