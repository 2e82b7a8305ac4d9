"""Reading a publication: find the current one, open it so that nothing can be changed or reached through it.

Every reader of `serving/` starts here. Writes nothing.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from serving.assemble import DATABASE
from serving.errors import NoPublicationError
from serving.locations import Locations
from serving.shelf import CURRENT

CATALOG = "impact_kpi"
SITE = "site"
START = Path(SITE) / "index.html"


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication, resolved once: a switch of `actueel` in the meantime does not mix two of them.

    Attributes:
        folder: The real folder, never the link.
        manifest: Its manifest.json.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def publicatie_id(self) -> str:
        """Name of the publication."""
        return self.folder.name

    @property
    def database(self) -> Path:
        """The DuckDB file."""
        return self.folder / DATABASE

    @property
    def has_site(self) -> bool:
        """Whether it has pages: one of before there was a site has none."""
        return (self.folder / START).is_file()

    @property
    def notice(self) -> str | None:
        """Dutch warning that belongs beside every figure; None for live data."""
        notice: str | None = self.manifest.get("melding")
        return notice


def find_publication(locations: Locations) -> Publication:
    """Find the current publication of a kind of data.

    Raises:
        NoPublicationError: when there is none, or its manifest cannot be read; says in Dutch what to do.
    """
    link = locations.publications / CURRENT
    folder = Path(os.path.realpath(link))
    remedy = f"draai `{_make(locations.soort)}`"
    if not folder.is_dir():
        raise NoPublicationError(f"Er is nog geen publicatie; {remedy}. (Gezocht: {link})")
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NoPublicationError(f"De publicatie in {folder} is beschadigd ({error}); {remedy}.") from error
    return Publication(folder, manifest)


def open_publication(publication: Publication) -> duckdb.DuckDBPyConnection:
    """Open a publication for reading only; files, network, extensions and settings are out of reach.

    The file is attached to an engine of its own, so that two openings in one process never disagree on settings.

    Raises:
        NoPublicationError: when the file cannot be opened.
    """
    connection = duckdb.connect()
    path = str(publication.database).replace("'", "''")
    try:
        connection.execute(f"attach '{path}' as {CATALOG} (read_only)")
    except duckdb.Error as error:
        connection.close()
        raise NoPublicationError(f"De publicatie {publication.database} kan niet worden geopend: {error}") from error
    connection.execute(f"use {CATALOG}")
    for setting in ("temp_directory = ''", "enable_external_access = false", "lock_configuration = true"):
        connection.execute(f"set {setting}")
    return connection


def read_rows(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
    """Run a query of our own and return its rows by column name."""
    cursor = connection.execute(sql, list(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _make(soort: str) -> str:
    return {"demo": "make mart", "live": "make mart SOURCES=live"}.get(soort, "make mart SOURCES=<map of adres>")
