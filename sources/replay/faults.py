"""Scripted faults of the replay server: which request is hurt, and how.

Holds the plan only (pattern, request number, parameters); the server and the service carry it out.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

TRANSPORT_KINDS = frozenset({"reset", "truncate", "badjson", "empty", "empty200", "html200", "slow", "hang"})
CONTENT_KINDS = frozenset({"silent-empty", "ignore-filter", "short", "loop", "foreign"})
MODIFIED_KIND = "change-modified-midway"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and the requests it hits.

    Attributes:
        kind: `reset` (TCP reset, before any byte or after `after_bytes`), `truncate` (half the body under the
            full Content-Length), `badjson` (half the body under its own length), `empty` (closes without
            answer), `empty200` (200 without body), `html200` (HTML page with 200), a status such as `404`,
            `500`, `503`, `429`, `slow` (`bytes_per_second`), `hang` (never answers, until other faults are set),
            `silent-empty` (an empty list), `ignore-filter`, `short` (the last `drop` rows of the page left out),
            `loop` (nextLink to itself), `foreign` (nextLink to another host), `change-modified-midway` (`Modified` of
            the table moves on by a day after each data request that is hit; give `count=1` for a single change).
        path_contains: text that must occur in `host/path?query` (decoded); empty hits every request.
        first: number of the first matching request that is hit, from 1.
        count: how many matching requests are hit from there on; None = all.
        retry_after: value of the `Retry-After` header of a status fault, or None.
        bytes_per_second: speed of `slow`.
        after_bytes: bytes of head and body that `reset` lets through.
        drop: rows that `short` leaves out.
        longer_than: only requests whose `host/path?query` is longer than this many characters match.
    """

    kind: str
    path_contains: str = ""
    first: int = 1
    count: int | None = None
    retry_after: str | None = None
    bytes_per_second: int = 6000
    after_bytes: int = 0
    drop: int = 1
    longer_than: int = 0

    def __post_init__(self) -> None:
        """Refuse a kind that nothing would carry out."""
        known = TRANSPORT_KINDS | CONTENT_KINDS | {MODIFIED_KIND}
        if self.kind not in known and self.status is None:
            raise ValueError(
                f"unknown fault '{self.kind}'; expected a status 400-599 or one of {', '.join(sorted(known))}"
            )
        if self.first < 1:
            raise ValueError(f"fault '{self.kind}': first is {self.first}; requests are numbered from 1")

    @property
    def status(self) -> int | None:
        """The HTTP status of a status fault, else None."""
        return int(self.kind) if re.fullmatch("[45][0-9][0-9]", self.kind) else None

    def matches(self, target: str) -> bool:
        """Whether this fault is about a request at all."""
        return self.path_contains in target and len(target) > self.longer_than

    def hits(self, number: int) -> bool:
        """Whether the matching request with this number is hit."""
        return number >= self.first and (self.count is None or number < self.first + self.count)


class FaultPlan:
    """Counts the requests that match each fault and says which fault applies. Thread-safe."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self._faults = tuple(faults)
        self._seen = [0] * len(self._faults)
        self._changes: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()

    def match(self, target: str, data_of: tuple[str, str] | None = None) -> Fault | None:
        """Count one request and return the first fault that hits it.

        Args:
            target: `host/path?query`, decoded.
            data_of: host and table id when the request asks for rows of a data set, else None. A
                `change-modified-midway` fault counts only such requests, and takes effect after this one.
        """
        chosen: Fault | None = None
        with self._lock:
            for index, fault in enumerate(self._faults):
                if not fault.matches(target) or (fault.kind == MODIFIED_KIND and data_of is None):
                    continue
                self._seen[index] += 1
                if chosen is None and fault.hits(self._seen[index]):
                    chosen = fault
            if chosen is not None and chosen.kind == MODIFIED_KIND and data_of is not None:
                self._changes[data_of] = self._changes.get(data_of, 0) + 1
        return chosen

    def changes(self, host: str, table_id: str) -> int:
        """How often the `Modified` of a table has moved on."""
        with self._lock:
            return self._changes.get((host, table_id), 0)
