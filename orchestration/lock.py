"""One refresh at a time: a file lock that the kernel frees when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path


class RefreshBusyError(RuntimeError):
    """Another refresh of the same kind of data is running."""


@contextmanager
def refresh_lock(path: Path) -> Iterator[None]:
    """Hold the lock file while the body runs.

    Raises:
        RefreshBusyError: somebody else holds it; the message says which process, since when.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            raise RefreshBusyError(_who_has_it(handle.read())) from None
        handle.truncate(0)
        handle.write(json.dumps({"pid": os.getpid(), "sinds": datetime.now(UTC).isoformat(timespec="seconds")}))
        handle.flush()
        yield


def _who_has_it(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"Er loopt al een verversing (proces {holder['pid']}, sinds {holder['sinds']}). Wacht tot die klaar is."
    except (ValueError, KeyError):
        return "Er loopt al een verversing. Wacht tot die klaar is."
