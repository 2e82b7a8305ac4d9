"""Everything to take along: the files beside the site with their size, how to open them, and the data dictionary."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from serving.accompany import LICENCES, README
from serving.assemble import DATABASE, parquet_path
from serving.csv_files import CSV, DICTIONARY, LEFT_OUT_WHEN_LARGE, TOO_MANY_ROWS, csv_path
from serving.publication import read_rows
from serving.render import dutch_number
from serving.site.facts import BOUNDARIES, Facts
from serving.site.page import Page
from serving.tables import PUBLICATION_TABLE
from serving.words import DATA_TYPE

Row = Mapping[str, Any]
Columns = Mapping[str, Sequence[Row]]

WORKBOOKS = "werkboek"
# What most people want first; the other tables follow by name.
_FIRST = ("kpi_gemeente", "kpi_waarde", "kpi_vergelijking", "kpi_trend", "aandachtspunten", "kpi", "gemeente")
_TABLES = "select table_name, comment from duckdb_tables() where database_name = current_database() order by table_name"
_VIEWS = """
select view_name, comment
from duckdb_views()
where database_name = current_database() and not internal
order by view_name
"""
_COLUMNS = """
select table_name, column_name, data_type, comment
from duckdb_columns()
where database_name = current_database() and not internal
order by table_name, column_index
"""
_UNITS = ("bytes", "kB", "MB", "GB")
_STEP = 1000
_SAYS_ENOUGH = 45


def pages(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """The page with downloads."""
    folder = facts.folder
    columns = _columns(read_rows(connection, _COLUMNS))
    yield Page(
        path="downloads.html",
        template="downloads.html.jinja",
        title="Downloads",
        content={
            "databestand": _file(folder, folder / DATABASE),
            "tabellen": _tables(facts, connection, columns),
            "weergaven": _views(connection, columns),
            "werkboeken": _workbooks(facts),
            "woordenboek": _file(folder, folder / CSV / DICTIONARY),
            "teksten": [_file(folder, folder / name) for name in (README, LICENCES, str(BOUNDARIES))],
            "veel_rijen": TOO_MANY_ROWS,
        },
        styles=("assets/naslag.css",),
    )


def _workbooks(facts: Facts) -> list[dict[str, str]]:
    """The workbooks by the name of their gemeente, in order of that name."""
    found = []
    for path in (facts.folder / WORKBOOKS).glob("*.xlsx"):
        area = facts.areas.get(path.stem)
        if file := _file(facts.folder, path):
            found.append({**file, "gebied": area["gemeente_naam"] if area else path.name})
    return sorted(found, key=lambda file: file["gebied"])


def _views(connection: duckdb.DuckDBPyConnection, columns: Columns) -> list[dict[str, Any]]:
    return [
        {"naam": row["view_name"], "omschrijving": row["comment"] or "", "kolommen": columns[row["view_name"]]}
        for row in read_rows(connection, _VIEWS)
    ]


def _tables(facts: Facts, connection: duckdb.DuckDBPyConnection, columns: Columns) -> list[dict[str, Any]]:
    counts = {PUBLICATION_TABLE: 1, **json.loads(facts.publicatie["rijen"])}
    tables = [
        _table(facts, row["table_name"], row["comment"], counts.get(row["table_name"]), columns[row["table_name"]])
        for row in read_rows(connection, _TABLES)
    ]
    return sorted(tables, key=lambda table: _FIRST.index(table["naam"]) if table["naam"] in _FIRST else len(_FIRST))


def _table(facts: Facts, name: str, comment: str, rows: int | None, columns: Sequence[Row]) -> dict[str, Any]:
    folder = facts.folder
    return {
        "naam": name,
        "rijen": rows,
        "omschrijving": comment,
        "kort": _short(comment),
        "kolommen": columns,
        "parquet": _file(folder, parquet_path(folder, name)),
        "csv": _file(folder, csv_path(folder, name, facts.publicatie["soort"])),
        "te_groot": name in LEFT_OUT_WHEN_LARGE and (rows or 0) > TOO_MANY_ROWS,
    }


def _short(description: str) -> str:
    """The sentences that say what is in a table; a short first one says too little."""
    found = ""
    for sentence in description.removesuffix(".").split(". "):
        found = f"{found} {sentence}.".strip()
        if len(found) >= _SAYS_ENOUGH:
            break
    return found


def _columns(rows: Sequence[Row]) -> Columns:
    """The columns of each table and view, with their type in words."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        kind = DATA_TYPE.get(row["data_type"], row["data_type"])
        found.setdefault(row["table_name"], []).append({**row, "type": kind})
    return found


def _file(folder: Path, path: Path) -> dict[str, str] | None:
    """Where a file lies, seen from the publication folder, and how large it is; None when it is not there."""
    if not path.is_file():
        return None
    return {"pad": path.relative_to(folder).as_posix(), "naam": path.name, "omvang": _size(path.stat().st_size)}


def _size(number: float) -> str:
    unit = 0
    while number >= _STEP and unit < len(_UNITS) - 1:
        number /= _STEP
        unit += 1
    return f"{dutch_number(number, 1 if unit > 1 else 0)} {_UNITS[unit]}"
