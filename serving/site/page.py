"""What a page or a file of the site is before it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML page.

    Attributes:
        path: Place in the site, with forward slashes: `gemeente/GM0758.html`.
        template: Template that writes it.
        title: Dutch title, without the name of the site.
        content: What the template is given, beside what every page has.
        scripts: Scripts of the site that it loads, in order, such as `assets/kpi.js`.
        styles: Style sheets beside `assets/site.css`.
    """

    path: str
    template: str
    title: str
    content: Mapping[str, Any] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()

    @property
    def root(self) -> str:
        """The way up to the folder of the site, for links: empty, or `../`."""
        return "../" * self.path.count("/")


@dataclass(frozen=True, slots=True)
class File:
    """One other file of the site.

    Attributes:
        path: Place in the site, with forward slashes: `data/gemeente/GM0758.js`.
        content: What is in it.
    """

    path: str
    content: str
