"""Settings come from the environment in one place, and every path is absolute."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.settings import apply_environment, load_settings
from serving.errors import WrongUseError


def test_without_any_variable_the_demo_archive_is_used(tmp_path: Path) -> None:
    """A newcomer's first command would ask for settings."""
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path)})
    assert settings.sources == "demo"
    assert settings.locations.soort == "demo"
    assert settings.handmatig is None


def test_demo_recorded_and_live_share_no_file(tmp_path: Path) -> None:
    """Invented figures would end up among real ones."""
    archive = tmp_path / "archief"
    archive.mkdir()
    roots = {
        load_settings({"IMPACT_KPI_DATA": str(tmp_path), "IMPACT_KPI_SOURCES": sources}).locations.root
        for sources in ("demo", "live", str(archive))
    }
    assert len(roots) == 3


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("IMPACT_KPI_SOURCES", "./er-is-niets"),
        ("IMPACT_KPI_HANDMATIG", "./ook-niets"),
        ("IMPACT_KPI_INDELINGSJAAR", "24"),
    ],
)
def test_a_wrong_setting_names_the_variable(variable: str, value: str) -> None:
    """An engineer would have to guess which of six settings is wrong."""
    with pytest.raises((ValueError, WrongUseError), match=variable):
        load_settings({variable: value})


def test_everything_dbt_and_dagster_read_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view would point to a lake that is only found from one folder."""
    monkeypatch.chdir(tmp_path)
    environment: dict[str, str] = {}
    apply_environment(load_settings({"IMPACT_KPI_DATA": "data"}), environment)
    folders = {
        name: value
        for name, value in environment.items()
        if name.endswith(("_DATA", "_PINS", "_PATH", "_DIR", "_HOME", "WAREHOUSE", "_DAGSTER"))
    }
    assert len(folders) >= 8
    assert all(Path(value).is_absolute() for value in folders.values()), folders
