"""Do two editions of a table hold the same figures, and if not, how many cells differ?

Compares the files of two folders, not their bytes: rows may come in another order and parts may be cut elsewhere. The
column `edition` is left out, because it always differs. What does not belong here: what to do about a difference.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

_EDITION = "edition"
_MANIFEST = "manifest.json"
# One figure of a table of observations; a table with these columns has one row for each.
_KEY = ("ref_area", "time_period", "measure", "dimensions")
_ROWS_AT_ONCE = 2_000_000


def changed_cells(old: Path, new: Path, *, rows_at_once: int = _ROWS_AT_ONCE) -> int:
    """Count what differs between two editions.

    For observations: figures that have another value, unit or status, or stand in one of the two only. For other
    tables: rows. For a file that is no table: 1 when its bytes differ. An absent column is the same as an empty one.

    Args:
        old: folder of an edition.
        new: folder of another; what does not fit in memory is put down beside it for the moment.
        rows_at_once: rows that are compared in memory; more than that are compared in shares.

    Raises:
        duckdb.Error: a file is no Parquet file.
    """
    old_tables, new_tables = _tables(old), _tables(new)
    with (
        tempfile.TemporaryDirectory(prefix=".bezig-vergelijk-", dir=new.parent) as spill,
        duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "128MB", "temp_directory": spill}) as database,
    ):
        tables = sum(
            _changed_rows(database, old_tables.get(name, []), new_tables.get(name, []), rows_at_once)
            for name in sorted(old_tables.keys() | new_tables.keys())
        )
    return tables + _changed_files(old, new)


def _tables(folder: Path) -> dict[str, list[str]]:
    """The Parquet tables of an edition: a file, or a folder with parts."""
    tables: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.parquet")):
        relative = path.relative_to(folder)
        tables.setdefault(relative.parts[0], []).append(str(path))
    return tables


def _changed_rows(database: duckdb.DuckDBPyConnection, old: list[str], new: list[str], rows_at_once: int) -> int:
    columns = _columns(database, old) | _columns(database, new)
    names = ", ".join(_quoted(name) for name in sorted(columns - {_EDITION})) or "1"
    keyed = columns.issuperset(_KEY)
    key = ", ".join(_KEY) if keyed else names
    sides = [(sign, files) for sign, files in ((-1, old), (1, new)) if files]
    files = [files for _, files in sides]
    rows = " union all by name ".join(
        f"(select *, {sign}::integer as _side from read_parquet(?, union_by_name = true))" for sign, _ in sides
    )
    (total,) = database.execute(f"select count(*) from ({rows})", files).fetchone() or (0,)
    shares = 1 + int(total) // rows_at_once
    counts = [
        database.execute(_count_query(rows, names, key), [*files, shares, share]).fetchone() or (0, 0, 0)
        for share in _unequal_shares(database, _hash_query(rows, names, key), [shares, *files])
    ]
    cells, more, fewer = (sum(int(count[i]) for count in counts) for i in range(3))
    return cells if keyed else max(more, fewer)


def _unequal_shares(database: duckdb.DuckDBPyConnection, query: str, parameters: list[object]) -> list[int]:
    return [int(share) for (share,) in database.execute(query, parameters).fetchall()]


def _hash_query(rows: str, names: str, key: str) -> str:
    """The shares of the rows, by key, that are not the same on both sides.

    One pass that keeps nothing but a sum of hashes for each share: memory does not grow with the table, and two equal
    editions cost no more than that.
    """
    return f"""
        select hash({key}) % ? as share from ({rows}) group by share
        having sum(_side * hash(hash({names}))::hugeint) <> 0 order by share
    """


def _count_query(rows: str, names: str, key: str) -> str:
    """What differs in one share: keys, rows that came, rows that went.

    Sums per row instead of a join, so that an empty cell equals an empty cell.
    """
    return f"""
        with different as (
            select {names}, sum(_side) as _net from ({rows})
            where hash({key}) % ? = ? group by all having sum(_side) <> 0
        )
        select (select count(*) from (select distinct {key} from different)),
            coalesce(sum(_net) filter (_net > 0), 0), coalesce(-sum(_net) filter (_net < 0), 0)
        from different
    """


def _columns(database: duckdb.DuckDBPyConnection, files: list[str]) -> set[str]:
    if not files:
        return set()
    described = database.execute("select * from read_parquet(?, union_by_name = true) limit 0", [files]).description
    return {str(column[0]) for column in described or ()}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _changed_files(old: Path, new: Path) -> int:
    """Files of another kind whose bytes differ; the manifest always does."""
    names = {
        path.relative_to(folder)
        for folder in (old, new)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".parquet" and path.name != _MANIFEST
    }
    return sum(_bytes(old / name) != _bytes(new / name) for name in names)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
