"""Three tables with known figures at two services, a lake, a publication, and nights to play.

The only module here that knows how a refresh is started; the modes (`modes`) say what goes wrong, the invariants
(`invariants`) what must hold all the same.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sources.http import HttpSettings, Transport
from sources.lake import Edition, current_edition, list_editions
from sources.odata.catalogue import Catalogues
from sources.refresh import refresh_odata_host
from sources.replay import Fault, ReplayServer, RequestRecord, archive_identity
from sources.results import Progress, TableResult
from sources.services import Services
from tests.archives import CBS, DERDEN, edit, write_archive
from tests.failures.tables import BRON_IDS, HOSTS, HURT, TABLES, Figures, Release, Shape, asked, in_order, serve_release
from tests.serving.conftest import Mini
from tests.stage import FAST, observations

ROOT = Path(__file__).parents[2]
FIRST_NIGHT = datetime(2026, 11, 16, 2, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Night:
    """What one night came to: results by table id, requests, waits between tries, progress."""

    moment: datetime
    results: Mapping[str, Result]
    requests: tuple[RequestRecord, ...] = ()
    waits: tuple[float, ...] = ()


@dataclass(frozen=True)
class Result:
    """What a refresh says of one table; the part of `TableResult` that crosses a process."""

    state: str
    edition_id: str | None
    melding: str
    verouderd_sinds: datetime | None

    @classmethod
    def of(cls, result: TableResult) -> Result:
        edition = result.edition.edition_id if result.edition else None
        return cls(result.state, edition, result.melding or "", result.verouderd_sinds)

    def to_json(self) -> list[Any]:
        since = self.verouderd_sinds.isoformat() if self.verouderd_sinds else None
        return [self.state, self.edition_id, self.melding, since]

    @classmethod
    def from_json(cls, stored: list[Any]) -> Result:
        state, edition_id, melding, since = stored
        return cls(state, edition_id, melding, datetime.fromisoformat(since) if since else None)


@dataclass
class Theatre:
    """One data folder and the services it is refreshed from."""

    folder: Path
    server: ReplayServer
    settings: HttpSettings = FAST
    base_url: str = ""
    now: datetime = FIRST_NIGHT
    releases: dict[str, list[Release]] = field(default_factory=dict)
    watch: Callable[[Progress], None] = lambda _: None
    locked: bool = True

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def mini(self) -> Mini:
        return Mini(self.folder)

    @property
    def lake(self) -> Path:
        return self.mini.locations.lake

    def release(self, table_id: str, *, shape: Shape | None = None, silent: bool = False) -> Release:
        """Let the service have a new release of a table, as large as the one before it."""
        before = self.releases.setdefault(table_id, [])
        number = len(before) + 1
        made = Release(number, bool(before and before[-1].large), number - 1 if silent else None)
        before.append(made)
        serve_release(self.archive, table_id, made, shape or Shape())
        return made

    def newest(self, table_id: str) -> Figures:
        """The figures that the service has now."""
        return self.releases[table_id][-1].truth(table_id)

    def published(self, table_id: str) -> list[Figures]:
        """The figures of every release so far: an edition holds one of these, whole, and nothing else."""
        return [release.truth(table_id) for release in self.releases[table_id]]

    def current(self, table_id: str) -> Edition | None:
        return current_edition(self.lake, BRON_IDS[table_id])

    def figures(self, table_id: str) -> Figures:
        """The figures of the edition in use."""
        return figures_of(self.current(table_id))

    def fingerprints(self) -> dict[str, str]:
        """Hash of every file of every edition in the lake."""
        return {
            f"{bron_id}/{edition_id}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
            for bron_id in BRON_IDS.values()
            for edition_id in list_editions(self.lake, bron_id)
            for path in (self.lake / bron_id / edition_id).rglob("*")
            if path.is_file()
        }

    def edit(self, table_id: str, resource: str, change: Mapping[str, Any], row: int = 0) -> None:
        """Change members of a record as the service has it."""
        edit(self.archive / "odata" / HOSTS[table_id] / table_id, resource, change, row)

    def night(self, *faults: Fault) -> Night:
        """Refresh both services in this process; the clock moves on by a day first."""
        self.begin_night(*faults)
        waits: list[float] = []
        with Transport(self.settings, sleep=waits.append) as transport:
            results = refresh(
                self.lake, self.base_url or self.server.base_url, self.archive, transport, self.now, self.watch
            )
        return Night(self.now, results, tuple(self.server.requests), tuple(waits))

    def begin_night(self, *faults: Fault, after: timedelta = timedelta(days=1)) -> None:
        """Move the clock on and set what goes wrong."""
        self.now += after
        self.server.set_faults(faults)
        self.server.requests.clear()

    def start_child(self, *wrapper: str, lake: Path | None = None, **options: Any) -> subprocess.Popen[str]:
        """Refresh both services in a process of its own, which can be killed or limited; see `end_child`.

        Args:
            wrapper: command that the process is started through.
            lake: lake, where it is not the one of this theatre.
            options: of `Popen`.
        """
        task = {
            "lake": str(lake or self.lake), "base_url": self.base_url or self.server.base_url,
            "archive": str(self.archive), "now": self.now.isoformat(),
            "lock": str(self.folder / "verversing.lock") if self.locked else None,
            "settings": {name: getattr(self.settings, name) for name in HttpSettings.__dataclass_fields__},
        }  # fmt: skip
        command = [*wrapper, sys.executable, "-m", "tests.failures.child", json.dumps(task)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def end_child(self, process: subprocess.Popen[str]) -> Night:
        """Wait for the process of `start_child` and read what its night came to."""
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, f"the process of the night failed: {errors}"
        results = {key: Result.from_json(stored) for key, stored in json.loads(output.splitlines()[-1]).items()}
        return Night(self.now, results, tuple(self.server.requests))


def refresh(
    lake: Path,
    base_url: str,
    archive: Path,
    transport: Transport,
    now: datetime,
    watch: Callable[[Progress], None] = lambda _: None,
) -> dict[str, Result]:
    """One night of both services, that of the guests first."""
    services = Services.at(base_url, archive_identity(archive))
    wanted = asked()
    catalogues = Catalogues.of_tables(services, transport, TABLES)
    results: dict[str, Result] = {}
    for host in (DERDEN, CBS):
        found = refresh_odata_host(
            host, wanted, services, lake, transport, catalogues=catalogues, on_progress=watch, now=lambda: now
        )
        results |= {wanted.tables[result.bron_id].table_id: Result.of(result) for result in found}
    return results


def figures_of(edition: Edition | None) -> Figures:
    """Every figure of an edition, in order."""
    found: Any = observations(edition, "ref_area, time_period, dimensions, obs_value")
    return in_order(found)


def prepare(folder: Path, publication: Mini, *, large: bool) -> None:
    """A data folder after one good night, to copy from."""
    publication.copy(folder)
    write_archive(folder / "archive")
    with ReplayServer(folder / "archive") as server:
        theatre = Theatre(folder, server, now=FIRST_NIGHT - timedelta(days=1))
        for table_id in HOSTS:
            first = Release(1, large and table_id == HURT)
            theatre.releases[table_id] = [first]
            serve_release(theatre.archive, table_id, first, Shape())
        results = theatre.night().results
        assert {result.state for result in results.values()} == {"ververst"}, results
        assert all(theatre.figures(table_id) == theatre.newest(table_id) for table_id in HOSTS)


@contextmanager
def opened(prepared: Path, folder: Path, *, large: bool) -> Iterator[Theatre]:
    """A theatre of its own after one good night."""
    shutil.copytree(prepared, folder, symlinks=True, dirs_exist_ok=True)
    with ReplayServer(folder / "archive") as server:
        theatre = Theatre(folder, server)
        theatre.releases = {key: [Release(1, large and key == HURT)] for key in HOSTS}
        yield theatre


def impatient(theatre: Theatre, **changes: Any) -> None:
    """Other limits of the transport than those of a quick test."""
    theatre.settings = replace(theatre.settings, **changes)
