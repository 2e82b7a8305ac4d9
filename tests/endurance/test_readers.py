"""Fifty readers, a question a second each, during the whole of several refreshes that publish: they never notice.

On the publication of the demo archive, which is as large as the real one. Run it alone: readers and refresh are meant
to share two cores, not more.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from serving.shelf import kept
from sources.replay.demo import generate
from tests.endurance import state
from tests.endurance.conftest import Tell
from tests.endurance.readers import EVERY, QUESTIONS
from tests.endurance.world import DEBTS, PREMIUM, REGISTRY, REPOSITORY, YOUNG, World, open_world

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("readers")]

PROCESSES, THREADS = 5, 10
CHANGED = (PREMIUM, DEBTS, YOUNG)
LIMIT_MS = 100.0
# No longer than this does somebody read an older publication after another one saw the newer: a session and a bit.
SESSION_SECONDS = 2.0 * QUESTIONS * EVERY
POLITE = 10


@dataclass
class Crowd:
    """The readers: what came of each of their questions."""

    questions: list[dict[str, Any]] = field(default_factory=list)

    def milliseconds(self) -> list[float]:
        """How long the questions took, in order."""
        return sorted(entry["ms"] for entry in self.questions)

    def share(self, part: float) -> float:
        """The time that this part of the questions stays under."""
        times = self.milliseconds()
        return times[min(len(times) - 1, int(part * len(times)))]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The whole demo archive, with one night done."""
    folder = tmp_path_factory.mktemp("lezers")
    generate(folder / "geheel", REGISTRY)
    with open_world(folder / "geheel", folder) as world:
        night = world.night()
        assert night.status == 0, night.output
        yield world


def test_readers_never_notice_a_refresh(large: World, tell: Tell) -> None:
    """Advisors would see errors, half of one publication and half of another, or a mart that hangs every night."""
    published = [state.check_standing(large.locations).name]
    with readers(large.locations.publications) as alone:
        time.sleep(20)
    tell(_figures("readers alone", alone))
    niceness: list[int] = []
    with readers(large.locations.publications) as crowd:
        for table in CHANGED:
            large.revise(table)
            with _watched(large, niceness):
                night = large.night()
            assert (night.status, night.published) == (0, "gepubliceerd"), night.output
            published.append(state.check_standing(large.locations).name)
    tell(_figures(f"readers during {len(CHANGED)} refreshes", crowd))
    _never_noticed(crowd, published)
    assert {state.check_publication(folder)["publicatie_id"] for folder in kept(large.locations.publications)} >= set(
        published
    )
    assert min(niceness) >= POLITE
    assert crowd.share(0.95) < LIMIT_MS


def _never_noticed(crowd: Crowd, published: list[str]) -> None:
    assert [entry for entry in crowd.questions if entry["fout"]] == []
    assert [entry for entry in crowd.questions if len(entry["ids"]) != 1] == []
    assert all(entry["klopt"] and entry["rijen"] > 0 for entry in crowd.questions)
    in_order = sorted(crowd.questions, key=lambda entry: entry["op"])
    seen = [entry["ids"][0] for entry in in_order]
    assert list(dict.fromkeys(seen)) == published
    # Who opens after the switch gets the new one; who had opened before it stays with the old one.
    opened = [entry["ids"][0] for entry in in_order if entry["opent"]]
    for earlier, later in itertools.pairwise(published):
        first = min(entry["op"] for entry in in_order if entry["ids"][0] == later)
        last = max(entry["op"] for entry in in_order if entry["ids"][0] == earlier)
        assert later in opened
        assert last - first < SESSION_SECONDS


def _figures(name: str, crowd: Crowd) -> str:
    return (
        f"{name}: {len(crowd.questions)} questions, p50 {statistics.median(crowd.milliseconds()):.0f} ms, "
        f"p95 {crowd.share(0.95):.0f} ms, p99 {crowd.share(0.99):.0f} ms, max {crowd.milliseconds()[-1]:.0f} ms"
    )


@contextmanager
def readers(publications: Path) -> Iterator[Crowd]:
    """Fifty readers while the body runs; what came of their questions is there afterwards."""
    crowd = Crowd()
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.endurance.readers", str(publications), str(THREADS), str(number)],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    collectors = [threading.Thread(target=_collect, args=(process, crowd)) for process in processes]
    for collector in collectors:
        collector.start()
    try:
        yield crowd
    finally:
        for process in processes:
            assert process.stdin is not None
            process.stdin.close()
        for collector in collectors:
            collector.join()
        for process in processes:
            process.wait(60)
    assert [process.returncode for process in processes] == [0] * PROCESSES


def _collect(process: subprocess.Popen[str], crowd: Crowd) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        crowd.questions.append(json.loads(line))


@contextmanager
def _watched(world: World, niceness: list[int]) -> Iterator[None]:
    """Note how polite the processes of the night are once they are under way: the command, and its dbt child."""
    stop = threading.Event()

    def watch() -> None:
        # Not in the first seconds: a process starts as polite as its parent.
        while not stop.wait(5):
            niceness.extend(state.niceness_of(str(world.data)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join()
