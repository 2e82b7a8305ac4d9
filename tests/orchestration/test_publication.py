"""Which map goes with a publication: that of the division the build is on, or none."""

from pathlib import Path
from typing import Any

import pytest

from orchestration.publication import find_boundaries
from orchestration.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"IMPACT_KPI_DATA": str(tmp_path / "data"), "IMPACT_KPI_SOURCES": "demo"})


def _pins(path: str | None) -> dict[str, Any]:
    lines = [{"bron_id": "cbs_1", "bron": "cbs", "path": "cbs_1/e1"}]
    return {"editions": [*lines, {"bron_id": "grenzen_gemeente", "bron": "grenzen", "path": path}]}


def test_the_map_is_that_of_the_edition_in_use(settings: Settings) -> None:
    """A newer year that failed its checks would be drawn all the same."""
    for edition in ("e1", "e2"):
        folder = settings.locations.lake / "grenzen_gemeente" / edition
        folder.mkdir(parents=True)
        (folder / "gemeente.geojson").write_text("{}")
    found = find_boundaries(settings, _pins("grenzen_gemeente/e1"))
    assert found == settings.locations.lake / "grenzen_gemeente" / "e1" / "gemeente.geojson"


@pytest.mark.parametrize("pins", [_pins(None), _pins("grenzen_gemeente/weg"), {"editions": []}])
def test_without_a_map_the_figures_are_published_all_the_same(settings: Settings, pins: dict[str, Any]) -> None:
    """The service of the map is down, and nobody would get a figure."""
    assert find_boundaries(settings, pins) is None
