"""The example questions (docs/vragen) on the demo publication."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import REPOSITORY, Night

pytestmark = pytest.mark.xdist_group("demo")

QUESTIONS = sorted((REPOSITORY / "docs" / "vragen").glob("*.sql"))
# A first publication has revised nothing; what make mart left may be a later one.
MAY_BE_EMPTY = {"08-wat-is-herzien"}


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_gives_rows_on_demo_data(path: Path, demo_night: Night) -> None:
    """An example that answers nothing on the data that everybody starts with."""
    rows = demo_night.query(path.read_text(encoding="utf-8"))
    assert rows or path.stem in MAY_BE_EMPTY


def test_a_ready_view_has_every_figure_once(demo_night: Night) -> None:
    """A join on too little doubles figures, and one on too much drops them."""
    for view, stored in (
        ("v_profiel", "kpi_gemeente where hoofduitsplitsing"),
        ("v_herkomst", "kpi_gemeente where waarde is not null"),
        ("v_eigen", "kpi_gemeente where familie <> 'impact'"),
        ("v_vergelijking", "kpi_vergelijking where benchmark_type = 'nl'"),
    ):
        assert demo_night.query(f"select (select count(*) from {view}) - (select count(*) from {stored})") == [(0,)]
