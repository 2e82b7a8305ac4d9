"""Run a command and measure what it took: wall time, processor time and the largest memory of its process."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """What one command took.

    Attributes:
        seconds: wall time.
        cpu_seconds: processor time of the process and of those it waited for; does not suffer from other work.
        peak_mb: largest resident memory of the process itself (VmHWM), in MB.
        status: exit status.
        output: what it printed.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    status: int
    output: str


def measure(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Measured:
    """Run a command to its end.

    Args:
        command: program and arguments.
        environment: added to the environment of this process.
        log: file that takes its output.
    """
    used = _cpu_seconds()
    started = time.perf_counter()
    peak = 0
    with log.open("wb") as out:
        process = subprocess.Popen(list(command), env={**os.environ, **environment}, stdout=out, stderr=out)
        while process.poll() is None:
            peak = max(peak, _peak_kb(process.pid))
            time.sleep(_PAUSE)
    seconds = time.perf_counter() - started
    output = log.read_text(encoding="utf-8", errors="replace")
    return Measured(seconds, _cpu_seconds() - used, peak / 1024, process.returncode, output)


def _cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _peak_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
