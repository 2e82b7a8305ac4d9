"""Putting a workbook together, and saving it so that nobody ever meets half of one."""

import os
import tempfile
from pathlib import Path

import duckdb
from openpyxl import Workbook

from serving.workbook import styles
from serving.workbook.cells import without_control
from serving.workbook.charts import ChartData
from serving.workbook.definitions import write_definitions, write_sources
from serving.workbook.guide import write_guide
from serving.workbook.leefgebied import write_leefgebieden
from serving.workbook.overview import areas_named, write_overview
from serving.workbook.own import write_own
from serving.workbook.points import write_points
from serving.workbook.read import Facts, read_areas, read_facts
from serving.workbook.selection import with_own_figures

FOLDER = "werkboek"
MOST_PUBLISHED = 25
_AUTHOR = "Impact-KPI"


def write_workbooks(connection: duckdb.DuckDBPyConnection, publication: Path) -> list[Path]:
    """Write the workbooks that belong to a publication: `werkboek/<code>.xlsx`.

    One for each gemeente that has own figures, at most 25, and one for the organisation when it has them; with every
    KPI, also those that the organisation did not choose.

    Args:
        connection: Opened with `open_publication`; table publicatie says which publication it is and what notice
            belongs with its figures.
        publication: Folder of the publication, which has no folder `werkboek` yet.

    Returns:
        The files; none, and no folder, when nowhere are own figures.
    """
    areas = read_areas(connection)
    codes = with_own_figures(connection, areas)
    gemeenten = [code for code in codes if areas[code]["soort_gebied"] == "gemeente"]
    written = []
    for code in [*gemeenten[:MOST_PUBLISHED], *(code for code in codes if code not in gemeenten)]:
        path = publication / FOLDER / f"{code}.xlsx"
        path.parent.mkdir(exist_ok=True)
        save(make_workbook(read_facts(connection, areas, [code], everything=True)), path)
        written.append(path)
    return written


def make_workbook(facts: Facts) -> Workbook:
    """Put a workbook together, the overview first."""
    book = Workbook()
    book.remove(book.worksheets[0])
    styles.add_styles(book)
    _sign(book, facts)
    write_overview(book, facts)
    data = ChartData(book, facts)
    write_leefgebieden(book, facts, data)
    write_own(book, facts)
    write_points(book, facts)
    write_definitions(book, facts)
    write_sources(book, facts)
    write_guide(book, facts)
    if data.is_empty:
        book.remove(data.sheet)
    else:
        book.move_sheet(data.sheet, len(book.worksheets))
    return book


def save(book: Workbook, target: Path) -> None:
    """Save a workbook beside its place and put it there when it is complete.

    Raises:
        OSError: when it cannot be written there.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            book.save(file)
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o666 & ~mask)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _sign(book: Workbook, facts: Facts) -> None:
    """Say what it is and of when; nothing of the machine or the person that made it."""
    properties = book.properties
    properties.creator = properties.lastModifiedBy = _AUTHOR
    properties.title = without_control(f"{_AUTHOR}: {areas_named(facts.areas)}")
    properties.subject = f"Publicatie {facts.publicatie['publicatie_id']}"
    properties.description = facts.notice or ""
    properties.language = "nl-NL"
    properties.created = properties.modified = facts.publicatie["published_at"]
