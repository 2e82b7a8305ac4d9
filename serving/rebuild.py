"""Holding a publication that was built again against the one that was kept: table by table, row by row.

Builds nothing: dbt is run by `orchestration.rebuild`. Leaves both folders as they are.
"""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from serving.assemble import PARQUET, parquet_path, parquet_source
from serving.tables import PUBLICATION_TABLE

_MEMORY = "1GB"


@dataclass(frozen=True, slots=True)
class Difference:
    """One table that is not the same in both.

    Attributes:
        table: Its name.
        only_kept: Rows that only the kept publication has.
        only_rebuilt: Rows that only the rebuilt one has.
        remark: Dutch words when rows could not be compared: a table or column is missing on one side, or damaged.
    """

    table: str
    only_kept: int = 0
    only_rebuilt: int = 0
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing came to.

    Attributes:
        tables: How many tables were compared.
        rows: How many rows these have in the kept publication.
        differences: Tables that differ; none: the two are equal.
    """

    tables: int
    rows: int
    differences: tuple[Difference, ...]


def compare(kept: Path, rebuilt: Path) -> Comparison:
    """Compare every table of two publications but `publicatie`, which says when and by whom it was made.

    Args:
        kept: Folder of the publication as it was published.
        rebuilt: Folder of the same one, built again.
    """
    names = sorted(set(_tables(kept)) | set(_tables(rebuilt)))
    rows = 0
    differences = []
    with (
        tempfile.TemporaryDirectory(dir=rebuilt.parent, prefix=".vergelijk-") as spill,
        duckdb.connect() as connection,
    ):
        connection.execute(f"set memory_limit = '{_MEMORY}'")
        connection.execute("set temp_directory = ?", [spill])
        for name in names:
            try:
                found, difference = _compare_table(connection, name, kept, rebuilt)
            except duckdb.Error as error:
                found, difference = 0, Difference(name, remark=f"niet te lezen ({str(error).splitlines()[0]})")
            rows += found
            if difference is not None:
                differences.append(difference)
    return Comparison(len(names), rows, tuple(differences))


def _tables(folder: Path) -> Iterable[str]:
    return (path.stem for path in (folder / PARQUET).glob("*.parquet") if path.stem != PUBLICATION_TABLE)


def _compare_table(
    connection: duckdb.DuckDBPyConnection, name: str, kept: Path, rebuilt: Path
) -> tuple[int, Difference | None]:
    """Number of rows in the kept publication, and the difference if there is one."""
    for folder, where in ((kept, "de bewaarde publicatie"), (rebuilt, "de herbouw")):
        if not parquet_path(folder, name).is_file():
            return 0, Difference(name, remark=f"{where} heeft deze tabel niet")
    old, new = parquet_source(kept, name), parquet_source(rebuilt, name)
    columns = [connection.execute(f"describe from {source}").fetchall() for source in (old, new)]
    rows, digest = _digest(connection, old)
    if columns[0] != columns[1]:
        return rows, Difference(name, remark="de kolommen of hun typen zijn anders")
    if (rows, digest) == _digest(connection, new):
        return rows, None
    return rows, Difference(name, _only(connection, old, new), _only(connection, new, old))


def _digest(connection: duckdb.DuckDBPyConnection, source: str) -> tuple[int, int]:
    """Count and hash the rows, whatever their order: for equal tables no row has to be held against another."""
    row = connection.execute(
        f"select count(*), coalesce(sum(hash(_row)::hugeint), 0) from (from {source}) as _row"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _only(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    row = connection.execute(f"select count(*) from (from {one} except all from {other})").fetchone()
    return int(row[0]) if row else 0
