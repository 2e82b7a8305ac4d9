"""Which tables share a step: a catalogue is asked once for all of them, and the boundaries follow the roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from orchestration.open_data import source_groups
from orchestration.results import store_result
from orchestration.settings import REGISTRY, Settings, load_settings
from sources.http import Transport
from sources.registry import Registry, load_registry
from sources.replay import Fault, ReplayServer
from sources.results import TableResult
from sources.services import Services
from tests.archives import CBS, DERDEN
from tests.registries import registry, table
from tests.sources.plain_archives import CARTOMAP, FAST, Night
from tests.sources.test_gebieden import TABLE_2024, TABLE_2025
from tests.sources.test_gebieden import serve as serve_gebieden
from tests.sources.test_herindeling import HAAREN
from tests.sources.test_herindeling import TABLE as HERINDELING
from tests.sources.test_herindeling import serve as serve_herindeling
from tests.sources.test_refresh import item, write
from tests.stage import Stage

FIGURES = {"80001NED": ("cbs", CBS), "50001NED": ("rivm", DERDEN), "47001NED": ("politie", DERDEN)}
TABLES = [
    *(table(name, bron=bron, host=host) for name, (bron, host) in FIGURES.items()),
    table(TABLE_2025, bron="gebieden", indeling="2025"),
    table(TABLE_2024, bron="gebieden", indeling="2024"),
    table(HERINDELING, bron="herindeling"),
    table("gemeente", bron="grenzen", host=CARTOMAP, indeling="2026"),
]
ASKED = registry(TABLES, [item(name, f"reeks {name}", bron_id=f"{bron}_{name}") for name, (bron, _) in FIGURES.items()])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"IMPACT_KPI_DATA": str(tmp_path / "data"), "IMPACT_KPI_SOURCES": "demo"})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReplayServer]:
    """Two services with a table of every family that stands in a catalogue."""
    night = Night(tmp_path)
    night.rename("one")
    with ReplayServer(night.archive) as replay:
        scene = Stage(night.archive, tmp_path / "lake", replay)
        for name, (_, host) in FIGURES.items():
            write(scene, name, host=host)
        serve_gebieden(night, TABLE_2024, 2024)
        serve_herindeling(night, HAAREN)
        yield replay


def look(settings: Settings, server: ReplayServer, *names: str) -> dict[str, TableResult]:
    """Carry out these steps, each with a transport of its own, and store what they gave as the steps do."""
    server.requests.clear()
    services = Services.at(server.base_url, "een archief")
    found = {}
    for group in source_groups(settings, ASKED):
        if group.name in names:
            with Transport(FAST) as transport:
                for result in group.refresh(services, transport, lambda _: None):
                    store_result(settings.results, result)
                    found[result.bron_id] = result
    return found


def test_every_table_of_the_registry_is_in_one_step(settings: Settings) -> None:
    """In two steps it would be refreshed twice, in none never."""
    shipped: Registry = load_registry(REGISTRY)
    groups = source_groups(settings, shipped)
    assert [group.name for group in groups] == ["dataderden", "opendata", "leefbaarometer", "grenzen", "handmatig"]
    own = {"levering", "beschermd"}
    fetched = sorted(table.bron_id for table in shipped.tables.values() if table.bron not in own)
    assert sorted(table.bron_id for group in groups for table in group.tables) == fetched
    after = {group.name: {table.bron for table in group.after} for group in groups if group.after}
    assert after == {"grenzen": {"gebieden"}}


def test_an_unchanged_night_is_one_request_for_each_service(settings: Settings, server: ReplayServer) -> None:
    """Each family of tables would ask for itself: three times as many requests every night of the year."""
    first = look(settings, server, "opendata", "dataderden")
    assert {result.state for result in first.values()} == {"ververst", "ontbreekt"}
    second = look(settings, server, "opendata", "dataderden")
    assert {result.state for result in second.values()} == {"ongewijzigd", "ontbreekt"}
    assert [(record.host, record.path) for record in server.requests] == [
        (DERDEN, "/ODataCatalog/Tables"),
        (CBS, "/ODataCatalog/Tables"),
    ]
    assert {key: result.edition for key, result in second.items()} == {
        key: result.edition for key, result in first.items()
    }


@pytest.mark.parametrize("kind", ["500", "404"])
def test_a_service_that_refuses_a_long_filter_is_refreshed_all_the_same(
    settings: Settings, server: ReplayServer, kind: str
) -> None:
    """One request for all tables is the longest filter there is: all families would stand still over it."""
    look(settings, server, "opendata", "dataderden")
    look(settings, server, "opendata", "dataderden")
    longest = max(len(f"{record.host}{record.path}?{record.query}") for record in server.requests)
    server.set_faults([Fault(kind, longer_than=longest - 1)])
    third = look(settings, server, "opendata", "dataderden")
    assert {result.state for result in third.values()} == {"ongewijzigd", "ontbreekt"}
    statuses = [record.status for record in server.requests if record.host == CBS]
    assert statuses[-2:] == [200, 200], "in two halves"
    assert set(statuses[:-2]) == {int(kind)}


def test_a_service_without_a_catalogue_keeps_every_edition_of_every_family(
    settings: Settings, server: ReplayServer
) -> None:
    """One error for all families: none of them may lose what it had, and the service is not asked for each."""
    first = look(settings, server, "opendata")
    server.set_faults([Fault("503", path_contains="ODataCatalog")])
    second = look(settings, server, "opendata")
    for key in ("cbs_80001NED", f"gebieden_{TABLE_2024}", f"herindeling_{HERINDELING}"):
        assert (second[key].state, second[key].edition) == ("fout", first[key].edition)
        assert second[key].verouderd_sinds is not None
    assert len(server.requests) == FAST.attempts


def test_volledig_pulls_what_is_unchanged(settings: Settings, server: ReplayServer) -> None:
    """The way out for an operator who trusts no stamp."""
    first = look(settings, server, "opendata", "dataderden")
    again = look(replace(settings, volledig=True), server, "opendata", "dataderden")
    loaded = [key for key, result in first.items() if result.state == "ververst"]
    assert len(loaded) == 5
    assert all(again[key].requests > 0 for key in loaded)
    assert {again[key].state for key in loaded} == {"ongewijzigd"}


def test_the_boundaries_follow_the_roster_that_an_earlier_step_left(settings: Settings, server: ReplayServer) -> None:
    """Shapes of another year would put figures of today in the borders of the past."""

    def asked() -> str:
        look(settings, server, "grenzen")
        return server.requests[0].path

    assert asked().endswith("gemeente_2025.geojson"), "the newest year of the registry, for want of a roster"
    look(settings, server, "opendata")
    assert asked().endswith("gemeente_2024.geojson")
    (settings.locations.lake / f"gebieden_{TABLE_2024}" / "current").write_text("weg")
    assert asked().endswith("gemeente_2025.geojson"), "an edition that cannot be read is none"
