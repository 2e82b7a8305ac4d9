"""The guide for connecting an organisation, carried out as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.replay.demo import ensure_demo_archive
from tests.end_to_end.conftest import REPOSITORY
from tests.end_to_end.walkthrough import Ran, Walk, read_page

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("guides")]

PAGE = REPOSITORY / "docs" / "guides" / "connect-an-organisation.md"
LAST = "Publish and read a figure"
PERSONAL = "999900195"


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return Walk(read_page(PAGE), tmp_path_factory.mktemp("gids"))


@pytest.fixture(scope="module")
def loaded(walk: Walk) -> dict[str, list[Ran]]:
    """Everything up to and including the loading."""
    return {title: walk.section(title) for title in walk.page if title != LAST}


def test_the_guide_leads_from_nothing_to_a_loaded_delivery(walk: Walk, loaded: dict[str, list[Ran]]) -> None:
    """A newcomer would be stuck where the guide and the program differ."""
    assert [title for title, ran in loaded.items() if ran] == [
        "Start a folder",
        "Check before anything is loaded",
        "Load",
    ]
    assert list((walk.folder / "data" / "live" / "lake" / "levering").glob("*/tabel/casus.parquet"))


def test_the_check_names_the_column_and_the_row_and_shows_nothing_personal(loaded: dict[str, list[Ran]]) -> None:
    """A report that is mailed around would carry what must not leave the organisation."""
    refused, quarantined = (ran.output for ran in loaded["Check before anything is loaded"])
    assert "Meldingen_2025.csv" in refused
    assert "Meldingen_2025.csv" in quarantined
    assert "7" in quarantined
    assert all(PERSONAL not in ran.output for several in loaded.values() for ran in several)


def test_checking_keeps_nothing(tmp_path: Path) -> None:
    """Whoever only wanted to look would have loaded."""
    walk = Walk(read_page(PAGE), tmp_path)
    for title in ("Start a folder", "Put the exports in a folder of their own", "Say what stands where"):
        walk.section(title)
    before = {path for path in walk.folder.rglob("*") if path.is_file() and path.suffix != ".lock"}
    walk.section("Check before anything is loaded")
    after = {path for path in walk.folder.rglob("*") if path.is_file() and path.suffix != ".lock"}
    assert after == before


def test_the_guide_leads_to_a_published_figure(
    walk: Walk, loaded: dict[str, list[Ran]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The last page of the guide would show a figure that nobody gets."""
    archive = ensure_demo_archive(
        tmp_path_factory.mktemp("archief") / "demo", REPOSITORY / "dbt_project" / "seeds" / "registry"
    )
    # The guide says live; here an archive stands in for the services.
    _move(walk, archive)
    walk.section(LAST)
    assert set(walk.done) == set(walk.page)


def _move(walk: Walk, archive: Path) -> None:
    walk.environment["IMPACT_KPI_SOURCES"] = str(archive)
    data = walk.folder / "data"
    if not (data / "recorded").exists():
        (data / "live").rename(data / "recorded")
