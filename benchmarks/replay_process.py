"""A replay server in a process of its own, so that it takes no time of the process that is measured.

`python -m benchmarks.replay_process <archive> <latency>` prints its base address; for each line on its input it prints
what was sent since the line before, as JSON, and it ends with its input.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sources.replay import ReplayServer

_CACHE = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Sent:
    """What a server sent between two questions."""

    requests: int
    connections: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Replay:
    """A running server."""

    base: str
    process: subprocess.Popen[str]

    def sent(self) -> Sent:
        """What it sent since the last time this was asked."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return Sent(**json.loads(_line(self.process.stdout)))


@contextmanager
def replaying(archive: Path, latency: float) -> Iterator[Replay]:
    """Serve an archive while the body runs."""
    command = [sys.executable, "-m", "benchmarks.replay_process", str(archive), str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Replay(_line(process.stdout), process)
        finally:
            process.terminate()


def _line(stream: IO[str] | None) -> str:
    line = stream.readline().strip() if stream is not None else ""
    if not line:
        sys.exit("the replay server has ended")
    return line


def main(archive: Path, latency: float) -> None:
    """Serve until the input ends."""
    with ReplayServer(archive, latency=latency, cache_bytes=_CACHE) as server:
        print(server.base_url, flush=True)
        for _ in sys.stdin:
            log = server.requests
            sent = {
                "requests": len(log),
                "connections": len({record.connection for record in log}),
                "bytes": sum(record.bytes for record in log),
            }
            log.clear()
            print(json.dumps(sent), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
