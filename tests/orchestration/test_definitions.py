"""The code location: it loads, and its graph runs from every source table to the publication."""

from __future__ import annotations

import json
from pathlib import Path

import dagster as dg
import pytest

from orchestration.publication import PUBLICATION_KEY
from orchestration.settings import REGISTRY, Settings
from orchestration.source_assets import table_key
from sources.registry import load_registry
from tests.orchestration.conftest import Load, load

pytestmark = pytest.mark.xdist_group("orchestration")


def test_the_location_loads_without_network_and_without_a_manifest(first_load: Load) -> None:
    """A fresh clone could not start the UI, or would show the graph of somebody else's manifest."""
    assert first_load.returncode == 0, first_load.stderr[-2000:]
    assert int(first_load.stdout) > 5


def test_importing_the_location_has_no_effect(tmp_path: Path, repository: Path) -> None:
    """An import would parse dbt, open a database or write files before anybody asked."""
    done = load("import orchestration.definitions", home=tmp_path, data=tmp_path / "data", repository=repository)
    assert done.returncode == 0, done.stderr[-2000:]
    assert not (tmp_path / "data").exists()


def test_every_table_of_the_registry_is_an_asset(defs: dg.Definitions) -> None:
    """A registry row would be read by dbt but fetched by nobody."""
    keys = defs.resolve_asset_graph().get_all_asset_keys()
    missing = [table.bron_id for table in load_registry(REGISTRY).tables.values() if table_key(table) not in keys]
    assert not missing


def test_every_dbt_source_is_an_asset_that_somebody_makes(defs: dg.Definitions, settings: Settings) -> None:
    """Lineage would end at the border between the lake and dbt."""
    graph = defs.resolve_asset_graph()
    manifest = json.loads(settings.manifest.read_text())
    for source in manifest["sources"].values():
        # The tables of a delivery come together: they are one asset.
        name = "levering" if source["source_name"] == "levering" else source["name"]
        key = dg.AssetKey(["lake", name])
        assert key in graph.get_all_asset_keys(), source["unique_id"]
        assert graph.get(key).is_materializable, source["unique_id"]


def test_lineage_runs_from_a_source_table_to_the_publication(defs: dg.Definitions) -> None:
    """Nobody could tell which figures a broken table touches."""
    graph = defs.resolve_asset_graph()
    start = dg.AssetKey(["lake", "rivm", "50150NED"])
    reached = {start}
    frontier = [start]
    while frontier:
        for child in graph.get(frontier.pop()).child_keys - reached:
            reached.add(child)
            frontier.append(child)
    assert dg.AssetKey(["marts", "kpi_waarde"]) in reached
    assert PUBLICATION_KEY in reached


def test_the_publication_waits_for_every_published_mart(defs: dg.Definitions, settings: Settings) -> None:
    """A publication could be made while one of its tables failed its tests."""
    manifest = json.loads(settings.manifest.read_text())
    (exposure,) = manifest["exposures"].values()
    published = {manifest["nodes"][name]["name"] for name in exposure["depends_on"]["nodes"]}
    parents = defs.resolve_asset_graph().get(PUBLICATION_KEY).parent_keys
    # And for the batch: what readers see of own figures is kept before they see it.
    assert {key.path[-1] for key in parents} == published | {"beschermd"}
    assert {"kpi", "gemeente", "kpi_waarde", "kpi_waarde_bron", "kpi_gemeente", "kpi_dekking", "bron"} <= published


def test_every_asset_has_an_owner_a_group_and_a_description(defs: dg.Definitions) -> None:
    """An engineer would meet an asset of which nobody says what it is or whose it is."""
    graph = defs.resolve_asset_graph()
    bare = [
        key.to_user_string()
        for key in graph.materializable_asset_keys
        if not graph.get(key).owners or graph.get(key).group_name == "default" or not graph.get(key).description
    ]
    assert not bare


def test_the_location_has_the_schedule_and_the_sensors_of_the_night(defs: dg.Definitions) -> None:
    """`make serve` would start a daemon that has nothing to do, or a night that nobody reports."""
    assert {schedule.name for schedule in defs.schedules or []} == {"nacht"}
    assert {sensor.name for sensor in defs.sensors or []} == {"nacht_gelukt", "nacht_mislukt"}
    dg.Definitions.validate_loadable(defs)


def test_nothing_in_the_tree_is_mistaken_for_a_dbt_plugin(repository: Path) -> None:
    """A module would run inside dbt: it imports every top-level module whose name starts with dbt_."""
    assert not list(repository.glob("dbt_*.py"))
    assert not list((repository / "dbt_project").rglob("__init__.py"))
    assert not (repository / "orchestration" / "dbt.py").exists()
