"""What the last look at each source table gave, kept on disk between the steps of a run and between runs.

A run of the UI may refresh one table only; the report and the pins still need what is known of all others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sources.edition_checks.model import EditionCheck
from sources.errors import LakeError
from sources.lake import current_edition
from sources.registry import SourceTable
from sources.results import SeriesProblem, TableResult
from sources.whole_file import write_whole

_USED_EDITION = {"ververst", "ongewijzigd", "fout"}


@dataclass(frozen=True, slots=True)
class LastLook:
    """One table's last refresh: the result, and when it was."""

    result: TableResult
    looked_at: datetime


def store_result(folder: Path, result: TableResult) -> None:
    """Write the outcome of one table, replacing the one before it in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "bron_id": result.bron_id,
        "state": result.state,
        "melding": result.melding,
        "problems": [
            {
                "series_id": problem.series_id,
                "uitsplitsing": problem.uitsplitsing,
                "bron_id": problem.bron_id,
                "table_id": problem.table_id,
                "reden": problem.reden,
                "melding": problem.melding,
            }
            for problem in result.problems
        ],
        "rows": result.rows,
        "bytes": result.bytes,
        "requests": result.requests,
        "seconds": result.seconds,
        "verouderd_sinds": result.verouderd_sinds.isoformat() if result.verouderd_sinds else None,
        "looked_at": datetime.now(UTC).isoformat(),
        "checks": [asdict(check) for check in result.checks],
        "editie": result.edition.edition_id if result.edition else None,
    }
    write_whole(folder / f"{result.bron_id}.json", json.dumps(content, ensure_ascii=False))


def load_results(folder: Path, lake: Path, tables: Iterable[SourceTable]) -> dict[str, LastLook]:
    """Read the last outcome of each table that has one, with the edition that is in use now.

    A table that had none to use then has none now, whatever lies in the lake; one that has become unreadable since then
    has failed: neither stops the other tables.
    """
    looks = {}
    for table in tables:
        path = folder / f"{table.bron_id}.json"
        if path.is_file():
            looks[table.bron_id] = _last_look(json.loads(path.read_text(encoding="utf-8")), lake)
    return looks


def _had_edition(stored: dict[str, Any]) -> bool:
    # Older files do not say it: then the state does.
    return stored["editie"] is not None if "editie" in stored else stored["state"] in _USED_EDITION


def _last_look(stored: dict[str, Any], lake: Path) -> LastLook:
    since = stored["verouderd_sinds"]
    state, melding = stored["state"], stored["melding"]
    edition = None
    if _had_edition(stored):
        try:
            edition = current_edition(lake, stored["bron_id"])
        except LakeError as error:
            state, melding = "fout", str(error)
    return LastLook(
        TableResult(
            bron_id=stored["bron_id"],
            state=state,
            edition=edition,
            melding=melding,
            problems=tuple(SeriesProblem(**problem) for problem in stored["problems"]),
            rows=stored["rows"],
            bytes=stored["bytes"],
            requests=stored["requests"],
            seconds=stored["seconds"],
            verouderd_sinds=datetime.fromisoformat(since) if since else None,
            # Not in the files of before there were checks.
            checks=tuple(EditionCheck.from_json(check) for check in stored.get("checks", [])),
        ),
        datetime.fromisoformat(stored["looked_at"]),
    )
