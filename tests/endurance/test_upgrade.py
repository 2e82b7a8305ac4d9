"""A newer release reads the data folder that an older one left: `data-0.1.tar.xz`, made by `make_upgrade_data`.

Two nights of version 0.1 on a few tables; the second of them had a revision.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from serving.locations import Locations
from serving.shelf import current_folder, kept
from sources.http import Transport
from sources.lake import current_edition, list_editions
from sources.refresh import refresh_odata_host
from sources.registry import load_registry
from sources.replay import ReplayServer, archive_identity
from sources.services import Services
from tests.archives import CBS
from tests.end_to_end.conftest import Night, run_night
from tests.endurance import state
from tests.endurance.make_upgrade_data import REVISED, TABLES, revise
from tests.endurance.world import REGISTRY
from tests.stage import FAST

FIXTURE = Path(__file__).with_name("data-0.1.tar.xz")
LATER = "2026-11-21T02:00:00"
BRON_IDS = [f"{'gebieden' if table == '86247NED' else 'cbs'}_{table}" for table in TABLES]


@dataclass(frozen=True)
class Left:
    """What the older release left."""

    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / "archief"

    @property
    def locations(self) -> Locations:
        return Locations(self.folder / "data", "recorded")


def unpack(folder: Path) -> Left:
    """Unpack the folder of the older release."""
    with tarfile.open(FIXTURE) as tar:
        tar.extractall(folder, filter="data")
    return Left(folder)


def test_an_unchanged_table_is_known_and_not_loaded_again(tmp_path: Path) -> None:
    """The first night after an upgrade would load every table anew, and every figure would have another edition."""
    left = unpack(tmp_path)
    before = {bron_id: current_edition(left.locations.lake, bron_id) for bron_id in BRON_IDS}
    loaded = [datetime.fromisoformat(edition.manifest.loaded_at) for edition in before.values() if edition]
    assert len(loaded) == len(BRON_IDS)
    # The same day: no table is due for its weekly look.
    moment = max(loaded) + timedelta(hours=1)
    state.check_lake(left.locations.lake)
    with ReplayServer(left.archive) as server, Transport(FAST) as transport:
        services = Services.at(server.base_url, archive_identity(left.archive))
        results = {
            result.bron_id: result
            for result in refresh_odata_host(
                CBS, load_registry(REGISTRY), services, left.locations.lake, transport, now=lambda: moment
            )
        }
        asked = [record.path for record in server.requests if "DataSet" in record.path]
    for bron_id in BRON_IDS[1:]:
        assert results[bron_id].state == "ongewijzigd"
        assert results[bron_id].edition == before[bron_id]
    assert asked == []


@pytest.mark.long
@pytest.mark.xdist_group("upgrade")
class TestTheFirstNight:
    """One night of this release on the folder of the older one, after a table was revised once more."""

    @pytest.fixture(scope="class")
    def nights(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Left, Night, str]]:
        left = unpack(tmp_path_factory.mktemp("opwaardering"))
        old = current_folder(left.locations.publications)
        assert old is not None
        revise(left.archive, LATER)
        yield left, run_night(left.folder / "data", str(left.archive)), old.name
        shutil.rmtree(left.folder)

    def test_only_what_changed_is_loaded(self, nights: tuple[Left, Night, str]) -> None:
        left, night, _ = nights
        assert night.status in {0, 2}, night.output
        states = {entry["bron_id"]: entry["state"] for entry in night.last_run["bronnen"]}
        assert [states[bron_id] for bron_id in BRON_IDS] == ["ongewijzigd", "ongewijzigd", "ververst"]
        assert len(list_editions(left.locations.lake, f"cbs_{REVISED}")) == 3
        state.check_lake(left.locations.lake)

    def test_the_publication_is_carried_on(self, nights: tuple[Left, Night, str]) -> None:
        """Readers would be told that nothing was ever revised, or that everything was."""
        left, night, old = nights
        manifest = state.check_publication(night.publication)
        assert manifest["revisie"]["vergeleken_met"] == old
        revised = night.query("select naar_publicatie_id, bron_id, count(*) from kpi_revisie group by all order by 1")
        assert [(name, bron_id) for name, bron_id, _ in revised] == [
            (old, f"cbs_{REVISED}"),
            (night.publication.name, f"cbs_{REVISED}"),
        ]
        assert night.query("select distinct gemeente_code from kpi_revisie") == [("GM0758",)]
        assert old in [folder.name for folder in kept(left.locations.publications)]
        assert _bestanden(left.locations.publications / old) == _bestanden(_fresh(left, old))

    def test_the_editions_of_the_old_publications_are_kept(self, nights: tuple[Left, Night, str]) -> None:
        left, _, _ = nights
        assert state.editions_wanted(left.locations) <= state.editions_on_disk(left.locations.lake)


def _fresh(left: Left, publicatie_id: str) -> Path:
    """The same publication as it was packed."""
    return unpack(left.folder / "nogmaals").locations.publications / publicatie_id


def _bestanden(folder: Path) -> dict[str, Any]:
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert json.loads(found["manifest.json"])["publicatie_id"] == folder.name
    return found
