"""One refresh at a time, by a lock that survives a kill."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from orchestration.lock import RefreshBusyError, claim_refresh, holds_refresh, refresh_lock
from orchestration.settings import load_settings

HOLDER = """
import sys, time
from pathlib import Path
from orchestration.lock import refresh_lock
with refresh_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_refresh_is_told_who_has_the_lock_and_a_kill_frees_it(tmp_path: Path) -> None:
    """Two refreshes would write one warehouse, or a killed one would block every night after it."""
    path = tmp_path / "ververs.lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RefreshBusyError, match=str(holder.pid)), refresh_lock(path):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    deadline = time.monotonic() + 5
    while True:
        try:
            with refresh_lock(path):
                return
        except RefreshBusyError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


CLAIMER = """
import sys
from orchestration.lock import RefreshBusyError, claim_refresh, holds_refresh, refresh_lock
from orchestration.settings import load_settings
settings = load_settings({"IMPACT_KPI_DATA": sys.argv[1]})
assert not holds_refresh(settings)
if sys.argv[2] == "inside":
    with refresh_lock(settings.lock):
        claim_refresh(settings)
    assert not holds_refresh(settings)
claim_refresh(settings)
claim_refresh(settings)
assert holds_refresh(settings)
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("first", ["inside", "alone"])
def test_a_step_of_the_daemon_keeps_the_command_out_until_its_process_ends(tmp_path: Path, first: str) -> None:
    """A click in the UI would write the warehouse that the command is writing, or a second step would block itself."""
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path)})
    arguments = [sys.executable, "-c", CLAIMER, str(tmp_path), first]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as claimer:
        assert claimer.stdout is not None
        assert claimer.stdout.readline() == "held\n"
        with pytest.raises(RefreshBusyError, match=str(claimer.pid)):
            claim_refresh(settings)
        with pytest.raises(RefreshBusyError, match=str(claimer.pid)), refresh_lock(settings.lock):
            pass
        assert not holds_refresh(settings)
        claimer.communicate("einde\n")
    with refresh_lock(settings.lock):
        assert holds_refresh(settings)
        claim_refresh(settings)
    assert not holds_refresh(settings)


def test_a_lock_that_was_taken_without_a_word_is_not_that_of_the_last_refresh(tmp_path: Path) -> None:
    """An engineer would look for process 4242 of yesterday while `flock … cp` makes the backup."""
    path = tmp_path / "ververs.lock"
    with refresh_lock(path):
        pass
    with path.open() as backup:
        fcntl.flock(backup, fcntl.LOCK_EX)
        with pytest.raises(RefreshBusyError, match="reservekopie"), refresh_lock(path):
            pass


def test_what_a_killed_process_wrote_is_not_the_holder(tmp_path: Path) -> None:
    """It frees the lock but cannot empty the file."""
    path = tmp_path / "ververs.lock"
    with subprocess.Popen(["true"]) as process:
        process.wait()
    path.write_text(json.dumps({"pid": process.pid, "sinds": "2026-11-21T03:30:00+00:00"}), encoding="utf-8")
    with path.open() as backup:
        fcntl.flock(backup, fcntl.LOCK_EX)
        with pytest.raises(RefreshBusyError, match="reservekopie"), refresh_lock(path):
            pass


def test_who_is_patient_gets_the_lock_when_it_comes_free(tmp_path: Path) -> None:
    """A delivery that is loaded at half past three would cost that whole night."""
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path)})
    arguments = [sys.executable, "-c", CLAIMER, str(tmp_path), "alone"]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as claimer:
        assert claimer.stdout is not None
        assert claimer.stdin is not None
        assert claimer.stdout.readline() == "held\n"
        with pytest.raises(RefreshBusyError, match=str(claimer.pid)):
            claim_refresh(settings, patience=0.1)
        threading.Timer(1.0, claimer.stdin.close).start()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("orchestration.lock._held", {})
            claim_refresh(settings, patience=30)
            assert holds_refresh(settings)
