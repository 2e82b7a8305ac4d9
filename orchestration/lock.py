"""One refresh at a time: a file lock that the kernel frees when its holder dies.

Whoever refreshes, loads or erases holds it, whichever way the work was started: by the command, by the daemon of
`make serve` or by a click in the UI.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from orchestration.processes import is_running

if TYPE_CHECKING:
    from orchestration.settings import Settings

# Metadata of a step in Dagster that did nothing, because it did not get the lock.
REFUSED = "geweigerd"


class RefreshBusyError(RuntimeError):
    """Another refresh of the same kind of data is running."""


_LOOK_SECONDS = 0.5
# Lock files that this very process holds; the process id is part of it because a fork copies the table.
_held: dict[tuple[int, Path], TextIO | None] = {}
_guard = threading.Lock()


@contextmanager
def refresh_lock(path: Path) -> Iterator[None]:
    """Hold the lock file while the body runs.

    Raises:
        RefreshBusyError: somebody else holds it; the message says which process, since when.
    """
    handle = _take(path)
    key = _key(path)
    with handle:
        _held[key] = None
        try:
            yield
        finally:
            _held.pop(key, None)
            # Whoever takes the lock without a word, such as a backup with flock, must not be taken for this process.
            handle.truncate(0)


def claim_refresh(settings: Settings, patience: float = 0.0) -> None:
    """Hold the lock file from now until this process ends; does nothing when this process holds it already.

    Args:
        settings: of the run.
        patience: seconds to wait for whoever holds it.

    Raises:
        RefreshBusyError: somebody else still holds it.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return _claim(settings)
        except RefreshBusyError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(_LOOK_SECONDS)


def _claim(settings: Settings) -> None:
    with _guard:
        if not holds_refresh(settings):
            # Kept open on purpose: closing it, or the end of the process, frees the lock.
            _held[_key(settings.lock)] = _take(settings.lock)


def holds_refresh(settings: Settings) -> bool:
    """Whether this very process holds the lock."""
    return _key(settings.lock) in _held


def _key(path: Path) -> tuple[int, Path]:
    return os.getpid(), path.resolve()


def _take(path: Path) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        with handle:
            raise RefreshBusyError(_who_has_it(handle.read())) from None
    handle.truncate(0)
    handle.write(json.dumps({"pid": os.getpid(), "sinds": datetime.now(UTC).isoformat(timespec="seconds")}))
    handle.flush()
    return handle


def _who_has_it(text: str) -> str:
    try:
        holder = json.loads(text)
        # What a killed process wrote stays in the file until the next one writes.
        if is_running(holder["pid"]):
            return (
                f"Er loopt al een verversing (proces {holder['pid']}, sinds {holder['sinds']}). Wacht tot die klaar is."
            )
    except (ValueError, KeyError, TypeError):
        pass
    return (
        "Iets anders houdt het slot op de datamap vast, zoals een reservekopie met flock. Wacht tot dat klaar is; "
        "fuser op ververs.lock noemt het proces."
    )
