"""Thirty nights of changes, faults and revisions on one data folder, each a process that lives a day after the last.

Afterwards the folder is as large as retention promises, and every publication that is kept answers for itself.
IMPACT_KPI_NIGHTS plays fewer of them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from serving.shelf import kept
from tests.endurance import state
from tests.endurance.clock import build_clock, compiler, on_day, today
from tests.endurance.conftest import Tell
from tests.endurance.nights import Scene, script
from tests.endurance.world import DEBTS, GEMEENTE, Night, World, bron_id, open_world

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("nights")]

NIGHTS = int(os.environ.get("IMPACT_KPI_NIGHTS", "30"))
KEEP_PUBLICATIONS, KEEP_DAYS = 5, 12
# The silent correction, and by when the weekly look has found it.
SILENT, FOUND_BY = 8, 15
# How much larger the folder may be at the end than in the middle: two ordinary editions do not weigh the same.
GROWTH = 1.5
# Dagster keeps a few newest runs whatever their age, and the day on the edge counts.
SLACK_DAYS = 1


@dataclass
class Month:
    """What was seen of each night, by its number from 1."""

    world: World
    clock: Path
    scenes: dict[int, Scene] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    publications: dict[str, int] = field(default_factory=dict)
    figures: dict[int, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def month(small_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """The nights are played once for all tests of this file."""
    if compiler() is None:
        pytest.skip("no C compiler: the clock of a night cannot be moved")
    folder = tmp_path_factory.mktemp("maand")
    keep = {"IMPACT_KPI_BEWAAR_PUBLICATIES": str(KEEP_PUBLICATIONS), "IMPACT_KPI_BEWAAR_DAGEN": str(KEEP_DAYS)}
    with open_world(small_archive, folder, **keep) as world:
        yield Month(world, build_clock(folder))


def test_every_night_ends_as_it_should(month: Month, tell: Tell) -> None:
    """One bad night would take the next along, or pass for a good one."""
    for number, scene in enumerate(script()[:NIGHTS], start=1):
        month.scenes[number] = scene
        month.world.environment |= on_day(month.clock, number)
        scene.change(month.world)
        night = month.world.night(*scene.faults)
        _note(month, number)
        tell(f"night {number:2} {scene.what}: exit {night.status}, {_told(month, night, number)}")
        _as_scripted(scene, night)
        _answers_for_itself(month, state.check_standing(month.world.locations))


def test_a_silent_correction_is_found_within_a_week(month: Month) -> None:
    """A wrong figure would stay until its table happens to get a new stamp."""
    if FOUND_BY > NIGHTS:
        pytest.skip(f"only {NIGHTS} nights were played")
    before = month.figures[SILENT - 1]
    assert month.figures[FOUND_BY] == before + 1


def test_the_folder_is_as_large_as_retention_promises(month: Month) -> None:
    """A small server would be full after two years."""
    locations = month.world.locations
    assert len(kept(locations.publications)) <= KEEP_PUBLICATIONS
    assert state.editions_on_disk(locations.lake) == state.editions_wanted(locations)
    assert state.leftovers(locations) == []
    oldest = today(NIGHTS - KEEP_DAYS - SLACK_DAYS).timestamp()
    history = state.runs(locations)
    assert {status for status, _ in history.values()} <= {"SUCCESS", "FAILURE"}
    assert [run for run, (_, made) in history.items() if made < oldest] == []
    assert len(history) <= KEEP_DAYS + SLACK_DAYS + 1
    folders = {path.name for path in locations.dagster.iterdir() if path.name not in {"history", "schedules"}}
    assert {name for name in folders if len(name) == 36} <= set(history)
    if NIGHTS >= 2 * FOUND_BY:
        assert month.sizes[NIGHTS] <= GROWTH * month.sizes[FOUND_BY]


def test_every_kept_publication_answers_for_itself(month: Month) -> None:
    """Nobody could say any more what a figure was based on, what had changed, or that its source was down."""
    for folder in kept(month.world.locations.publications):
        _answers_for_itself(month, folder)


def test_a_publication_of_the_middle_can_be_built_again(month: Month) -> None:
    """Retention would have thrown away an edition that a kept publication was made of."""
    folders = kept(month.world.locations.publications)
    folder = folders[len(folders) // 2]
    status, output = month.world.run("serving.cli", "herbouw", folder.name)
    assert status == 0, output
    assert "Gelijk" in output


def _answers_for_itself(month: Month, folder: Path) -> None:
    """What a publication says of itself is what happened on the night that made it."""
    manifest = state.check_publication(folder)
    scene = month.scenes[month.publications[folder.name]]
    for edition in manifest["edities"]:
        there = month.world.locations.lake / edition["path"]
        assert json.loads((there / "manifest.json").read_text("utf-8"))["sha256"] == edition["sha256"]
    stale = month.world.query("select bron_id from bron where verouderd_sinds is not null", folder)
    assert {row[0] for row in stale} == {bron_id(table) for table in scene.stale}
    revised = f"select distinct bron_id from kpi_revisie where naar_publicatie_id = '{folder.name}'"
    assert {row[0] for row in month.world.query(revised, folder)} >= {bron_id(table) for table in scene.revised}
    assert state.runs(month.world.locations)[manifest["run_id"]][0] == "SUCCESS"


def _as_scripted(scene: Scene, night: Night) -> None:
    assert night.status == (2 if scene.stale else 0), night.output
    if scene.state is not None:
        assert night.published == scene.state, night.output
    for table in scene.stale:
        assert night.of(table)["state"] == "fout"
        assert night.of(table)["verouderd_sinds"] is not None


def _note(month: Month, number: int) -> None:
    """Remember what the night left."""
    locations = month.world.locations
    month.sizes[number] = state.size_of(locations.lake, locations.dagster, locations.publications)
    folder = (locations.publications / "actueel").resolve()
    month.publications.setdefault(folder.name, number)
    if folder.is_dir():
        ((month.figures[number],),) = month.world.query(
            f"""select waarde from kpi_waarde where gemeente_code = '{GEMEENTE}' and bron_id = '{bron_id(DEBTS)}'
            and waarde is not null order by periode desc, variant limit 1"""
        )


def _told(month: Month, night: Night, number: int) -> str:
    locations = month.world.locations
    parts = {name: state.size_of(getattr(locations, name)) for name in ("lake", "dagster", "publications")}
    sizes = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in parts.items())
    return f"{night.published if night.last_run else '-'}, {sizes}, together {month.sizes[number] / 1e6:.1f} MB"
