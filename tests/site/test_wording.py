"""Text is a signal, not a verdict."""

from __future__ import annotations

import re

import pytest

from tests.site.files import Written

pytestmark = pytest.mark.xdist_group("demo")

# A ranking, a blame or a cause; the names and definitions of the model have none of these words.
_FORBIDDEN = re.compile(
    r"\b(?:bestes?|slechtste?|(?<!geen )(?<!als )ranglijst|koploper\w*|hekkensluiter\w*|winnaar\w*|"
    r"(?:is|bleef|blijft) stabiel|dankzij|door het beleid|te wijten|veroorzaakt door|"
    r"nan|none|null|undefined|infinity)\b"
)


def test_no_page_ranks_blames_or_names_a_cause(pages: list[Written]) -> None:
    """A signal would be read as a verdict; or the code for 'nothing' would be read as a word."""
    found = [
        f"{page.path.name}: ...{text[max(0, match.start() - 40) : match.end() + 40]}..."
        for page in pages
        for text in [" ".join(page.text().split())]
        for match in _FORBIDDEN.finditer(text)
    ]
    assert found[:20] == []


def test_no_cell_of_a_table_is_empty(pages: list[Written]) -> None:
    """A reader cannot tell a figure that is missing from one that was forgotten."""
    empty = re.compile(r"<td[^>]*>\s*</td>")
    found = [f"{page.path.name}: {match.group()}" for page in pages for match in empty.finditer(page.html)]
    assert found[:20] == []
