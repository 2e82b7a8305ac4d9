"""When a publication may be built again, and what is said when it may not. The building itself is tested end to end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.rebuild import RebuildError, check_code, find_kept, main, rebuilt_editions
from orchestration.recipe import code_in_use, make_recipe, tools_in_use, write_pins
from orchestration.settings import load_settings
from serving.errors import WrongUseError
from serving.locations import Locations
from serving.shelf import hold

REPOSITORY = Path(__file__).parents[2]
ID = "2026-11-21T033000-3f9c2a"
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    return Locations(tmp_path / "data", "demo")


def _keep(locations: Locations, change: Change = lambda _: None, **manifest: Any) -> Path:
    """A publication as far as a rebuild looks at it before it builds."""
    folder = locations.publications / ID
    folder.mkdir(parents=True)
    recipe = {
        "bouw_versie": 1,
        "code": code_in_use(),
        "gereedschap": tools_in_use(),
        "instellingen": {"indelingsjaar": None},
        "dag": "2026-11-21",
        "pins": {"editions": [_pin("cbs_1", "cbs"), _pin("levering", "levering"), _absent("cbs_2")], "problems": []},
    }
    change(recipe)
    (folder / "bouw.json").write_text(json.dumps(recipe), encoding="utf-8")
    described = {"software_versie": "0.1.0", "published_at": "2026-11-21T03:30:00+00:00", **manifest}
    (folder / "manifest.json").write_text(json.dumps(described), encoding="utf-8")
    return folder


def _pin(bron_id: str, bron: str) -> dict[str, Any]:
    place = {"path": f"{bron_id}/e1", "edition_id": "e1", "sha256": "ab"}
    return {"bron_id": bron_id, "bron": bron, **place, "observation": True, "series": True}


def _absent(bron_id: str) -> dict[str, Any]:
    return {**_pin(bron_id, "cbs"), "path": None, "edition_id": None, "sha256": None}


def _edition(locations: Locations, bron_id: str = "cbs_1", sha256: str = "ab") -> Path:
    folder = locations.lake / bron_id / "e1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"sha256": sha256}), encoding="utf-8")
    (folder / "series.parquet").write_bytes(b"PAR1")
    return folder


def test_a_delivery_is_never_read_again_and_the_other_editions_are(locations: Locations) -> None:
    """A rebuild would compute a publication of last year from the records of today, or copy records about people."""
    _edition(locations)
    kept = find_kept(locations.publications, _keep(locations).name)
    lines = {line["bron_id"]: line for line in rebuilt_editions(kept.recipe, locations.lake)}
    assert lines["cbs_1"] == _pin("cbs_1", "cbs")
    assert (lines["levering"]["path"], lines["levering"]["edition_id"]) == (None, "e1")
    assert lines["cbs_2"]["path"] is None


@pytest.mark.parametrize("damage", ["gone", "empty", "another"])
def test_an_edition_that_is_not_there_is_named(locations: Locations, damage: str) -> None:
    """Without the name nobody knows what to fetch from the backup; with another edition the figures are others."""
    if damage != "gone":
        folder = _edition(locations, sha256="cd" if damage == "another" else "ab")
    if damage == "empty":
        (folder / "series.parquet").unlink()
    kept = find_kept(locations.publications, _keep(locations).name)
    with pytest.raises(RebuildError, match=r"cbs_1 e1.*reservekopie"):
        rebuilt_editions(kept.recipe, locations.lake)


@pytest.mark.parametrize(
    ("part", "words"),
    [("dbt_project", "rekenmodel"), ("python", "programmatuur"), ("versie", "Installeer versie anders,")],
)
def test_other_code_is_refused_with_the_version_to_install(locations: Locations, part: str, words: str) -> None:
    """Another version may compute another figure: calling it the same publication would be false."""
    kept = find_kept(
        locations.publications, _keep(locations, lambda recipe: recipe["code"].update({part: "anders"})).name
    )
    with pytest.raises(RebuildError, match=words) as refused:
        check_code(kept)
    assert ID in str(refused.value)
    assert ("Installeer versie 0.1.0, zoals die was op 2026-11-21" in str(refused.value)) is (part != "versie")


def test_the_code_of_this_moment_is_accepted(locations: Locations) -> None:
    """A fingerprint that differs from call to call would refuse every rebuild."""
    check_code(find_kept(locations.publications, _keep(locations).name))


def test_an_unknown_publication_is_answered_with_those_there_are(locations: Locations) -> None:
    """The id has twenty characters: nobody types it right the first time."""
    _keep(locations)
    (locations.publications / "actueel").symlink_to(ID)
    with pytest.raises(WrongUseError, match=f"Wel: {ID}, actueel"):
        find_kept(locations.publications, "gisteren")
    assert find_kept(locations.publications, "actueel").publicatie_id == ID
    with pytest.raises(WrongUseError, match="geen enkele"):
        find_kept(locations.root / "nergens", ID)


def test_a_publication_of_before_recipes_says_so(locations: Locations) -> None:
    """'No such file' on a publication that is plainly there sends people looking for a fault of their own."""
    (_keep(locations) / "bouw.json").unlink()
    with pytest.raises(RebuildError, match=r"bouw\.json ontbreekt"):
        find_kept(locations.publications, ID)


def test_a_recipe_of_a_later_release_is_not_guessed_at(locations: Locations) -> None:
    """A setting that this version does not know would be left out."""
    _keep(locations, lambda recipe: recipe.update(bouw_versie=2))
    with pytest.raises(RebuildError, match=r"Installeer versie 0\.1\.0"):
        find_kept(locations.publications, ID)


def test_two_rebuilds_do_not_meet(
    locations: Locations, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second would clear the workplace of the first."""
    _edition(locations)
    _keep(locations)
    monkeypatch.setenv("IMPACT_KPI_DATA", str(locations.data))
    with hold(locations.rebuilds):
        assert main(["demo", ID]) == 3
    assert "loopt al een herbouw" in capsys.readouterr().err


def test_the_command_ends_with_2_for_a_publication_that_is_not_there(tmp_path: Path) -> None:
    """A script could not tell a typing error from figures that differ."""
    done = subprocess.run(
        [sys.executable, "-m", "serving.cli", "--soort", "live", "herbouw", "gisteren"],
        env={**os.environ, "IMPACT_KPI_DATA": str(tmp_path), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "Er is geen publicatie 'gisteren'" in done.stderr


def test_what_is_kept_holds_no_place_of_this_machine(tmp_path: Path) -> None:
    """A path names people and machines, and does not exist where the publication is built again."""
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path), "IMPACT_KPI_INDELINGSJAAR": "2024"})
    pins = {"lake": str(tmp_path / "lake"), "editions": [_pin("cbs_1", "cbs")], "problems": [], "profiel": None}
    recipe = make_recipe(settings, pins, "2026-11-21")
    assert str(tmp_path) not in json.dumps(recipe)
    assert recipe["instellingen"] == {"indelingsjaar": 2024}
    write_pins(recipe, tmp_path / "elders", recipe["pins"]["editions"], tmp_path / "pins.json")
    assert json.loads((tmp_path / "pins.json").read_text("utf-8")) == {**pins, "lake": str(tmp_path / "elders")}
