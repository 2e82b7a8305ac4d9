"""When a table is pulled again although its stamps say that nothing changed: figures are corrected without a word.

Every table has its own day of the week, so that a week of nights carries the load evenly and a missed night is caught
up by the next. What does not belong here: pulling, and comparing what came.
"""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime

from sources.errors import ServiceDownError, TooSlowError, TransientError
from sources.lake import CHECKED, Edition

_DAYS = 7


def is_due(bron_id: str, last_pull: datetime, now: datetime) -> bool:
    """Whether the table's day of the week has come since the day of its last pull.

    Days are those of UTC: a day there never has 23 or 25 hours, and a night never falls on none of them.

    Args:
        bron_id: source table; decides on its day.
        last_pull: when it was last pulled; with a zone.
        now: with a zone.
    """
    today = now.astimezone(UTC).toordinal()
    its_day = zlib.crc32(bron_id.encode()) % _DAYS
    return today - (today - its_day) % _DAYS > last_pull.astimezone(UTC).toordinal()


def is_recheck_due(edition: Edition, now: datetime) -> bool:
    """Whether the table of this edition has to be pulled again tonight, whatever its stamps say."""
    return is_due(edition.bron_id, _last_pull(edition), now)


def failed_recheck(error: Exception) -> str | None:
    """What to say when a table whose stamps are unchanged could not be reached; None when more is wrong than that.

    The catalogue still vouches for the edition in use, and the table stays due until a night succeeds.
    """
    unreachable = isinstance(error, ServiceDownError | TooSlowError)
    if unreachable or (isinstance(error, TransientError) and error.service_down):
        return f"ongewijzigd volgens de catalogus; de wekelijkse controle op stille wijzigingen lukte niet: {error}"
    return None


def _last_pull(edition: Edition) -> datetime:
    """The later of the download of the edition and the last pull that gave the same."""
    loaded = _moment(edition.manifest.loaded_at)
    try:
        note = json.loads((edition.folder.parent / CHECKED).read_text(encoding="utf-8"))
        return max(loaded, _moment(note["op"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return loaded


def _moment(text: str) -> datetime:
    """A stored moment; one that cannot be read is long ago, so that the table is pulled."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
