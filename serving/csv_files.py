"""The published tables as CSV for a Dutch spreadsheet, and the data dictionary beside them.

DuckDB writes the files from the Parquet of the publication: what is in a cell is decided in SQL, so a hundred thousand
rows take no loop. Text of others is never run as a formula, by the rule of `render`.
"""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from serving.assemble import Stamp, parquet_source
from serving.render import FORMULA_STARTS, write_csv
from serving.tables import PublishedTable
from serving.words import DATA_TYPE

CSV = "csv"
DICTIONARY = "gegevenswoordenboek.csv"
DICTIONARY_COLUMNS = ("tabel", "kolom", "type", "omschrijving")
# Beyond this a spreadsheet is no help; Parquet has these tables.
TOO_MANY_ROWS = 250_000
LEFT_OUT_WHEN_LARGE = frozenset({"kpi_vergelijking", "kpi_waarde_bron"})
# The same words in every row: zipped, such a file is a thirtieth, and fourteen publications are kept.
ZIPPED_ABOVE_BYTES = 5_000_000
# What a row says when a file is handed on alone: short, because it stands in every row.
_NOTICE_COLUMN = "publicatie_melding"
_NOTICES: Mapping[str, str] = {
    "demo": "DEMO: verzonnen cijfers, niet voor beleid",
    "recorded": "Van bewaarde antwoorden van de bronnen",
}
_BOM = "\ufeff"
_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}


def csv_path(folder: Path, table: str, soort: str) -> Path:
    """Return where a publication folder keeps the CSV file of a table, zipped when it is large.

    The name of a demo says that it is one.
    """
    suffix = "_demo" if soort == "demo" else ""
    plain = folder / CSV / f"{table}{suffix}.csv"
    zipped = plain.with_name(f"{plain.name}.zip")
    return zipped if zipped.exists() else plain


def write_csv_files(
    connection: duckdb.DuckDBPyConnection, folder: Path, tables: Sequence[PublishedTable], stamp: Stamp
) -> list[Path]:
    """Write `csv/<table>.csv` (or `.csv.zip`) for each table, and the data dictionary, into a publication.

    UTF-8 with a byte order mark, semicolons, a comma as decimal sign, dates as 21-11-2026, ja and nee; an empty cell
    is a value that is not there. Rows are in the order of the Parquet file.

    Args:
        connection: May read and write files.
        folder: Folder with the Parquet files; it has no CSV yet.
        tables: What is published.
        stamp: For the kind of data, which every row says when it is not live.

    Returns:
        The files, the dictionary last.
    """
    (folder / CSV).mkdir()
    written = []
    types = {table.name: _types(connection, parquet_source(folder, table.name)) for table in tables}
    for table in tables:
        source = parquet_source(folder, table.name)
        if table.name in LEFT_OUT_WHEN_LARGE and _count(connection, source) > TOO_MANY_ROWS:
            continue
        path = csv_path(folder, table.name, stamp.soort)
        _copy(connection, source, types[table.name], path, _NOTICES.get(stamp.soort))
        _zip_when_large(path)
        written.append(csv_path(folder, table.name, stamp.soort))
    return [*written, _write_dictionary(folder, tables, types)]


def _copy(
    connection: duckdb.DuckDBPyConnection, source: str, types: Mapping[str, str], path: Path, notice: str | None
) -> None:
    cells = {name: _cell(name, kind) for name, kind in types.items()}
    if notice:
        cells[_NOTICE_COLUMN] = _text(notice)
    # The byte order mark goes before the first name: a spreadsheet needs it to see that this is UTF-8.
    names = [_name(f"{_BOM if index == 0 else ''}{name}") for index, name in enumerate(cells)]
    columns = ", ".join(f"{cell} as {name}" for name, cell in zip(names, cells.values(), strict=True))
    options = "format csv, header, delimiter ';', quote '\"', escape '\"'"
    connection.execute(f"copy (select {columns} from {source}) to {_text(str(path))} ({options})")


def _zip_when_large(path: Path) -> None:
    if path.stat().st_size <= ZIPPED_ABOVE_BYTES:
        return
    with zipfile.ZipFile(path.with_name(f"{path.name}.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    path.unlink()


def _cell(column: str, kind: str) -> str:
    """SQL that writes a value the Dutch way, as text."""
    name = _name(column)
    if kind == "BOOLEAN":
        return f"case when {name} then 'ja' when not {name} then 'nee' end"
    if kind == "DATE":
        return f"strftime({name}, '%d-%m-%Y')"
    if kind == "TIMESTAMP":
        return f"strftime({name}, '%d-%m-%Y %H:%M:%S')"
    if kind in _WHOLE:
        return f"{name}::varchar"
    if kind == "DOUBLE" or kind.startswith("DECIMAL"):
        return rf"replace(regexp_replace({name}::varchar, '\.0+$', ''), '.', ',')"
    starts = ", ".join(f"chr({ord(start)})" for start in FORMULA_STARTS)
    return f"if(left({name}::varchar, 1) in ({starts}), '''' || {name}, {name}::varchar)"


def _write_dictionary(folder: Path, tables: Sequence[PublishedTable], types: Mapping[str, Mapping[str, str]]) -> Path:
    rows = [
        (
            table.name,
            column.name,
            DATA_TYPE.get(types[table.name][column.name], types[table.name][column.name]),
            column.description,
        )
        for table in tables
        for column in table.columns
    ]
    path = folder / CSV / DICTIONARY
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv(DICTIONARY_COLUMNS, rows, file, comma=True)
    return path


def _types(connection: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    rows = connection.execute(f"describe from {source}").fetchall()
    return {row[0]: row[1] for row in rows}


def _count(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    row = connection.execute(f"select count(*) from {source}").fetchone()
    return int(row[0]) if row else 0


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
