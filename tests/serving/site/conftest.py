"""The miniature publication, opened as the site opens it, with a map of two of its gemeenten."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import jinja2
import pytest

from serving.publication import Publication, open_publication
from serving.site.build import render
from serving.site.environment import make_environment
from serving.site.facts import Facts, read_facts
from serving.site.page import Page
from tests.serving.conftest import BOUNDARIES, Mini


@dataclass(frozen=True)
class Opened:
    """A publication as the site reads it."""

    facts: Facts
    connection: duckdb.DuckDBPyConnection
    environment: jinja2.Environment

    def html(self, page: Page) -> str:
        """The page as it is written."""
        return render(self.environment, self.facts, page)


@pytest.fixture
def opened(published: Mini) -> Iterator[Opened]:
    """The published miniature."""
    folder = published.link.resolve()
    yield from _opened(folder)


@pytest.fixture
def opened_standing(standing: Mini) -> Iterator[Opened]:
    """A miniature of its own: change `standing` with `standing.sql(...)` and `standing.publish()` first."""
    yield from _opened(standing.link.resolve())


def _opened(folder: Path) -> Iterator[Opened]:
    publication = Publication(folder, json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    with open_publication(publication) as connection:
        facts = replace(read_facts(connection, folder), boundaries=BOUNDARIES)
        yield Opened(facts, connection, make_environment())
