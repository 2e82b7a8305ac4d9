"""Every link of every page leads somewhere."""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.site.files import Written

pytestmark = pytest.mark.xdist_group("demo")

_OTHER_SITES = ("http:", "https:", "mailto:", "data:")


def _targets(page: Written) -> Iterator[tuple[str, Path, str]]:
    """What each link of a page to this site says, its file and its place in there."""
    for value in {value for name, value in page.attributes if name in {"href", "src"}}:
        if not value.startswith(_OTHER_SITES):
            way, place = _target(page.path.parent, value)
            yield value, way if value[0] != "#" else page.path, place


@functools.cache
def _target(folder: Path, link: str) -> tuple[Path, str]:
    parts = urlsplit(link)
    return Path(os.path.normpath(folder / unquote(parts.path))), unquote(parts.fragment)


def test_every_link_leads_to_a_file_that_exists(site: Path, pages: list[Written]) -> None:
    """A reader would meet a page that is not there, or a download that is not."""
    ids = {page.path: {value for name, value in page.attributes if name == "id"} for page in pages}
    files = {path for path in site.parent.rglob("*") if path.is_file()}
    lost = [
        f"{page.path.name}: {value}"
        for page in pages
        for value, file, place in _targets(page)
        # The run lies beside the publication, and there may have been none yet.
        if file.name != "laatste_run.json" and (file not in files or (place and file in ids and place not in ids[file]))
    ]
    assert lost[:20] == []


def test_no_page_is_unreachable(pages: list[Written]) -> None:
    """A page that nothing leads to is a page that nobody reads."""
    reached = {file for page in pages for _, file, _ in _targets(page)}
    assert [page.path.name for page in pages if page.path not in reached] == []


def test_every_id_is_there_once_and_whatever_refers_to_it_finds_it(pages: list[Written]) -> None:
    """A screen reader would read the label of another field, or none."""
    wrong = []
    for page in pages:
        ids = Counter(value for name, value in page.attributes if name == "id")
        wrong += [f"{page.path.name}: twice {name}" for name, count in ids.items() if count > 1]
        for name, value in page.attributes:
            if name == "for" or name.startswith("aria-"):
                wrong += [f"{page.path.name}: {name} {one}" for one in value.split() if one not in ids]
    assert wrong[:20] == []


def test_no_page_has_a_style_or_a_script_of_its_own(pages: list[Written]) -> None:
    """The content-security policy forbids them, so the page would look or work otherwise than it was made."""
    markers = (" style=", "<style", "javascript:", " onclick=", " onload=")
    wrong = [f"{page.path.name}: {marker}" for page in pages for marker in markers if marker in page.html]
    assert wrong[:20] == []
