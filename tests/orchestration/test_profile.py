"""The profile of an installation: a wrong one stops the refresh before it starts, and a right one reaches the pins."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner, Result

from orchestration.pins import PROFILE, build_pins
from orchestration.profile import cli, read_profile
from orchestration.settings import REGISTRY, load_settings
from serving.cli import cli as impact_kpi
from serving.init import start_folder
from sources.registry import load_registry

REPOSITORY = Path(__file__).parents[2]
GOOD = "organisatie: {naam: Welzijn Noord}\nkpis: [I 3.3.2]\nlabels: {I 3.3.2: Mantelzorg}\n"
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ.pop("IMPACT_KPI_PROFIEL", None)
    os.environ["IMPACT_KPI_SOURCES"] = "live"
    return lambda *words: CliRunner().invoke(cli, list(map(str, words)), prog_name="x")


def written(folder: Path, text: str) -> Path:
    path = folder / "profiel.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_check_shows_what_is_chosen_and_says_how_to_use_it(run: Run, tmp_path: Path) -> None:
    """Somebody believes that a file that was only checked is in use."""
    path = written(tmp_path, GOOD)
    result = run("controleren", path)
    assert result.exit_code == 0
    for text in (
        "Welzijn Noord",
        "1: I 3.3.2 (",
        "Gemeenten     alle",
        "I 3.3.2: Mantelzorg",
        "zet IMPACT_KPI_PROFIEL",
    ):
        assert text in result.stdout
    os.environ["IMPACT_KPI_PROFIEL"] = str(path)
    assert "De eerstvolgende impact-kpi refresh neemt het over." in run("controleren").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["controleren"], "Er is geen profiel. Noem een bestand"),
        (["controleren", "{folder}/nergens.yaml"], "IMPACT_KPI_PROFIEL noemt het bestand"),
        (["controleren", "{folder}/profiel.yaml"], "Bedoelt u kpis?"),
        (["controlren"], "Bedoelt u controleren?"),
    ],
)
def test_a_mistake_gets_one_plain_message_and_status_2(run: Run, tmp_path: Path, words: list[str], says: str) -> None:
    """A stack trace for a typing error."""
    written(tmp_path, "organisatie: {naam: X}\nkpi: []\n")
    result = run(*(word.format(folder=tmp_path) for word in words))
    assert result.exit_code == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_the_command_is_found_behind_impact_kpi() -> None:
    """The guide names a command that the program does not have."""
    result = CliRunner().invoke(impact_kpi, ["profiel", "--help"])
    assert result.exit_code == 0
    assert "controleren" in result.stdout


@pytest.mark.parametrize("name", ["profiel.yaml", "nergens.yaml"])
def test_a_wrong_profile_stops_the_refresh_before_any_work(tmp_path: Path, name: str) -> None:
    """A typing error in a profile would cost a night, or publish a mart that marks the wrong KPIs."""
    written(tmp_path, "organisatie: {naam: X}\nbenchmark: bv\n")
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.nightly"],
        cwd=REPOSITORY,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "IMPACT_KPI_DATA": str(tmp_path / "data"),
            "IMPACT_KPI_PROFIEL": str(tmp_path / name),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4, done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("text", [GOOD, None])
def test_what_is_chosen_reaches_dbt_through_the_pins(tmp_path: Path, text: str | None) -> None:
    """A changed profile would wait for a source to change, or go on counting after it was taken away."""
    given = {"IMPACT_KPI_PROFIEL": str(written(tmp_path, text))} if text else {}
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path / "data"), "IMPACT_KPI_SOURCES": "demo", **given})
    settings.locations.lake.mkdir(parents=True)
    profile = read_profile(settings)
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize([build_pins(settings, load_registry(REGISTRY))], instance=instance)
    pins = json.loads(settings.pins.read_text("utf-8"))
    assert pins["profiel"] == (profile.to_pins() if profile else None)
    assert {dg.AssetKey(["lake", name]) for name in PROFILE} <= {
        event.asset_key for event in done.all_events if event.event_type_value == "ASSET_MATERIALIZATION"
    }


def test_the_profile_that_init_writes_is_in_order(run: Run, tmp_path: Path) -> None:
    """The first refresh of a newcomer would be refused."""
    start_folder(tmp_path / "org")
    result = run("controleren", tmp_path / "org" / "profiel.yaml")
    assert result.exit_code == 0, result.stderr
    for name in ("Gemeenten", "KPI's"):
        assert any(line.startswith(name) and line.endswith("alle") for line in result.stdout.splitlines())
