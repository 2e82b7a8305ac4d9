"""One refresh at a time, by a lock that survives a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
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
