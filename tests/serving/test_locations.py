"""Where things lie, and which kind of data a setting means."""

from pathlib import Path

import pytest

from serving.errors import WrongUseError
from serving.locations import Locations, data_folder, kind, locate, sources_setting


@pytest.mark.parametrize(
    ("sources", "soort"),
    [
        ("demo", "demo"),
        (" Demo ", "demo"),
        ("live", "live"),
        ("LIVE", "live"),
        ("http://127.0.0.1:8080", "recorded"),
        ("https://archief.voorbeeld.nl", "recorded"),
        ("../elders/archief", "recorded"),
        ("/srv/archief", "recorded"),
        ("~/archief", "recorded"),
        (".", "recorded"),
    ],
)
def test_each_spelling_of_a_source_has_its_kind(sources: str, soort: str) -> None:
    """Live and demo figures in one folder would be mixed for ever."""
    assert kind(sources) == soort


def test_a_bare_word_is_a_folder_only_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`SOURCES=liev` would otherwise be an archive that holds nothing."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WrongUseError, match="demo, live"):
        kind("archief")
    (tmp_path / "archief").mkdir()
    assert kind("archief") == "recorded"


def test_an_empty_source_is_refused() -> None:
    """An empty setting means demo only where the setting is read."""
    with pytest.raises(WrongUseError):
        kind("  ")
    assert sources_setting({"IMPACT_KPI_SOURCES": "  "}) == "demo"
    assert sources_setting({}) == "demo"


def test_the_data_folder_is_absolute_wherever_the_command_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Views store paths literally: a relative one works from one folder only (D14)."""
    monkeypatch.chdir(tmp_path)
    assert data_folder({}) == tmp_path / "data"
    assert data_folder({"IMPACT_KPI_DATA": "x/../y"}) == tmp_path / "y"
    assert data_folder({"IMPACT_KPI_DATA": "~"}) == Path.home()


def test_kinds_share_no_place(tmp_path: Path) -> None:
    """A demo run must not touch what a live run keeps."""
    names = ("lake", "warehouse", "publications", "dagster", "dbt", "last_run")
    places = [getattr(Locations(tmp_path, soort), name) for soort in ("demo", "recorded", "live") for name in names]
    assert len(set(places)) == len(places)
    assert Locations(tmp_path, "live").warehouse == tmp_path / "live" / "warehouse.duckdb"
    assert Locations(tmp_path, "live").publications == tmp_path / "live" / "publicatie"
    assert all(place.is_absolute() for place in places)


def test_a_kind_that_is_asked_for_wins_from_the_setting(tmp_path: Path) -> None:
    """`--soort live` must show live figures in a shell that is set to demo."""
    environment = {"IMPACT_KPI_DATA": str(tmp_path), "IMPACT_KPI_SOURCES": "demo"}
    assert locate(environ=environment) == Locations(tmp_path, "demo")
    assert locate("live", environment) == Locations(tmp_path, "live")


def test_a_kind_that_is_asked_for_needs_no_valid_setting(tmp_path: Path) -> None:
    """A typing error in the environment must not stop somebody who says which kind."""
    assert locate("live", {"IMPACT_KPI_SOURCES": "liev"}).soort == "live"
