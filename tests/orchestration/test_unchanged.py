"""When a night may leave dbt alone: never after anything changed that a figure, a mark or a batch depends on."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration import recipe, unchanged
from orchestration.settings import BATCH_VARIABLE, Settings, load_settings
from orchestration.unchanged import (
    fingerprint,
    forget_built,
    note_built,
    note_published,
    nothing_changed,
    warnings_that_stand,
)
from serving.extras import pages_hash
from serving.publish import MANIFEST

Pins = dict[str, Any]
NIGHT = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
RUN = "run-1"


def _line(bron_id: str, bron: str, **facts: Any) -> dict[str, Any]:
    return {
        "bron_id": bron_id, "bron": bron, "edition_id": "e1", "path": f"{bron_id}/e1", "sha256": "ab",
        "state": "ongewijzigd", "verouderd_sinds": None, "melding": None, **facts,
    }  # fmt: skip


def _pins(*, delivery: bool = False) -> Pins:
    levering = _line("levering", "levering") if delivery else _line("levering", "levering", path=None)
    return {"lake": "/somewhere", "editions": [_line("cbs_1", "cbs"), levering], "problems": [], "profiel": None}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"IMPACT_KPI_DATA": str(tmp_path / "data"), "IMPACT_KPI_SOURCES": "demo"})


@pytest.fixture
def standing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder in which a run built and published everything."""
    monkeypatch.delenv(BATCH_VARIABLE, raising=False)
    locations = settings.locations
    locations.dbt.mkdir(parents=True)
    locations.warehouse.write_bytes(b"duckdb")
    settings.pins.write_text(json.dumps(_pins()), encoding="utf-8")
    folder = locations.publications / "2026-11-21T033000-3f9c2a"
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(json.dumps({"bestanden": {}}), encoding="utf-8")
    (locations.publications / "actueel").symlink_to(folder.name)
    note_built(settings, RUN)
    note_published(settings, RUN, folder.name)
    return settings


def test_after_a_whole_build_that_was_published_nothing_has_changed(standing: Settings) -> None:
    """The models would be built every night for nothing."""
    assert nothing_changed(standing)


def _edit(change: Callable[[Pins], None]) -> Callable[[Settings], None]:
    def apply(settings: Settings) -> None:
        pins = json.loads(settings.pins.read_text(encoding="utf-8"))
        change(pins)
        settings.pins.write_text(json.dumps(pins), encoding="utf-8")

    return apply


def _set(name: str, value: object) -> Callable[[Settings], None]:
    return _edit(lambda pins: pins["editions"][0].update({name: value}))


def _damage(settings: Settings) -> None:
    folder = (settings.locations.publications / "actueel").resolve()
    (folder / MANIFEST).write_text(json.dumps({"bestanden": {"x.parquet": {"bytes": 1, "sha256": "0"}}}))


CHANGES: dict[str, Callable[[Settings], None]] = {
    "another edition": _set("edition_id", "e2"),
    "a source that is out of date": _set("verouderd_sinds", "2026-11-20T03:30:00+00:00"),
    "a source that failed": _set("state", "fout"),
    "a remark that readers see": _set("melding", "de dienst vernieuwt deze tabel niet meer"),
    "a series without figures": _edit(lambda pins: pins["problems"].append({"series_id": "x"})),
    "a profile": _edit(lambda pins: pins.update(profiel={"naam": "Welzijn"})),
    "a first delivery": _edit(lambda pins: pins["editions"][1].update(path="levering/e1")),
    "no warehouse": lambda settings: settings.locations.warehouse.unlink(),
    "no publication": lambda settings: (settings.locations.publications / "actueel").unlink(),
    "a damaged publication": _damage,
    "a build that was killed": forget_built,
    "a build whose publication failed": lambda settings: note_built(settings, "run-2"),
    "a stamp that cannot be read": lambda settings: (settings.locations.dbt / "gebouwd.json").write_text("{"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_decides_the_mart_starts_dbt(standing: Settings, what: str) -> None:
    """Readers would go on with the figures, marks or texts of before."""
    CHANGES[what](standing)
    assert not nothing_changed(standing)


def test_an_edition_that_came_in_last_night_is_no_change_tonight(standing: Settings) -> None:
    """The night after every download would build the same mart again."""
    _set("state", "ververst")(standing)
    assert nothing_changed(standing)


def test_a_first_batch_that_came_in_last_night_is_no_change_tonight(standing: Settings) -> None:
    """Its line moves to the end of the pins, and is missing from what was missing when they were made."""
    pins = json.loads(standing.pins.read_text(encoding="utf-8"))
    pins["editions"].reverse()
    pins["missing"] = [{"bron_id": "beschermd"}]
    standing.pins.write_text(json.dumps(pins), encoding="utf-8")
    assert nothing_changed(standing)


@pytest.mark.parametrize("change", [{"volledig": True}, {"indelingsjaar": 2020}])
def test_a_setting_that_asks_for_something_else_starts_dbt(standing: Settings, change: dict[str, Any]) -> None:
    """`--volledig` and another division would be ignored until a source changes."""
    assert not nothing_changed(replace(standing, **change))


def test_a_batch_that_was_asked_for_starts_dbt(standing: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """`impact-kpi batch publiceren` would publish nothing."""
    monkeypatch.setenv(BATCH_VARIABLE, "nieuw")
    assert not nothing_changed(standing)


def test_other_code_starts_dbt(standing: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgraded formula would wait for a source to change."""
    project = shutil.copytree(recipe.DBT_PROJECT / "macros", tmp_path / "project")
    (project / "figures.sql").write_text("-- another formula\n", encoding="utf-8")
    monkeypatch.setattr(recipe, "DBT_PROJECT", project)
    assert not nothing_changed(standing)


def test_other_pages_start_a_publication(standing: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A corrected template or style sheet is no Python, and would wait for a source to change."""
    (tmp_path / "base.html.jinja").write_text("<p>hersteld</p>", encoding="utf-8")
    monkeypatch.setattr(unchanged, "pages_hash", lambda: pages_hash(tmp_path))
    assert not nothing_changed(standing)


def test_a_test_that_warned_goes_on_warning_while_its_mart_stands(standing: Settings) -> None:
    """The next night without news would be told as "alles is weer in orde", with the same mart in use."""
    warning = dg.AssetCheckResult(
        asset_key=["marts", "kpi_waarde"],
        check_name="landelijk",
        passed=False,
        severity=dg.AssetCheckSeverity.WARN,
        description="Tabel kpi_waarde: het landelijke cijfer past niet bij de gemeenten",
        metadata={"dagster_dbt/failed_row_count": 3},
    )
    note_built(standing, RUN, [warning])
    note_published(standing, RUN, (standing.locations.publications / "actueel").resolve().name)
    assert nothing_changed(standing)
    key = dg.AssetCheckKey(dg.AssetKey(["marts", "kpi_waarde"]), "landelijk")
    assert list(warnings_that_stand(standing, {key})) == [warning]
    assert list(warnings_that_stand(standing, set())) == []


def test_a_publication_of_another_run_is_not_taken_for_its_build(standing: Settings) -> None:
    """One made by hand, of a warehouse that was built in parts, would pass for a whole one."""
    note_built(standing, "run-2")
    note_published(standing, RUN, "2026-11-21T033000-3f9c2a")
    assert not nothing_changed(standing)


def test_only_with_a_delivery_a_new_month_is_a_change(settings: Settings) -> None:
    """The first night of a month would skip the batch that is due, or build for nothing without one."""
    next_month = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
    for delivery in (True, False):
        pins = _pins(delivery=delivery)
        same = fingerprint(settings, pins, NIGHT) == fingerprint(settings, copy.deepcopy(pins), next_month)
        assert same is not delivery


def test_the_month_is_that_of_the_netherlands(settings: Settings) -> None:
    """A night that begins after midnight here is still the day before in Greenwich: its batch would be a day late."""
    here = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    pins = _pins(delivery=True)
    assert fingerprint(settings, pins, here) == fingerprint(settings, pins, datetime(2026, 12, 1, 12, tzinfo=UTC))
