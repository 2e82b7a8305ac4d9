"""What a table consists of: dimensions with their members, topics with unit and place in the tree.

Keeps keys literally as served, padding included: a filter needs them so. Chooses nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from sources.errors import SchemaError
from sources.odata.client import Client, Record

TIME = "TimeDimension"
GEO = frozenset({"GeoDimension", "GeoDetail"})
_PLAIN = "Dimension"
_DIMENSIONS = GEO | {TIME, _PLAIN}
_SUFFIX = re.compile(r"_(\d+)$")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of a table.

    Attributes:
        key: column name.
        title: trimmed title.
        kind: Dimension, TimeDimension, GeoDimension or GeoDetail.
        map_year: layout year of a geographic dimension, or None.
    """

    key: str
    title: str
    kind: str
    map_year: int | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A measure of a table.

    Attributes:
        key: column name as served, with its number.
        title: trimmed title.
        unit: unit as published, trimmed.
        datatype: Long, Double, Float or String.
        decimals: decimals published, or None.
        group: titles of the groups it is under, outermost first.
    """

    key: str
    title: str
    unit: str
    datatype: str
    decimals: int | None = None
    group: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The column name without its number, which moves between editions."""
        return _SUFFIX.sub("", self.key)

    @property
    def number(self) -> int:
        """The number at the end of the column name; 0 without one."""
        match = _SUFFIX.search(self.key)
        return int(match.group(1)) if match else 0


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a dimension: literal key, trimmed title, and Status where it is a period."""

    key: str
    title: str
    status: str | None = None


@dataclass(frozen=True, slots=True)
class TableInfo:
    """What TableInfos says: title, change stamp of the data, period as free text."""

    title: str
    modified: str
    period: str


@dataclass(frozen=True, slots=True)
class TableMetadata:
    """One table.

    Attributes:
        table_id: id at the service.
        info: TableInfos.
        dimensions: in the order of their columns.
        topics: in the order of their columns.
        members: per dimension key. The geographic dimension is left out unless it was asked for: it can be 17,000
            members long and its codes are taken from the rows.
    """

    table_id: str
    info: TableInfo
    dimensions: tuple[Dimension, ...]
    topics: tuple[Topic, ...]
    members: Mapping[str, tuple[Member, ...]]

    @property
    def time(self) -> Dimension | None:
        """The time dimension, whatever its name, or None."""
        return next((dimension for dimension in self.dimensions if dimension.kind == TIME), None)

    @property
    def fingerprint(self) -> str:
        """Hash of what a client depends on: keys, kinds, units, decimals and places of all columns."""
        shape = [
            [[d.key, d.kind] for d in self.dimensions],
            [[t.key, t.datatype, t.unit, t.decimals, list(t.group)] for t in self.topics],
        ]
        return hashlib.sha256(json.dumps(shape, ensure_ascii=False).encode()).hexdigest()


def read_table_info(client: Client, table_id: str) -> TableInfo:
    """Read TableInfos.

    Raises:
        SourceError: it could not be read.
    """
    return _table_info(client.table_info(table_id))


def read_metadata(client: Client, table_id: str, region_dimensions: Iterable[str] = ()) -> TableMetadata:
    """Read TableInfos, DataProperties and the members of every dimension that is not geographic.

    Args:
        client: the service.
        table_id: id as published.
        region_dimensions: dimensions that the registry uses as region although the service may not mark them so;
            their members are not read either.

    Raises:
        SourceError: a resource could not be read.
        SchemaError: DataProperties does not hang together.
    """
    info, dimensions, topics = read_columns(client, table_id)
    regions = set(region_dimensions)
    asked = [dimension.key for dimension in dimensions if dimension.kind not in GEO and dimension.key not in regions]
    lists = _side_by_side([partial(client.table_meta, table_id, key) for key in asked])
    try:
        members = {key: parse_members(records) for key, records in zip(asked, lists, strict=True)}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(table_id, error) from error
    return TableMetadata(table_id, info, dimensions, topics, members)


def read_columns(client: Client, table_id: str) -> tuple[TableInfo, tuple[Dimension, ...], tuple[Topic, ...]]:
    """Read TableInfos and DataProperties, side by side: what the table is and which columns it has.

    Raises:
        SourceError: a resource could not be read.
        SchemaError: DataProperties does not hang together.
    """
    (record,), properties = _side_by_side(
        [lambda: [client.table_info(table_id)], partial(client.table_meta, table_id, "DataProperties")]
    )
    try:
        dimensions, topics = parse_properties(table_id, properties)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(table_id, error) from error
    return _table_info(record), dimensions, topics


def parse_properties(table_id: str, records: Iterable[Record]) -> tuple[tuple[Dimension, ...], tuple[Topic, ...]]:
    """Sort DataProperties into dimensions and topics, in the order of their columns.

    Raises:
        SchemaError: a group that is named as parent is not there, or there is no topic.
    """
    rows = list(records)
    groups = {row["ID"]: row for row in rows if row.get("Type") == "TopicGroup"}
    columns = sorted((row for row in rows if row.get("Position") is not None), key=lambda row: int(row["Position"]))
    dimensions = tuple(
        Dimension(_text(row, "Key"), _text(row, "Title"), str(row["Type"]), _year(row.get("MapYear")))
        for row in columns
        if row.get("Type") in _DIMENSIONS
    )
    topics = tuple(
        Topic(
            key=_text(row, "Key"),
            title=_text(row, "Title"),
            unit=_text(row, "Unit"),
            datatype=_text(row, "Datatype"),
            decimals=int(row["Decimals"]) if row.get("Decimals") is not None else None,
            group=_path(table_id, row, groups),
        )
        for row in columns
        if row.get("Type") == "Topic"
    )
    if not topics:
        raise SchemaError(f"{table_id}: DataProperties noemt geen enkel onderwerp")
    return dimensions, topics


def parse_members(records: Iterable[Record]) -> tuple[Member, ...]:
    """Members of a dimension, keys literal."""
    return tuple(Member(str(row["Key"]), _text(row, "Title"), _text(row, "Status") or None) for row in records)


def _side_by_side(questions: list[Callable[[], list[Record]]]) -> list[list[Record]]:
    """The answers in the order of the questions; the transport bounds how many are asked at once."""
    with ThreadPoolExecutor(max(1, len(questions)), thread_name_prefix="metadata") as pool:
        return list(pool.map(lambda ask: ask(), questions))


def _unreadable(table_id: str, error: Exception) -> SchemaError:
    """The service sent other records than it ever did; that is a fault of one table, not of this program."""
    return SchemaError(f"{table_id}: onleesbare metadata ({type(error).__name__}: {error})")


def _table_info(record: Record) -> TableInfo:
    return TableInfo(_text(record, "Title"), _text(record, "Modified"), _text(record, "Period"))


def _path(table_id: str, row: Record, groups: Mapping[int, Record]) -> tuple[str, ...]:
    path: list[str] = []
    parent = row.get("ParentID")
    while parent is not None:
        if parent not in groups or len(path) > len(groups):
            raise SchemaError(f"{table_id}: kolom {row.get('Key')} hoort bij groep {parent}, die er niet is")
        path.insert(0, _text(groups[parent], "Title"))
        parent = groups[parent].get("ParentID")
    return tuple(path)


def _text(record: Record, name: str) -> str:
    return str(record.get(name) or "").strip()


def _year(value: object) -> int | None:
    text = str(value or "").strip()
    return int(text) if text.isdigit() else None
