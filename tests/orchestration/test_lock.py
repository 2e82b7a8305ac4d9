"""One refresh at a time, by a lock that survives a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.lock import RefreshBusyError, refresh_lock

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
