"""The pages as files: fast enough to read every one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

_ATTRIBUTE = re.compile(r'\s(id|href|src|for|aria-(?:labelledby|describedby|controls|owns))="([^"]*)"')
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Written:
    """A page as it was written.

    Attributes:
        path: Its file.
        html: Its content.
        attributes: Name and value of each attribute that is an id, or leads somewhere.
    """

    path: Path
    html: str
    attributes: list[tuple[str, str]]

    def text(self) -> str:
        """What a reader can see, in lower case."""
        return unescape(_TAG.sub(" ", _SCRIPT.sub(" ", self.html))).casefold()


def written_page(path: Path) -> Written:
    """Read one page."""
    html = path.read_text(encoding="utf-8")
    return Written(path, html, [(name, unescape(value)) for name, value in _ATTRIBUTE.findall(html)])
