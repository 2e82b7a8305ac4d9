"""kill -9 at random moments of a full refresh: readers lose nothing, and one undisturbed night makes all of it good.

The next attempt starts at once after each kill. Half of the kills hit the night alone, whose dbt child goes on.
IMPACT_KPI_KILLS says how many kills (default 40), IMPACT_KPI_SEED which moments; the seed is printed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import FULL_VARIABLE
from tests.endurance import state
from tests.endurance.conftest import Tell
from tests.endurance.world import DEBTS, PREMIUM, YOUNG, World

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("crash")]

KILLS = int(os.environ.get("IMPACT_KPI_KILLS", "40"))
SEED = int(os.environ.get("IMPACT_KPI_SEED", str(time.time_ns() % 1_000_000)))
CHANGED = (PREMIUM, DEBTS, YOUNG)
# A night that ends before its kill is no kill; this often it may be too quick.
ATTEMPTS = 3
# An orphan waits for nobody but the warehouse: its own retries end well before this.
_ORPHANS_END = 600.0


@dataclass(frozen=True)
class Kill:
    """One kill that hit: after how many seconds, and whether the children were killed too."""

    after: float
    group: bool


def test_no_kill_costs_a_reader_or_the_next_night_anything(world: World, tell: Tell) -> None:
    """A power cut at 04:00 would leave half a publication, a lake that cannot be read, or a night that never heals."""
    tell(f"seed {SEED}, {KILLS} kills")
    lot = random.Random(SEED)
    assert world.night().status == 0, world.output()
    # Every night pulls and builds everything: there is no moment at which nothing is written.
    world.environment[FULL_VARIABLE] = "ja"
    duration = _undisturbed(world, tell)
    kills: list[Kill] = []
    leaders: list[int] = []
    for _ in range(ATTEMPTS * KILLS):
        if len(kills) == KILLS:
            break
        world.revise(CHANGED[len(kills) % len(CHANGED)])
        before = state.check_standing(world.locations)
        with _reader(before) as still_answers:
            hit = _killed(world, lot.uniform(0, duration), group=len(kills) % 2 == 1, leaders=leaders)
            after = state.check_standing(world.locations)
            still_answers()
        assert state.check_publication(before), "the publication of before was damaged"
        if hit is not None:
            kills.append(hit)
            tell(f"kill {len(kills)} after {hit.after:.1f} s ({'group' if hit.group else 'alone'}): {after.name}")
    assert len(kills) == KILLS
    _await_orphans(leaders)
    del world.environment[FULL_VARIABLE]
    night = world.night()
    assert night.status == 0, night.output
    _as_if_nothing_happened(world)


def _as_if_nothing_happened(world: World) -> None:
    """The folder that was killed holds the figures of one that never was, and nothing else."""
    folder = state.check_standing(world.locations)
    control = world.beside("controle")
    assert control.night().status == 0, control.output()
    undisturbed = state.check_standing(control.locations)
    assert state.content(folder) == state.content(undisturbed)
    assert state.leftovers(world.locations) == []
    busy = {run for run, (status, _) in state.runs(world.locations).items() if status not in {"SUCCESS", "FAILURE"}}
    assert busy == set()


def _undisturbed(world: World, tell: Tell) -> float:
    """How long a night takes in which a table changed."""
    world.revise(PREMIUM)
    started = time.monotonic()
    night = world.night()
    assert (night.status, night.published) == (0, "gepubliceerd"), night.output
    tell(f"an undisturbed night takes {time.monotonic() - started:.1f} s")
    return time.monotonic() - started


def _killed(world: World, delay: float, *, group: bool, leaders: list[int]) -> Kill | None:
    """Start a night and kill it; None when it had ended by itself, which it then did well."""
    process = world.start()
    leaders.append(process.pid)
    try:
        status = process.wait(delay)
    except subprocess.TimeoutExpired:
        (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
        return Kill(delay, group)
    # Not 0 alone: an orphan of the kill before may have held the warehouse until the retries were over.
    assert status in {0, 1}, world.output()
    return None


def _await_orphans(leaders: list[int]) -> None:
    """Wait until the children that outlived their night have ended."""
    deadline = time.monotonic() + _ORPHANS_END
    while any(state.members_of_session(leader) for leader in leaders):
        assert time.monotonic() < deadline, "a child of a killed night never ends"
        time.sleep(0.5)


@contextmanager
def _reader(folder: Path) -> Iterator[Callable[[], None]]:
    """Somebody who opened the publication before the kill; the function asks again and expects the same."""
    query = "select count(*), count(waarde), sum(waarde) from kpi_gemeente"
    with duckdb.connect(str(folder / "impact_kpi.duckdb"), read_only=True) as connection:
        answer = connection.execute(query).fetchall()

        def still_answers() -> None:
            assert connection.execute(query).fetchall() == answer

        yield still_answers
