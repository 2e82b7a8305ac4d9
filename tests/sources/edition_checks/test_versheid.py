"""Is a table older than its own rhythm allows: judged each night, for tables that may still grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sources.edition_checks import versheid
from sources.edition_checks.model import EditionCheck
from tests.registries import row, table
from tests.sources.test_lake import manifest

STAMP = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
KPIS = {"reeks": ("I 1.1.1",), "tweede": ("I 1.1.2",), "oud": ("I 9.9.9",)}


def judge(days: int, *, ritme: str = "jaarlijks", rows: Any = None, **manifest_changes: Any) -> EditionCheck:
    fields = {"modified": "2026-01-01T02:00:00", "identity": "live"} | manifest_changes
    rows = rows or [row("80001NED", jaren="2012-")]
    now = STAMP + timedelta(days=days)
    return versheid.check(replace(table("80001NED"), ritme=ritme), rows, KPIS, manifest(**fields), now)


@pytest.mark.parametrize(
    ("ritme", "fine", "late"),
    [("maandelijks", 45, 46), ("jaarlijks", 457, 458), ("tweejaarlijks", 822, 823), ("vierjaarlijks", 1553, 1554)],
)
def test_each_rhythm_has_its_own_patience(ritme: str, fine: int, late: int) -> None:
    """One limit for all would call a survey of every four years late for three of them."""
    assert judge(fine, ritme=ritme).passed
    assert not judge(late, ritme=ritme).passed


def test_the_message_names_kpi_table_since_when_and_remedy() -> None:
    """'Stale' alone sends nobody anywhere."""
    rows = [row("80001NED", jaren="2012-"), row("80001NED", "tweede"), row("80001NED", "oud", jaren="2012-2020")]
    found = judge(600, rows=rows)
    assert found.severity == "waarschuwing"
    assert found.melding.startswith("I 1.1.1, I 1.1.2: tabel 80001NED is jaarlijks en voor het laatst gewijzigd op")
    assert "sinds 2027-04-03 wordt een nieuwe versie verwacht" in found.melding
    assert "opvolger" in found.melding
    assert found.facts["te_laat_sinds"] == "2027-04-03"
    assert found.facts["dagen_oud"] == 600


@pytest.mark.parametrize(
    "changes",
    [
        {"frequency": "Stopgezet"},
        {"modified": ""},
        {"identity": "4dcdfb0573d79a38"},
        {"rows": [row("80001NED", chain="year_table", jaren="2024")]},
        {"rows": [row("80001NED", jaren="2012-2020")]},
        {"rows": [row("80001NED", gebruik="context")]},
    ],
    ids=["stopped", "no stamp", "an archive", "a year table", "years that are all there", "only for context"],
)
def test_what_cannot_grow_is_never_late(changes: dict[str, Any]) -> None:
    """A warning that nobody can end hides the ones that matter."""
    assert judge(5000, **changes).passed


def test_an_open_end_behind_closed_years_still_grows() -> None:
    """The last span decides: figures up to 2019 and again from 2021 on."""
    assert not judge(5000, rows=[row("80001NED", jaren="2012-2019;2021-")]).passed
