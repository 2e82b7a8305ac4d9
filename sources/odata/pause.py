"""Leave a table alone for some days that the service itself cannot read.

Some tables answer the same 500 night after night. After a few nights in a row they are asked again only after a pause,
or as soon as the catalogue shows a new release.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from sources.odata.catalogue import CatalogueRecord

NIGHTS = 3
PAUSE = timedelta(days=3)
_FILE = "onleesbaar.json"


def note_unreadable(home: Path, record: CatalogueRecord, now: datetime) -> None:
    """Count one more night on which the service could not read the table kept in `home`."""
    nights = _read(home, record)[0] + 1
    home.mkdir(parents=True, exist_ok=True)
    content = {"modified": record.modified, "nachten": nights, "laatst": now.isoformat(timespec="seconds")}
    (home / _FILE).write_text(json.dumps(content), encoding="utf-8")


def forget_unreadable(home: Path) -> None:
    """The table could be read again."""
    (home / _FILE).unlink(missing_ok=True)


def reason_to_wait(home: Path, record: CatalogueRecord, now: datetime) -> str | None:
    """Why the table should not be asked tonight, or None when it should."""
    nights, last = _read(home, record)
    if last is None or nights < NIGHTS or now - last >= PAUSE:
        return None
    return (
        f"{record.table_id}: de dienst kon deze tabel {nights} nachten achtereen niet lezen; "
        f"vanaf {(last + PAUSE).date().isoformat()} wordt ze weer geprobeerd, of zodra ze vernieuwd is"
    )


def _read(home: Path, record: CatalogueRecord) -> tuple[int, datetime | None]:
    """Nights so far of this release and the last of them; an unreadable note counts as none."""
    try:
        content = json.loads((home / _FILE).read_text(encoding="utf-8"))
        if content["modified"] != record.modified:
            return 0, None
        return int(content["nachten"]), datetime.fromisoformat(content["laatst"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return 0, None
