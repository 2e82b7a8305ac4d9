"""The folder of publications: one publisher at a time, switch in one step, keep the last few.

Moves and removes whole publications; does not know what is in them.
"""

import contextlib
import fcntl
import logging
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from serving.errors import BusyError, PublicationError

CURRENT = "actueel"
_BUILD = ".bouw-"
_LINK = ".actueel-"
_REMOVED = ".weg-"
_FLUSHES = 8
_ID = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}-[0-9a-f]{6}")

_log = logging.getLogger(__name__)


@contextlib.contextmanager
def hold(publications: Path) -> Iterator[None]:
    """Make the folder when needed and keep other publishers out of it; the kernel lets go when the process dies.

    Raises:
        BusyError: when another process is publishing here.
    """
    publications.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(publications, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(f"another process is publishing to {publications}: wait until it has ended") from error
        yield
    finally:
        os.close(descriptor)


def remove_leftovers(publications: Path) -> None:
    """Remove what an interrupted publication left: half-built folders, half-removed ones and unused links."""
    for path in publications.iterdir():
        if path.name.startswith((_BUILD, _REMOVED)):
            shutil.rmtree(path)
        elif path.name.startswith(_LINK):
            path.unlink()


@contextlib.contextmanager
def build_folder(publications: Path, publicatie_id: str) -> Iterator[Path]:
    """Give a folder to build in, on the same file system; it is gone afterwards unless `place` has moved it."""
    folder = publications / f"{_BUILD}{publicatie_id}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def current_folder(publications: Path) -> Path | None:
    """Resolve `actueel` once, to the real folder; None when there is none or it points to nothing."""
    folder = Path(os.path.realpath(publications / CURRENT))
    return folder if folder.is_dir() else None


def place(build: Path, publications: Path, publicatie_id: str) -> Path:
    """Make a built folder final and current: read-only, flushed, renamed, link swapped.

    Returns:
        The final folder.

    Raises:
        PublicationError: when `actueel` is not a link (somebody put a copy there).
    """
    link = publications / CURRENT
    if link.exists() and not link.is_symlink():
        raise PublicationError(f"{link} is not a link but a real file or folder: move it away and publish again")
    final = publications / publicatie_id
    settle(build, final)
    try:
        point_to(publications, publicatie_id)
    except OSError:
        shutil.rmtree(final, ignore_errors=True)
        raise
    return final


def settle(build: Path, final: Path) -> None:
    """Give a built folder its name: read-only, flushed, renamed; what had that name is removed."""
    paths = list(build.rglob("*"))
    for path in paths:
        if path.is_file():
            path.chmod(0o444)
    # A disk takes hundreds of flushes at once in the time of a few one by one.
    with ThreadPoolExecutor(_FLUSHES) as pool:
        list(pool.map(_flush, paths))
    _flush(build)
    if final.exists():
        doomed = final.with_name(f"{_REMOVED}{final.name}")
        final.rename(doomed)
        shutil.rmtree(doomed)
    build.rename(final)
    _flush(final.parent)


def kept(publications: Path) -> list[Path]:
    """List the publications that are kept, newest first."""
    return sorted((path for path in publications.iterdir() if _ID.fullmatch(path.name)), reverse=True)


def point_to(publications: Path, publicatie_id: str) -> None:
    """Let `actueel` point to a publication, in one step: readers see the old one or the new one."""
    fresh = publications / f"{_LINK}{publicatie_id}"
    fresh.symlink_to(publicatie_id, target_is_directory=True)
    fresh.replace(publications / CURRENT)
    _flush(publications)


def keep_last(publications: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` publications; the one `actueel` points to always stays.

    Returns:
        The ids that were removed. What cannot be removed is logged and left: it does no harm.
    """
    current = current_folder(publications)
    removed = []
    for publicatie_id in [folder.name for folder in kept(publications)][keep:]:
        if current is not None and current.name == publicatie_id:
            continue
        doomed = publications / f"{_REMOVED}{publicatie_id}"
        try:
            (publications / publicatie_id).rename(doomed)
            shutil.rmtree(doomed)
        except OSError as error:
            _log.warning("old publication %s could not be removed: %s", publicatie_id, error)
        else:
            removed.append(publicatie_id)
    return removed


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
