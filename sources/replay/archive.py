"""Read an archive folder: catalogue records, metadata lists, data sets, plain files.

The data sets are Parquet and are queried with DuckDB; their rows come back as ready JSON objects. What does
not belong here: paths, options and texts of HTTP (server, service) and the making of archives (demo).
"""

from __future__ import annotations

import array
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from sources.replay.odata_query import Kind, Sql

Record = dict[str, Any]

_FIXED = ("TableInfos", "UntypedDataSet", "TypedDataSet", "DataProperties", "CategoryGroups")
_DIMENSION_TYPES = frozenset({"Dimension", "TimeDimension", "GeoDimension", "GeoDetail"})
_IN_MEMORY_BYTES = 64 * 1024 * 1024
_REMEMBERED_FILTERS = 64
_UNTYPED_WIDTH = 8


class ArchiveError(Exception):
    """The archive folder is missing something, or something in it cannot be read."""


def archive_identity(archive: Path) -> str:
    """Short identity of an archive: 16 hex digits of the sha256 of its `archive.json`.

    Raises:
        ArchiveError: the folder has no `archive.json`.
    """
    return hashlib.sha256(_read_bytes(archive / "archive.json")).hexdigest()[:16]


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArchiveError(
            f"expected a file of the archive at {path}, found none ({error}); check the folder"
        ) from error


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column of a data set: its key, its kind in a filter, the SQL of its value as served."""

    key: str
    kind: Kind
    sql: str


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A file that is served as it is."""

    path: Path
    content_type: str


class DataSet:
    """One open TypedDataSet or UntypedDataSet; safe for use by several threads."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[ColumnSpec]) -> None:
        self._connection = connection
        self._relation = relation
        self.columns: dict[str, ColumnSpec] = {column.key: column for column in columns}
        first, last, self.rows = self._one_row(f'SELECT min("ID"), max("ID"), count(*) FROM {relation}', ())
        self._contiguous = self.rows == 0 or (first == 0 and last == self.rows - 1)
        self._matching: OrderedDict[Sql, array.array[int]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def kinds(self) -> dict[str, Kind]:
        """Kind of every column, by key."""
        return {key: column.kind for key, column in self.columns.items()}

    def count(self, where: Sql | None) -> int:
        """Number of rows that match."""
        return self.rows if where is None else len(self._ids(where))

    def page(self, where: Sql | None, select: Sequence[str] | None, skip: int, take: int) -> list[str]:
        """Rows `skip` to `skip + take` of the matching rows, in order of ID.

        The cost does not grow with `skip`: the rows are found by their ID, not by counting.

        Returns:
            One compact JSON object per row, columns in the order of the table.
        """
        if where is None and self._contiguous:
            return self._fetch(None, select, skip, skip + take - 1)
        ids = self._ids(where or Sql("TRUE", ()))
        part = ids[skip : skip + take]
        return self._fetch(where, select, part[0], part[-1]) if part else []

    def _ids(self, where: Sql) -> array.array[int]:
        with self._lock:
            known = self._matching.get(where)
            if known is not None:
                self._matching.move_to_end(where)
                return known
        sql = f'SELECT "ID" FROM {self._relation} WHERE {where.text} ORDER BY 1'
        ids = array.array("q", (row[0] for row in self._all_rows(sql, where.params)))
        with self._lock:
            self._matching[where] = ids
            if len(self._matching) > _REMEMBERED_FILTERS:
                self._matching.popitem(last=False)
        return ids

    def _fetch(self, where: Sql | None, select: Sequence[str] | None, low: int, high: int) -> list[str]:
        chosen = [column for key, column in self.columns.items() if select is None or key in select]
        members = ", ".join(f"{_name(column.key)} := {column.sql}" for column in chosen)
        condition = f"AND {where.text}" if where else ""
        sql = (
            f'SELECT "ID", to_json(struct_pack({members}))::VARCHAR FROM {self._relation} '
            f'WHERE "ID" BETWEEN ? AND ? {condition}'
        )
        rows = self._all_rows(sql, (low, high, *(where.params if where else ())))
        # Rows come in storage order already; the sort is a guarantee, nearly free on sorted input.
        rows.sort(key=lambda row: int(row[0]))
        return [str(row[1]) for row in rows]

    def _all_rows(self, sql: str, params: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            return cursor.execute(sql, list(params)).fetchall()

    def _one_row(self, sql: str, params: Sequence[object]) -> tuple[Any, ...]:
        return self._all_rows(sql, params)[0]


def _name(key: str) -> str:
    return '"' + key.replace('"', '""') + '"'


class Archive:
    """An archive folder, opened for reading. Files that change on disk are read anew."""

    def __init__(self, folder: Path, *, in_memory_bytes: int = _IN_MEMORY_BYTES) -> None:
        """Open the folder.

        Args:
            folder: the archive.
            in_memory_bytes: a larger data set is read from its file on each request instead of kept in memory.

        Raises:
            ArchiveError: there is no readable `archive.json`.
        """
        self._in_memory_bytes = in_memory_bytes
        self.folder = folder.resolve()
        self.identity = archive_identity(self.folder)
        self.about: Record = json.loads(_read_bytes(self.folder / "archive.json"))
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET temp_directory = ''")
        self._data: dict[tuple[str, str, str], tuple[tuple[int, int], DataSet]] = {}
        self._json: dict[Path, tuple[tuple[int, int], Any]] = {}
        self._lock = threading.RLock()

    def close(self) -> None:
        """Let go of the open data sets; the archive cannot be read afterwards."""
        with self._lock:
            self._data.clear()
            self._connection.close()

    def hosts(self) -> frozenset[str]:
        """The hosts that this archive answers for."""
        folder = self.folder / "odata"
        odata = {path.name for path in folder.iterdir() if path.is_dir()} if folder.is_dir() else set()
        return frozenset(odata | {key.split(" ", 1)[1].split("/", 1)[0] for key in self._file_index()})

    def table_ids(self, host: str) -> list[str]:
        """Ids of the tables of a host, spelled as published."""
        folder = self.folder / "odata" / host
        return (
            sorted(path.name for path in folder.iterdir() if path.is_dir())
            if host in self.hosts() and folder.is_dir()
            else []
        )

    def catalogue(self, host: str) -> list[Record]:
        """Catalogue records of a host, ordered by their ID."""
        records = [self._record(host, table_id) for table_id in self.table_ids(host)]
        return sorted(records, key=lambda record: (record.get("ID") or 0, str(record.get("Identifier"))))

    def _record(self, host: str, table_id: str) -> Record:
        record: Record = self._load(self.folder / "odata" / host / table_id / "catalog.json")
        return record

    def resources(self, host: str, table_id: str) -> list[str]:
        """Names in the service document: the fixed resources, then the dimensions by position."""
        folder = self.folder / "odata" / host / table_id
        fixed = [name for name in _FIXED if name != "CategoryGroups" or (folder / "CategoryGroups.json").is_file()]
        dimensions = [
            prop for prop in self.records(host, table_id, "DataProperties") if prop["Type"] in _DIMENSION_TYPES
        ]
        return fixed + [prop["Key"] for prop in sorted(dimensions, key=lambda prop: prop["Position"])]

    def records(self, host: str, table_id: str, resource: str) -> list[Record]:
        """The list that a metadata resource serves."""
        records: list[Record] = self._load(self.folder / "odata" / host / table_id / f"{resource}.json")
        return records

    def plain_file(self, key: str) -> PlainFile | None:
        """The file for `METHOD host/path?query`, or None."""
        entry = self._file_index().get(key)
        if entry is None:
            return None
        return PlainFile(self.folder / "files" / entry["file"], entry["content_type"])

    def read_plain_file(self, file: PlainFile) -> bytes:
        """Content of a plain file."""
        return _read_bytes(file.path)

    def _file_index(self) -> dict[str, dict[str, str]]:
        path = self.folder / "files" / "index.json"
        index: dict[str, dict[str, str]] = self._load(path) if path.is_file() else {}
        return index

    def _load(self, path: Path) -> Any:
        try:
            stamp = _stamp(path)
        except OSError as error:
            raise ArchiveError(
                f"expected a file of the archive at {path}, found none; restore or regenerate the archive"
            ) from error
        with self._lock:
            known = self._json.get(path)
            if known is None or known[0] != stamp:
                known = (stamp, json.loads(_read_bytes(path)))
                self._json[path] = known
            return known[1]

    def stamp(self, host: str, table_id: str, resource: str) -> tuple[tuple[int, int], ...]:
        """What changes when a resource of a table changes on disk."""
        folder = self.folder / "odata" / host / table_id
        files = ("TypedDataSet.parquet", "UntypedDataSet.parquet", "DataProperties.json", f"{resource}.json")
        return tuple(_stamp(folder / name) if (folder / name).is_file() else (0, 0) for name in files)

    def data_set(self, host: str, table_id: str, resource: str) -> DataSet:
        """Open `TypedDataSet` or `UntypedDataSet`, the latter derived where it was not recorded."""
        folder = self.folder / "odata" / host / table_id
        path = folder / f"{resource}.parquet"
        derived = not path.is_file()
        path = folder / "TypedDataSet.parquet" if derived else path
        if not path.is_file():
            raise ArchiveError(f"expected the rows of table {table_id} at {path}, found none; restore the archive")
        stamp = _stamp(path)
        with self._lock:
            known = self._data.get((host, table_id, resource))
            if known is None or known[0] != stamp:
                known = (
                    stamp,
                    self._open(path, host, table_id, untyped=resource == "UntypedDataSet", derived=derived),
                )
                self._data[(host, table_id, resource)] = known
            return known[1]

    def _open(self, path: Path, host: str, table_id: str, *, untyped: bool, derived: bool) -> DataSet:
        source = _source(path)
        described = self._connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        types = {str(row[0]): str(row[1]) for row in described}
        topics = {
            prop["Key"]: prop for prop in self.records(host, table_id, "DataProperties") if prop["Type"] == "Topic"
        }
        relation = _name(f"{host}/{table_id}/{'untyped' if untyped else 'typed'}")
        body = (
            f"SELECT {_derived_columns(types, topics)} FROM {source}"
            if untyped and derived
            else f"SELECT * FROM {source}"
        )
        if path.stat().st_size <= self._in_memory_bytes:
            self._drop(relation)
            self._connection.execute(f'CREATE TABLE {relation} AS {body} ORDER BY "ID"')
        else:
            relation = f"({body})"
        columns = [_column(key, type_, None if untyped else topics.get(key)) for key, type_ in types.items()]
        return DataSet(self._connection, relation, [_as_text(column) if untyped else column for column in columns])

    def _drop(self, relation: str) -> None:
        self._connection.execute(f"DROP TABLE IF EXISTS {relation}")


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _source(path: Path) -> str:
    escaped = str(path).replace("'", "''")
    return f"read_parquet('{escaped}')"


def _column(key: str, type_: str, topic: Mapping[str, Any] | None) -> ColumnSpec:
    """How a typed column is served: Doubles with a fraction, Longs without, Singles as they print."""
    name = _name(key)
    if type_ == "VARCHAR":
        return ColumnSpec(key, "text", name)
    datatype = topic["Datatype"] if topic else "Long"
    if datatype == "Long":
        return ColumnSpec(key, "number", f"{name}::BIGINT")
    if datatype == "String":
        return ColumnSpec(key, "text", f"{name}::VARCHAR")
    # Through text, so that 7888.2 kept as a Single is served as 7888.2 and not as its nearest double.
    return ColumnSpec(key, "number", f"{name}::VARCHAR::DOUBLE" if type_ == "FLOAT" else f"{name}::DOUBLE")


def _as_text(column: ColumnSpec) -> ColumnSpec:
    if column.key == "ID":
        return column
    return ColumnSpec(column.key, "text", _name(column.key))


def _derived_columns(types: Mapping[str, str], topics: Mapping[str, Mapping[str, Any]]) -> str:
    """SQL columns of an untyped data set that was not recorded: right-aligned text, `.` where unknown."""
    parts = []
    for key, type_ in types.items():
        name = _name(key)
        if key not in topics or type_ == "VARCHAR":
            parts.append(name)
            continue
        number = topics[key]
        decimals = int(number.get("Decimals") or 0) if number["Datatype"] != "Long" else 0
        text = f"printf('%{_UNTYPED_WIDTH}.{decimals}f', {name}::DOUBLE)"
        parts.append(f"CASE WHEN {name} IS NULL THEN '{'.':>{_UNTYPED_WIDTH}}' ELSE {text} END AS {name}")
    return ", ".join(parts)
