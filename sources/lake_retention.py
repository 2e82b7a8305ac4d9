"""What may go from the lake: editions that nothing needs any more, and what killed runs left behind.

An edition is needed while it is in use, or while a kept publication or the build that stands names it. Deliveries and
batches have rules of their own (sources/activity, sources/batch.py) and are never touched here.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sources.lake import CURRENT, list_editions
from sources.registry import BESCHERMD, LEVERING

_KEPT = {LEVERING, BESCHERMD}
_REMOVED = ".weg-"
# What is hidden is being written or removed; after this long whoever did so is gone.
_LEFTOVER_AGE = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed.

    Attributes:
        editions: (bron_id, edition_id) of each edition.
        leftovers: how many half-written things.
        bytes: of both together.
    """

    editions: list[tuple[str, str]] = field(default_factory=list)
    leftovers: int = 0
    bytes: int = 0


def prune_lake(lake: Path, keep: Collection[tuple[str, str]], now: datetime) -> Pruned:
    """Remove every edition that is not the current one of its table and is not in `keep`.

    A table whose pointer cannot be read keeps all it has. What cannot be removed is logged and left for the next night.

    Args:
        lake: the lake.
        keep: (bron_id, edition_id) of what publications and the pins name.
        now: moment of the run, for the age of leftovers.
    """
    gone: list[tuple[str, str]] = []
    leftovers = freed = 0
    homes = sorted(lake.iterdir()) if lake.is_dir() else []
    for home in homes:
        if home.name in _KEPT or not home.is_dir() or home.is_symlink():
            continue
        for edition_id in _unneeded(lake, home.name, keep):
            freed += _remove(home / edition_id)
            gone.append((home.name, edition_id))
        for path in home.glob(".*"):
            if _is_old(path, now):
                freed += _remove(path)
                leftovers += 1
    return Pruned([(bron_id, one) for bron_id, one in gone if not (lake / bron_id / one).exists()], leftovers, freed)


def _unneeded(lake: Path, bron_id: str, keep: Collection[tuple[str, str]]) -> list[str]:
    try:
        current = (lake / bron_id / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return []
    editions = list_editions(lake, bron_id)
    if current not in editions:
        # A pointer to nothing is mended by hand, with one of the editions that are left.
        return []
    return [one for one in editions if one != current and (bron_id, one) not in keep]


def _is_old(path: Path, now: datetime) -> bool:
    try:
        return now - datetime.fromtimestamp(path.lstat().st_mtime, UTC) > _LEFTOVER_AGE
    except OSError:
        return False


def _remove(path: Path) -> int:
    """Remove a file or folder, a folder first out of sight so that nobody meets half an edition; gives its bytes."""
    try:
        if not path.is_dir():
            size = path.lstat().st_size
            path.unlink()
            return size
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        doomed = path if path.name.startswith(".") else path.with_name(f"{_REMOVED}{path.name}")
        path.replace(doomed)
        shutil.rmtree(doomed)
    except OSError as error:
        _log.warning("%s could not be removed: %s", path, error)
        return 0
    return size
