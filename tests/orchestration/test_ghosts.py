"""Runs of killed processes: they are buried, and runs of living ones are left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest

from orchestration.ghosts import PID_TAG, bury_ghosts

# Runs a job in process, on a history in a folder, and waits inside its only step.
NIGHT = """
import os, sys, time
import dagster as dg

@dg.op
def wait():
    print("busy", flush=True)
    time.sleep(60)

@dg.job(executor_def=dg.in_process_executor)
def nightly():
    wait()

with dg.DagsterInstance.local_temp(sys.argv[1]) as instance:
    nightly.execute_in_process(instance=instance, tags=dict([sys.argv[2].split("=")]) if sys.argv[2] else {})
"""


def start(folder: Path, tag: str = "") -> subprocess.Popen[bytes]:
    """A night that has begun and does not end."""
    # What a step prints goes to a file of Dagster, so that its begin has to be read there.
    return subprocess.Popen([sys.executable, "-c", NIGHT, str(folder), tag], stderr=subprocess.DEVNULL)


def wait_until_busy(instance: dg.DagsterInstance, night: subprocess.Popen[bytes]) -> dg.DagsterRun:
    while night.poll() is None:
        for run in instance.get_runs():
            if instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_START):
                return run
    raise AssertionError("the night ended by itself")


@pytest.fixture
def history(tmp_path: Path) -> Path:
    folder = tmp_path / "dagster"
    folder.mkdir()
    return folder


def test_a_run_that_was_killed_is_failed_and_a_living_one_is_left_alone(history: Path) -> None:
    """One kill would keep the only place of max_concurrent_runs, and no night would start again."""
    with dg.DagsterInstance.local_temp(str(history)) as instance:
        night = start(history)
        run = wait_until_busy(instance, night)
        assert bury_ghosts(instance) == []
        night.send_signal(signal.SIGKILL)
        night.wait()
        assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.STARTED
        assert [buried.run_id for buried in bury_ghosts(instance)] == [run.run_id]
        assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
        assert bury_ghosts(instance) == []


@pytest.mark.long
def test_a_process_that_got_the_number_of_a_dead_one_does_not_keep_its_run_alive(history: Path) -> None:
    """After a restart of the server some other program has that number, and the ghost would stay for ever."""
    with dg.DagsterInstance.local_temp(str(history)) as instance:
        night = start(history, f"{PID_TAG}={os.getpid()}")
        run = wait_until_busy(instance, night)
        night.kill()
        night.wait()
        # This test's own process lives, and is older than the run: that may be it.
        assert bury_ghosts(instance) == []
        began = instance.get_run_record_by_id(run.run_id).start_time
        assert began is not None
        time.sleep(max(0.0, began + 6.0 - time.time()))
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as younger:
            instance.add_run_tags(run.run_id, {PID_TAG: str(younger.pid)})
            assert [buried.run_id for buried in bury_ghosts(instance)] == [run.run_id]
            younger.communicate(b"einde\n")
