"""Small archive folders for tests, in the layout that the replay server reads.

A test says which dimensions, topics and rows a table has; the records around them (catalogue, TableInfos,
DataProperties, members) follow from that in the shape of the services.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

CBS = "opendata.cbs.nl"
DERDEN = "dataderden.cbs.nl"
MODIFIED = "2026-05-13T02:00:00"


@dataclass(frozen=True)
class Dim:
    """A dimension: literal (padded) keys with their titles, and a status per key for periods."""

    key: str
    members: Mapping[str, str]
    kind: str = "Dimension"
    title: str = ""
    map_year: int | None = None
    status: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Top:
    """A topic; `group` holds the titles of the groups it is under, outermost first."""

    key: str
    unit: str = "%"
    datatype: str = "Double"
    title: str = ""
    group: tuple[str, ...] = ()


@functools.cache
def database() -> duckdb.DuckDBPyConnection:
    """One database for all tests of a process: opening one costs more than most of what they do with it."""
    return duckdb.connect(":memory:")


def regions(*codes: str, key: str = "RegioS", width: int = 6, kind: str = "GeoDimension", map_year: int = 2024) -> Dim:
    """A region dimension with keys padded to `width`."""
    return Dim(key, {code.ljust(width): f"Gebied {code}" for code in codes}, kind, "Regio's", map_year)


def periods(*codes: str, status: str = "Definitief", key: str = "Perioden") -> Dim:
    """A time dimension."""
    return Dim(
        key, {code: code[:4] for code in codes}, "TimeDimension", "Perioden", status=dict.fromkeys(codes, status)
    )


def write_archive(folder: Path, name: str = "test") -> Path:
    """Make a folder an archive; `name` is what its identity follows from."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "archive.json").write_text(json.dumps({"kind": "test", "title": name, "tables": [], "files": []}))
    return folder


def write_table(
    archive: Path,
    table_id: str,
    dimensions: Sequence[Dim],
    topics: Sequence[Top],
    rows: Iterable[Sequence[Any]] | str,
    *,
    host: str = CBS,
    title: str = "Tabel (indeling 2024)",
    modified: str = MODIFIED,
    metadata_modified: str = MODIFIED,
    period: str = "2024",
    frequency: str = "Perjaar",
) -> Path:
    """Write one table, replacing an earlier one.

    Args:
        archive: from `write_archive`.
        table_id: id at the service.
        dimensions: in column order; keys as served.
        topics: in column order, after the dimensions.
        rows: values in that order (ID is added), or a query that gives them, ID included, under the column names.
        host: service that has the table.
        title: Title.
        modified: Modified.
        metadata_modified: MetaDataModified.
        period: Period.
        frequency: Frequency.
    """
    folder = archive / "odata" / host / table_id
    folder.mkdir(parents=True, exist_ok=True)
    count = _write_rows(folder / "TypedDataSet.parquet", dimensions, topics, rows)
    info = {
        "ID": 1, "Title": title, "ShortTitle": title, "Identifier": table_id, "Summary": "", "Modified": modified,
        "ReasonDelivery": "Actualisering", "Language": "nl", "Catalog": "CBS", "Frequency": frequency,
        "Period": period, "OutputStatus": "Regulier", "Source": "CBS.", "MetaDataModified": metadata_modified,
    }  # fmt: skip
    record = {
        **info,
        "Updated": max(modified, metadata_modified),
        "ApiUrl": f"https://internal.invalid/ODataApi/odata/{table_id}",
        "FeedUrl": f"https://internal.invalid/ODataFeed/odata/{table_id}",
        "RecordCount": count,
        "ColumnCount": len(dimensions) + len(topics),
    }
    _write(folder / "catalog.json", record)
    _write(folder / "TableInfos.json", [info])
    _write(folder / "DataProperties.json", list(_properties(dimensions, topics)))
    _write(folder / "CategoryGroups.json", [])
    for dimension in dimensions:
        _write(folder / f"{dimension.key}.json", list(_members(dimension)))
    return folder


def edit(folder: Path, resource: str, change: Mapping[str, Any], row: int = 0) -> None:
    """Change members of one record of a resource, for example `Modified` of `catalog`."""
    path = folder / f"{resource}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    (content if isinstance(content, dict) else content[row]).update(change)
    _write(path, content)


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _write_rows(
    path: Path, dimensions: Sequence[Dim], topics: Sequence[Top], rows: Iterable[Sequence[Any]] | str
) -> int:
    kinds = {"Long": "INTEGER", "Double": "DOUBLE", "Float": "FLOAT", "String": "VARCHAR"}
    columns = {"ID": "INTEGER", **{dimension.key: "VARCHAR" for dimension in dimensions}}
    columns |= {topic.key: kinds[topic.datatype] for topic in topics}
    with database().cursor() as cursor:
        cursor.execute(
            f"create or replace temp table rows ({', '.join(f'{_name(key)} {kind}' for key, kind in columns.items())})"
        )
        if isinstance(rows, str):
            cursor.execute(f"insert into rows by name ({rows})")
        else:
            places = ", ".join("?" for _ in columns)
            values = [[number, *row] for number, row in enumerate(rows)]
            if values:
                cursor.executemany(f"insert into rows values ({places})", values)
        path.unlink(missing_ok=True)
        cursor.execute(f"copy (select * from rows order by ID) to '{path}' (format parquet)")
        (count,) = cursor.execute("select count(*) from rows").fetchone() or (0,)
    return int(count)


def _name(key: str) -> str:
    return f'"{key}"'


def _properties(dimensions: Sequence[Dim], topics: Sequence[Top]) -> Iterable[dict[str, Any]]:
    number = 0
    for position, dimension in enumerate(dimensions):
        yield {
            "odata.type": f"Cbs.OData.{dimension.kind}", "ID": number, "Position": position, "ParentID": None,
            "Type": dimension.kind, "Key": dimension.key, "Title": dimension.title or dimension.key,
            "Description": "", **({"MapYear": dimension.map_year} if dimension.map_year else {}),
        }  # fmt: skip
        number += 1
    groups: dict[tuple[str, ...], int] = {}
    for position, topic in enumerate(topics, start=len(dimensions)):
        for depth in range(1, len(topic.group) + 1):
            path = topic.group[:depth]
            if path not in groups:
                groups[path] = number
                yield {
                    "odata.type": "Cbs.OData.TopicGroup", "ID": number, "Position": None,
                    "ParentID": groups.get(path[:-1]), "Type": "TopicGroup", "Key": "", "Title": path[-1],
                    "Description": "",
                }  # fmt: skip
                number += 1
        yield {
            "odata.type": "Cbs.OData.Topic", "ID": number, "Position": position, "ParentID": groups.get(topic.group),
            "Type": "Topic", "Key": topic.key, "Title": topic.title or topic.key.rsplit("_", 1)[0], "Description": "",
            "Datatype": topic.datatype, "Unit": topic.unit, "Decimals": 0 if topic.datatype == "Long" else 1,
            "Default": "Missing", "PresentationType": "",
        }  # fmt: skip
        number += 1


def _members(dimension: Dim) -> Iterable[dict[str, Any]]:
    for key, title in dimension.members.items():
        member = {"Key": key, "Title": title, "Description": "", "CategoryGroupID": None}
        if dimension.kind == "TimeDimension":
            member["Status"] = dimension.status.get(key, "Definitief")
        yield member
