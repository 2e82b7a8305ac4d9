"""Workbooks made of the miniature publication, opened again as whoever gets them opens them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import load_workbook
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from serving.publication import Publication, open_publication
from serving.workbook.read import read_areas, read_facts
from serving.workbook.workbook import make_workbook, save
from tests.serving.conftest import Mini

BREDA = "GM0758"


@dataclass(frozen=True)
class Opened:
    """A workbook, read back from its file."""

    path: Path
    book: Workbook

    def sheet(self, name: str) -> Worksheet:
        found = self.book[name]
        assert isinstance(found, Worksheet)
        return found

    def head(self, name: str) -> int:
        """Row number of the header: the row that is repeated on paper."""
        return int(str(self.sheet(name).print_title_rows).split(":")[0].strip("$"))

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The table of a sheet, by heading."""
        head = self.head(name)
        lines = list(self.sheet(name).iter_rows(min_row=head, values_only=True))
        titles = [str(title) for title in lines[0]]
        rows = [dict(zip(titles, line, strict=True)) for line in lines[1:]]
        last = next((number for number, row in enumerate(rows) if row[titles[0]] is None), len(rows))
        return rows[:last]


Make = Callable[..., Opened]


def opened(mini: Mini) -> duckdb.DuckDBPyConnection:
    """The current publication of a miniature."""
    return open_publication(Publication(mini.link.resolve(), {}))


def made(mini: Mini, path: Path, codes: Sequence[str] = (BREDA,), *, everything: bool = False) -> Opened:
    """The workbook of some gemeenten of a miniature."""
    with opened(mini) as connection:
        facts = read_facts(connection, read_areas(connection), codes, everything=everything)
        save(make_workbook(facts), path)
    return Opened(path, load_workbook(path))


@pytest.fixture(scope="session")
def breda(published: Mini, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """The workbook of Breda."""
    return made(published, tmp_path_factory.mktemp("werkboek") / "breda.xlsx")


@pytest.fixture
def changed(standing: Mini, tmp_path: Path) -> Make:
    """Make a workbook after a change of the miniature."""

    def make(
        statements: str, codes: Sequence[str] = (BREDA,), *, everything: bool = False, soort: str = "demo"
    ) -> Opened:
        standing.sql(statements)
        standing.publish(soort=soort)
        return made(standing, tmp_path / "veranderd.xlsx", codes, everything=everything)

    return make
