"""A whole night with ten tables hurt in ten ways and one service down, as the engineer runs it: command and all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from serving.locations import Locations
from sources.replay import Fault, ReplayServer
from sources.replay.demo import ensure_demo_archive
from tests.archives import DERDEN, edit
from tests.end_to_end.conftest import REPOSITORY, Night, run_night
from tests.failures.reader import reading

pytestmark = pytest.mark.long

WAYS = (
    "reset", "truncate", "badjson", "empty200", "html200", "500", "404", "silent-empty", "short",
    "change-modified-midway",
)  # fmt: skip
_ALL = "select * exclude (editie, noemer_editie, verouderd_sinds) from kpi_waarde order by all"
_STALE_FIGURES = """
    select distinct bron_id, noemer_bron_id from kpi_waarde where verouderd_sinds is not null and waarde is not null
"""
_FRESH_FIGURES = """
    select distinct bron_id, noemer_bron_id from kpi_waarde where verouderd_sinds is null and waarde is not null
"""


@dataclass(frozen=True)
class Three:
    """The night before, the night of the faults, the night after; which sources were hurt, and what a reader noticed.

    `noticed` is what two sessions that were opened after the first night say of it: one after the second night, one
    after the third.
    """

    before: Night
    faulty: Night
    after: Night
    hurt: frozenset[str]
    ways: dict[str, str]
    noticed: tuple[str | None, str | None]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Three:
    """Three nights of one installation; what a night leaves is copied aside before the next one."""
    assert pytestconfig.cache is not None
    demo = ensure_demo_archive(
        pytestconfig.cache.mkdir("demo") / "archief", REPOSITORY / "dbt_project" / "seeds" / "registry"
    )
    folder = tmp_path_factory.mktemp("nights")
    archive = folder / "archive"
    shutil.copytree(demo, archive)
    _renew(archive, days_ago=2)
    data = folder / "data"
    with ReplayServer(archive) as server, ExitStack() as house:
        first = run_night(data, server.base_url)
        sessions = [house.enter_context(reading(Locations(data, "recorded"))) for _ in range(2)]
        before = _aside(first, folder / "before")
        tables = _tables_in_use(before)
        ways = dict(zip(tables, WAYS, strict=True))
        _renew(archive, *tables, days_ago=1)
        server.set_faults([Fault("reset", DERDEN), *_faults(ways)])
        faulty = _aside(run_night(data, server.base_url), folder / "faulty")
        noticed_then = sessions[0].noticed()
        server.set_faults([])
        after = run_night(data, server.base_url)
        noticed = (noticed_then, sessions[1].noticed())
    guests = {bron_id for (bron_id,) in before.query("select bron_id from bron where bron in ('rivm', 'politie')")}
    hurt = {bron_id for (bron_id,) in before.query(f"select bron_id from bron where tabel in {tables!r}")}
    return Three(before, faulty, after, frozenset(guests | hurt), ways, noticed)


def test_the_first_night_is_good(three: Three) -> None:
    """What follows is compared with it."""
    assert three.before.status == 0, three.before.output
    assert three.before.query("select count(*) from bron where verouderd_sinds is not null") == [(0,)]


def test_the_night_publishes_and_says_with_its_status_that_sources_failed(three: Three) -> None:
    """Status 0 hides it, status 1 says that nothing was published."""
    assert three.faulty.status == 2, three.faulty.output
    assert three.faulty.publication.name != three.before.publication.name
    assert three.faulty.last_run["gelukt"] is True


def test_exactly_the_hurt_sources_are_out_of_date(three: Three) -> None:
    """One too many and nobody believes the mark; one too few and a stale figure passes for fresh."""
    stale = three.faulty.query("select bron_id from bron where verouderd_sinds is not null")
    told = {source["bron_id"] for source in three.faulty.last_run["bronnen"] if source["verouderd_sinds"]}
    used = {bron_id for (bron_id,) in three.before.query("select bron_id from bron where editie is not null")}
    assert {bron_id for (bron_id,) in stale} == three.hurt & used
    assert told == three.hurt & used


def test_exactly_their_figures_say_so(three: Three) -> None:
    """An advisor reads a figure, not the list of sources."""
    stale, fresh = (three.faulty.query(sql) for sql in (_STALE_FIGURES, _FRESH_FIGURES))
    assert [pair for pair in stale if not set(pair) & three.hurt] == []
    assert [pair for pair in fresh if set(pair) & three.hurt] == []
    assert {bron_id for pair in stale for bron_id in pair} >= {f"cbs_{table_id}" for table_id in three.ways}


def test_no_figure_has_changed(three: Three) -> None:
    """Ten kinds of broken answers and not one digit of them in the mart."""
    assert three.faulty.query(_ALL) == three.before.query(_ALL)


def test_the_terminal_names_every_hurt_table(three: Three) -> None:
    """What is not named is not looked at."""
    lines = three.faulty.output.splitlines()
    for table_id, way in three.ways.items():
        assert any("Verouderd sinds" in line and table_id in line for line in lines), (table_id, way)


def test_the_next_night_heals(three: Three) -> None:
    """Nothing has to be repaired by hand."""
    assert three.after.status == 0, three.after.output
    assert three.after.query("select count(*) from bron where verouderd_sinds is not null") == [(0,)]
    assert three.after.query("select count(*) from kpi_waarde where verouderd_sinds is not null") == [(0,)]
    assert three.after.query(_ALL) == three.before.query(_ALL)


def test_who_reads_meanwhile_notices_nothing_of_two_new_publications(three: Three) -> None:
    """A figure would change under the eyes of an advisor, or a table stop half-way."""
    assert len({night.publication.name for night in (three.before, three.faulty, three.after)}) == 3
    assert three.noticed == (None, None)


def test_nothing_hidden_is_left_in_the_lake(three: Three) -> None:
    """Half-built editions of a year of bad nights fill a disk."""
    lake = three.after.data / three.after.soort / "lake"
    assert sorted(path.name for path in lake.rglob(".*")) == []


def _tables_in_use(night: Night) -> tuple[str, ...]:
    """As many tables of the first service as there are ways to hurt one: small ones that figures come from."""
    rows = night.query(
        "select tabel from bron where bron = 'cbs' and editie is not null and rijen > 0 "
        "and bron_id in (select bron_id from kpi_waarde where waarde is not null) order by rijen, tabel limit ?",
        len(WAYS),
    )
    return tuple(table_id for (table_id,) in rows)


def _renew(archive: Path, *tables: str, days_ago: int) -> None:
    """Let tables (all of them by default) be of a recent day, so that nothing but the faults is remarked on."""
    stamp = f"{datetime.now(UTC) - timedelta(days=days_ago):%Y-%m-%dT02:00:00}"
    for folder in sorted((archive / "odata").glob("*/*")):
        if not tables or folder.name in tables:
            for resource in ("catalog", "TableInfos"):
                edit(folder, resource, {"Modified": stamp})


def _faults(ways: dict[str, str]) -> Sequence[Fault]:
    """Each hurts the rows of one table, whenever they are asked."""
    return [Fault(way, f"{table_id}/TypedDataSet?") for table_id, way in ways.items()]


def _aside(night: Night, folder: Path) -> Night:
    """Keep what a night published and said: the next one may write over its report."""
    home = night.data / night.soort / "publicatie"
    shutil.copytree(home, folder / night.soort / "publicatie", symlinks=True)
    return Night(folder, night.soort, night.status, night.output)
