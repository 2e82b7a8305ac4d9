"""Another day for a process and its children: the clock of the operating system, moved by a small library.

Nothing of the project knows of it, so what runs is what runs at night.
"""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


def compiler() -> str | None:
    """The C compiler of this machine."""
    return next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)


def build_clock(folder: Path) -> Path:
    """Compile the library."""
    library = folder / "klok.so"
    subprocess.run([compiler() or "cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


def on_day(library: Path, day: int) -> dict[str, str]:
    """Environment for a process that lives some days after today."""
    return {"LD_PRELOAD": str(library), "KLOK_VERSCHUIVING": str(int(timedelta(days=day).total_seconds()))}


def today(day: int) -> datetime:
    """The moment that such a process takes for now."""
    return datetime.now(UTC) + timedelta(days=day)
