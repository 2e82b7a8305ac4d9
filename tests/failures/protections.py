"""The protections that can be taken out, each in one place; what is broken without it stands beside it.

Reaches for names inside the product on purpose: when one of them goes, the test that it kept honest says so.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from serving import shelf
from sources import http, lake, refresh
from sources.edition_checks import run
from sources.odata import catalogue, metadata, pages, predicate
from sources.odata import table as odata_table
from tests.failures.play import Protection
from tests.failures.theatre import Theatre, impatient

_WRONG = "wrong figures in use"
_NOT_RENEWED = "expected a renewed table"
_NOT_KEPT = "expected a kept table"


def _swap(target: object, name: str, value: object) -> Callable[[pytest.MonkeyPatch, Theatre], None]:
    """Put something else under a name; the name has to be there."""

    def take_out(patch: pytest.MonkeyPatch, _: Theatre) -> None:
        patch.setattr(target, name, value)

    return take_out


def _first_try_only(_: pytest.MonkeyPatch, theatre: Theatre) -> None:
    impatient(theatre, attempts=1)


def _unlocked(_: pytest.MonkeyPatch, theatre: Theatre) -> None:
    theatre.locked = False


def _without_counting(patch: pytest.MonkeyPatch, _: Theatre) -> None:
    finish = pages.RowReader._finish
    patch.setattr(pages.RowReader, "_check_size", lambda *_: None)
    patch.setattr(pages.RowReader, "_finish", lambda reader, read, _, warnings: finish(reader, read, None, warnings))


def _without_format(patch: pytest.MonkeyPatch, _: Theatre) -> None:
    query = predicate.ReadPlan.query
    patch.setattr(predicate.ReadPlan, "query", lambda plan, skip=0: query(plan, skip).replace("$format=json&", ""))


def _one_question(patch: pytest.MonkeyPatch, _: Theatre) -> None:
    patch.setattr(catalogue, "read_catalogue", catalogue._ask)


def _trimmed_keys(patch: pytest.MonkeyPatch, _: Theatre) -> None:
    parse = metadata.parse_members
    patch.setattr(
        metadata, "parse_members", lambda records: tuple(replace(one, key=one.key.strip()) for one in parse(records))
    )


def _pointer_first(patch: pytest.MonkeyPatch, _: Theatre) -> None:
    commit = lake.commit_edition

    def point_then_check(home: Path, bron_id: str, folder: Path, manifest: lake.Manifest, **named: Any) -> Any:
        edition_id = lake.edition_id_of(folder)
        shutil.copytree(folder, home / bron_id / edition_id)
        (home / bron_id / edition_id / lake.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        lake._point(home, bron_id, edition_id)
        return commit(home, bron_id, folder, manifest, **named)

    patch.setattr(odata_table, "commit_edition", point_then_check)


def _without_check(name: str) -> Callable[[pytest.MonkeyPatch, Theatre], None]:
    """Leave out one check at the door of the lake."""

    def take_out(patch: pytest.MonkeyPatch, _: Theatre) -> None:
        left = tuple(check for check in run._CHECKS if check.__module__.rpartition(".")[2] != name)
        assert len(left) == len(run._CHECKS) - 1, f"there is no check '{name}' to take out"
        patch.setattr(run, "_CHECKS", left)

    return take_out


def _leftovers_stay(patch: pytest.MonkeyPatch, _: Theatre) -> None:
    make = lake.new_edition

    @contextmanager
    def make_beside(home: Path, bron_id: str, **named: Any) -> Iterator[Path]:
        aside = home.with_name("aside")
        aside.mkdir(exist_ok=True)
        for left in (home / bron_id).glob(f"{lake._BUSY}*"):
            left.rename(aside / left.name)
        with make(home, bron_id, **named) as folder:
            for left in aside.iterdir():
                left.rename(home / bron_id / left.name)
            yield folder

    patch.setattr(odata_table, "new_edition", make_beside)


def _published_in_place(patch: pytest.MonkeyPatch, _: Theatre) -> None:
    """Write a new publication over the files of the one that readers have."""

    def place(build: Path, publications: Path, _: str) -> Path:
        folder = shelf.current_folder(publications)
        assert folder is not None
        for path in (path for path in build.rglob("*") if path.is_file()):
            target = folder / path.relative_to(build)
            target.chmod(0o644)
            shutil.copyfile(path, target)
        return folder

    patch.setattr(shelf, "place", place)


RETRIES = Protection("another try", _first_try_only, _NOT_RENEWED)
FAULT_IS_A_RESULT = Protection(
    "a fault is the result of its table", _swap(refresh, "_EXPECTED", ()), "the fault ended the night"
)
STALE_MARK = Protection("since when", _swap(refresh, "mark_stale", lambda *_: None), "out of date since None")
MINIMUM_THROUGHPUT = Protection(
    "minimum throughput", _swap(http._Meter, "check", lambda *_: None), "other pages were asked"
)
SHRINK_GUARD = Protection("shrink guard", _without_check("omvang"), _WRONG)
POINTER_LAST = Protection("the pointer moves after the check", _pointer_first, _WRONG)
PREDICATE_AGAIN = Protection(
    "the filter again, on the rows", _swap(predicate.Predicate, "sql", lambda _: "true"), _WRONG
)
COUNT_OF_ROWS = Protection("as many rows as counted", _without_counting, _WRONG)
FORMAT_IN_THE_QUERY = Protection("$format in every query", _without_format, "asked without a format")
LINK_GUARD = Protection("link guard", _swap(pages, "next_skip", lambda *_: None), _NOT_KEPT)
STAMP_AFTERWARDS = Protection(
    "Modified again, after the last page", _swap(odata_table, "_refuse_changed", lambda *_: None), _WRONG
)
NAME_WITHOUT_NUMBER = Protection(
    "names without their number", _swap(metadata.Topic, "stem", property(lambda topic: topic.key)), _NOT_RENEWED
)
PADDING = Protection("literal keys", _trimmed_keys, _NOT_RENEWED)
KEYS_ARE_UNIQUE = Protection("no key twice", _without_check("sleutels"), _WRONG)
RANGE_OF_THE_UNIT = Protection("range of the unit", _without_check("bereik"), _WRONG)
WEEKLY_PULL = Protection("a pull a week", _swap(refresh, "is_recheck_due", lambda *_: False), _NOT_RENEWED)
HALVES = Protection("a long question in two halves", _one_question, _NOT_RENEWED)
LEFTOVERS = Protection("leftovers are removed", _leftovers_stay, "left behind in the lake")
LOCK = Protection("one refresh at a time", _unlocked, _NOT_RENEWED)
FOLDER_OF_ITS_OWN = Protection(
    "a publication has a folder of its own", _published_in_place, "the publication changed under a reader"
)
