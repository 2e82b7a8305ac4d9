"""One night of the theatre in a process of its own: `python -m tests.failures.child <task>` prints its results."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from orchestration.lock import RefreshBusyError, refresh_lock
from sources.http import HttpSettings, Transport
from tests.failures.theatre import refresh


def main(text: str) -> None:
    """Play the night that the task describes, under the lock when it names one."""
    task = json.loads(text)
    lock = refresh_lock(Path(task["lock"])) if task["lock"] else nullcontext()
    try:
        with lock, Transport(HttpSettings(**task["settings"])) as transport:
            moment = datetime.fromisoformat(task["now"])
            results = refresh(Path(task["lake"]), task["base_url"], Path(task["archive"]), transport, moment)
    except RefreshBusyError as busy:
        print(json.dumps({"bezet": str(busy)}))  # noqa: T201 - the parent reads this
    else:
        print(json.dumps({key: result.to_json() for key, result in results.items()}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
