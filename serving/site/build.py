"""Building the site of one publication: every page and file, written into a folder that was not there."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import jinja2

from serving.site import vega
from serving.site.environment import make_environment
from serving.site.facts import Facts, read_facts
from serving.site.page import File, Page
from serving.site.pages import bronnen, definities, downloads, gemeente, kpi, start, vergelijken

ASSETS = Path(__file__).parent / "assets"

# The pages of one kind, and the files that they load: made in one pass over what both are made of.
Pages = Callable[[Facts, duckdb.DuckDBPyConnection], Iterable[Page | File]]
OnPage = Callable[[int], None]
_PAGES: tuple[Pages, ...] = (
    start.pages,
    gemeente.pages,
    kpi.pages,
    vergelijken.pages,
    definities.pages,
    bronnen.pages,
    downloads.pages,
)


@dataclass(frozen=True, slots=True)
class Built:
    """What was built.

    Attributes:
        folder: Where.
        pages: Number of pages.
    """

    folder: Path
    pages: int


def build_site(
    connection: duckdb.DuckDBPyConnection,
    publication: Path,
    target: Path,
    *,
    cache: Path | None = None,
    on_page: OnPage = lambda _written: None,
) -> Built:
    """Write the site of a publication.

    Args:
        connection: Opened with `open_publication`.
        publication: Folder of the publication, for its map.
        target: Folder to make.
        cache: Folder for what is the same for every publication (the chart library as one script); None to make it
            anew.
        on_page: Told how many pages are written.
    """
    facts = read_facts(connection, publication)
    shutil.copytree(ASSETS, target / "assets")
    for file in vega.files(cache):
        _write(target / file.path, file.content)
    environment = make_environment()
    written = 0
    for made in _made(facts, connection):
        if isinstance(made, File):
            _write(target / made.path, made.content)
            continue
        _write(target / made.path, render(environment, facts, made))
        written += 1
        on_page(written)
    return Built(target, written)


def _made(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Iterator[Page | File]:
    for pages in _PAGES:
        yield from pages(facts, connection)


def render(environment: jinja2.Environment, facts: Facts, page: Page) -> str:
    """Write one page as HTML."""
    template = environment.get_template(page.template)
    return template.render(page=page, root=page.root, publicatie=facts.publicatie, feiten=facts, **page.content)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
