"""The day of the week on which a table is pulled whatever its stamps say."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.lake import Edition
from sources.recheck import is_due, is_recheck_due
from sources.refresh import ODATA_FAMILIES
from tests.sources.plain_archives import real_registry
from tests.sources.test_lake import manifest

TABLES = st.text(min_size=1)
MOMENTS = st.integers(0, 20 * 365 * 24 * 60).map(lambda n: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@given(TABLES, MOMENTS, st.timedeltas(timedelta(), timedelta(days=1)))
def test_nothing_is_due_on_the_day_it_was_pulled(bron_id: str, pulled: datetime, later: timedelta) -> None:
    """A second refresh on one day would pull a table again and again."""
    now = pulled + later
    if now.date() == pulled.date():
        assert not is_due(bron_id, pulled, now)


@given(TABLES, MOMENTS, st.integers(7, 400))
def test_everything_is_due_within_a_week_and_stays_due_until_it_is_pulled(
    bron_id: str, pulled: datetime, days: int
) -> None:
    """A machine that was off on the one day would skip that table's week, and the next."""
    assert is_due(bron_id, pulled, pulled + timedelta(days=days))


@given(TABLES, MOMENTS, st.integers(0, 23))
def test_with_a_look_every_night_a_table_comes_once_in_seven_nights(bron_id: str, start: datetime, hour: int) -> None:
    """Also over the nights on which the clock changes, at whatever hour the night is."""
    first = start.replace(hour=hour, minute=30, tzinfo=AMSTERDAM)
    nights = [first + timedelta(days=n) for n in range(400)]
    last, pulls = nights[0], []
    for number, night in enumerate(nights):
        if is_due(bron_id, last, night):
            last = night
            pulls.append(number)
    assert pulls[0] <= 7
    # A night at half past one falls on another day of UTC in summer than in winter.
    allowed = {6, 7, 8} if hour == 1 else {7}
    assert {later - earlier for earlier, later in pairwise(pulls)} <= allowed


def test_the_tables_of_the_registry_are_spread_over_the_week() -> None:
    """All in one night would be a full refresh every week, on one and the same service."""
    families = ODATA_FAMILIES | {"gebieden", "herindeling"}
    tables = [table.bron_id for table in real_registry().tables.values() if table.bron in families]
    monday = datetime(2026, 11, 16, tzinfo=UTC)
    per_day = Counter(
        next(day for day in range(1, 8) if is_due(bron_id, monday, monday + timedelta(days=day))) for bron_id in tables
    )
    assert len(per_day) == 7
    assert max(per_day.values()) <= len(tables) / 3


@pytest.mark.parametrize(
    ("note", "due"),
    [
        (None, True),
        ({"op": "2026-11-21T03:30:00+00:00"}, False),
        ({"op": "2026-10-01T03:30:00+00:00"}, True),
        ({"op": "gisteren"}, True),
        ({}, True),
        ([], True),
    ],
)
def test_the_last_pull_is_the_later_of_download_and_check(tmp_path: Path, note: object, due: bool) -> None:
    """A note that cannot be read must not end the checks of a table for ever."""
    if note is not None:
        (tmp_path / "gecontroleerd.json").write_text(json.dumps(note), encoding="utf-8")
    described = manifest(loaded_at="2026-11-01T03:30:00+00:00")
    edition = Edition("cbs_80001NED", "een", tmp_path / "een", described)
    assert is_recheck_due(edition, datetime(2026, 11, 21, 4, 0, tzinfo=UTC)) is due


def test_an_edition_without_a_readable_moment_is_due(tmp_path: Path) -> None:
    """Nobody knows how old it is."""
    edition = Edition("cbs_80001NED", "een", tmp_path / "een", manifest(loaded_at="onbekend"))
    assert is_recheck_due(edition, datetime(2026, 11, 21, 4, 0, tzinfo=UTC))
