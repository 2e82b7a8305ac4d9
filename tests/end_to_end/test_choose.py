"""The guide for choosing KPIs, carried out as it stands."""

from __future__ import annotations

import re

import pytest

from tests.end_to_end.conftest import REPOSITORY
from tests.end_to_end.walkthrough import Ran, Walk, read_page

PAGE = REPOSITORY / "docs" / "guides" / "choose-your-kpis.md"
LAST = "Use it"


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return Walk(read_page(PAGE), tmp_path_factory.mktemp("gids"))


@pytest.fixture(scope="module")
def checked(walk: Walk) -> dict[str, list[Ran]]:
    """Everything up to the refresh."""
    return {title: walk.section(title) for title in walk.page if title != LAST}


def test_the_guide_leads_from_nothing_to_a_checked_profile(checked: dict[str, list[Ran]]) -> None:
    """A newcomer would be stuck where the guide and the program differ."""
    assert [title for title, ran in checked.items() if ran] == ["Start from the example", "Check"]


def test_checking_writes_nothing(walk: Walk, checked: dict[str, list[Ran]]) -> None:
    """Whoever only wanted to look would have made a data folder."""
    assert not (walk.folder / "data").exists() or walk.done[-1] == LAST


@pytest.mark.long
@pytest.mark.xdist_group("guides")
def test_the_guide_leads_to_a_mart_that_knows_the_choice(walk: Walk, checked: dict[str, list[Ran]]) -> None:
    """The choice would be read and change nothing that an advisor sees."""
    shown = {ran.command: ran.output for ran in walk.section(LAST)}
    profile = next(output for command, output in shown.items() if command.endswith("gemeente Breda"))
    assert set(re.findall(r"^([IEAKB] [\d.]+) ", profile, re.MULTILINE)) == {"I 1.1.1", "I 3.3.3", "A 4"}
    assert set(walk.done) == set(walk.page)


def test_the_guide_names_every_key(walk: Walk) -> None:
    """A key that can be set and is explained nowhere."""
    text = PAGE.read_text(encoding="utf-8")
    keys = ("organisatie.naam", "gemeenten", "kpis", "benchmark", "labels", "richtingen", "werksoorten")
    assert all(f"| `{key}` |" in text for key in keys)
