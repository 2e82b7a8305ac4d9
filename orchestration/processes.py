"""What the operating system knows of processes: since when they run, whether they still do, how polite they are."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

# Readers go first: the night has hours, an advisor's question has milliseconds.
_NICE = 10
_STARTED_AT = 19


def be_polite() -> None:
    """Give way to other processes; does nothing to a process that gives way already."""
    if os.getpriority(os.PRIO_PROCESS, 0) < _NICE:
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    # Linux may weigh whole sessions against each other: one that was begun for the night gives way as a whole.
    if os.getsid(0) in {os.getpid(), os.getppid()} and not _has_terminal():
        with suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(_NICE), encoding="ascii")


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def started_at(pid: int) -> float | None:
    """When a process began (seconds since 1970), or None when it is gone or this system does not tell."""
    try:
        # The name between brackets may hold spaces; what comes after it does not.
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        if after_name[0] == "Z":
            return None
        since_boot = int(after_name[_STARTED_AT]) / os.sysconf("SC_CLK_TCK")
        return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + since_boot
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def is_running(pid: int) -> bool:
    """Whether there is a process with this number; one that nobody has buried yet does not count."""
    if Path("/proc/self/stat").exists():
        return started_at(pid) is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
