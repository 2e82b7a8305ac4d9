"""What goes with the tables of a publication, for whoever looks rather than queries: map, CSV, workbooks and site.

Made of the DuckDB file that is handed out, before readers see it. Which figures there are is the business of `publish`.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from serving.assemble import Stamp
from serving.csv_files import CSV, write_csv_files
from serving.errors import PublicationError
from serving.publication import SITE, Publication, open_publication
from serving.site.build import build_site
from serving.site.facts import BOUNDARIES
from serving.tables import PublishedColumn, PublishedTable
from serving.workbook.workbook import FOLDER as WORKBOOKS
from serving.workbook.workbook import write_workbooks

# What is made of the tables and can be made again of them.
DERIVED = (f"{SITE}/", f"{CSV}/", f"{WORKBOOKS}/")
_CODE = Path(__file__).parent
# What else decides what a page or a sheet looks like.
_TOOLS = ("Jinja2", "openpyxl", "vl-convert-python")


def _untold(_written: int) -> None:
    """Nobody wants to know how far it is."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What it takes to make them.

    Attributes:
        boundaries: GeoJSON of the gemeenten, for the maps; None when no edition of it is in use.
        cache: Folder for what is the same for every publication; None to make it anew.
        on_page: Told how many pages of the site are written.
    """

    boundaries: Path | None = None
    cache: Path | None = None
    on_page: Callable[[int], None] = _untold


def hashes(extras: Extras) -> dict[str, str | None]:
    """What a publication is recognised by beside its figures: another map or other pages are another publication."""
    kaart = None if extras.boundaries is None else hashlib.sha256(extras.boundaries.read_bytes()).hexdigest()
    return {"kaart_hash": kaart, "site_hash": pages_hash()}


def pages_hash(code: Path = _CODE) -> str:
    """Hash of all that decides what the pages, sheets and CSV files look like, beside the figures.

    Covers every file of `serving/`: one publication too many after an upgrade, never a page of the release before it.
    """
    digest = hashlib.sha256()
    for path in _code_files(code):
        digest.update(path.relative_to(code).as_posix().encode())
        digest.update(path.read_bytes())
    for tool in _TOOLS:
        digest.update(f"{tool} {version(tool)}".encode())
    return digest.hexdigest()


def _code_files(code: Path) -> Iterator[Path]:
    for path in sorted(code.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def write_extras(folder: Path, manifest: Mapping[str, Any], extras: Extras) -> int:
    """Write everything for whoever looks, into a folder that has the tables and the texts.

    Asks nothing of the build: a publication of an older release gets them as well.

    Args:
        folder: Folder of the publication, still writable.
        manifest: Its manifest as far as it is known.
        extras: What it takes.

    Returns:
        Number of pages of the site.

    Raises:
        PublicationError: when a page, sheet or file could not be made.
        OSError: when a file could not be written.
    """
    if extras.boundaries is not None:
        (folder / BOUNDARIES).parent.mkdir()
        shutil.copyfile(extras.boundaries, folder / BOUNDARIES)
    try:
        with open_publication(Publication(folder, manifest)) as connection:
            _write_csv(connection, folder, manifest)
            write_workbooks(connection, folder)
            built = build_site(connection, folder, folder / SITE, cache=extras.cache, on_page=extras.on_page)
    except OSError:
        raise
    except Exception as error:
        raise PublicationError(
            f"the site, workbooks or CSV files could not be made ({type(error).__name__}: {error})"
        ) from error
    return built.pages


def _write_csv(publication: duckdb.DuckDBPyConnection, folder: Path, manifest: Mapping[str, Any]) -> None:
    stamp = Stamp(
        manifest["publicatie_id"],
        datetime.fromisoformat(manifest["published_at"]),
        manifest["soort"],
        manifest["software_versie"],
        manifest["run_id"],
    )
    with duckdb.connect() as connection:
        write_csv_files(connection, folder, _tables(publication), stamp)


def _tables(publication: duckdb.DuckDBPyConnection) -> list[PublishedTable]:
    """The tables as the file that is handed out describes them."""
    columns: dict[str, list[PublishedColumn]] = {}
    for table, column, comment in publication.execute(
        "select table_name, column_name, comment from duckdb_columns() where database_name = current_database() "
        "order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, []).append(PublishedColumn(column, comment or ""))
    return [
        PublishedTable(name, "main", name, (), comment or "", tuple(columns[name]))
        for name, comment in publication.execute(
            "select table_name, comment from duckdb_tables() where database_name = current_database() order by 1"
        ).fetchall()
    ]
