"""The last look at each source table: what it left in use is what a build reads, and no table stops another."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.results import load_results, store_result
from orchestration.settings import REGISTRY
from sources.lake import CURRENT, Edition
from sources.registry import SourceTable, load_registry
from sources.results import TableResult
from tests.sources.test_lake import commit

BRON = "cbs_80001NED"


@pytest.fixture
def tables() -> list[SourceTable]:
    """Two tables of the registry, the first under the name of the edition that the tests of the lake make."""
    first, second, *_ = load_registry(REGISTRY).tables.values()
    return [replace(first, bron_id=BRON), second]


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


@pytest.fixture
def edition(lake: Path) -> Edition:
    return commit(lake)


def test_what_was_stored_is_read_again_with_its_edition(
    tmp_path: Path, lake: Path, edition: Edition, tables: list[SourceTable]
) -> None:
    """The pins and the report would know less than the refresh did."""
    since = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    result = TableResult(BRON, "fout", edition, "dienst weg", rows=3, verouderd_sinds=since)
    store_result(tmp_path / "bronnen", result)
    assert load_results(tmp_path / "bronnen", lake, tables)[BRON].result == result


def test_a_table_that_had_nothing_to_use_does_not_get_what_lies_in_the_lake(
    tmp_path: Path, lake: Path, edition: Edition, tables: list[SourceTable]
) -> None:
    """An edition that was found unfit, or that a newer table took over from, would be published after all."""
    store_result(tmp_path / "bronnen", TableResult(BRON, "fout", None, "de vorige editie is niet bruikbaar"))
    look = load_results(tmp_path / "bronnen", lake, tables)[BRON].result
    assert (look.state, look.edition) == ("fout", None)


def test_an_edition_that_became_unreadable_fails_its_own_table_only(
    tmp_path: Path, lake: Path, edition: Edition, tables: list[SourceTable]
) -> None:
    """One file that somebody removed by hand would end the whole night in a Python error, without a report."""
    for bron_id in (BRON, tables[1].bron_id):
        store_result(tmp_path / "bronnen", TableResult(bron_id, "ongewijzigd", edition if bron_id == BRON else None))
    (lake / BRON / CURRENT).write_text("weg\n", encoding="utf-8")
    looks = load_results(tmp_path / "bronnen", lake, tables)
    broken = looks[BRON].result
    assert (broken.state, broken.edition) == ("fout", None)
    assert "Zet er een van de andere edities in" in (broken.melding or "")
    assert looks[tables[1].bron_id].result.state == "ongewijzigd"


@pytest.mark.parametrize(("state", "used"), [("ongewijzigd", True), ("fout", True), ("niet_nodig", False)])
def test_a_file_of_an_older_version_says_by_its_state_whether_there_was_an_edition(
    tmp_path: Path, lake: Path, edition: Edition, tables: list[SourceTable], state: str, used: bool
) -> None:
    """After an upgrade one table refreshed in the UI would leave every other table out of the mart."""
    folder = tmp_path / "bronnen"
    store_result(folder, TableResult(BRON, "ongewijzigd", edition))
    stored = json.loads((folder / f"{BRON}.json").read_text(encoding="utf-8"))
    del stored["editie"]
    (folder / f"{BRON}.json").write_text(json.dumps({**stored, "state": state}), encoding="utf-8")
    assert load_results(folder, lake, tables)[BRON].result.edition == (edition if used else None)
