"""Archives with generated tables for the open-data benchmark: as many rows and columns as the real ones, invented."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

HOST = "opendata.cbs.nl"
_MODIFIED = "2026-05-13T02:00:00"
_GEMEENTEN = 355


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key, type, and the SQL of its value in terms of `i`, the number of the row."""

    key: str
    kind: str
    value: str
    datatype: str = ""


def write_long_table(archive: Path, table_id: str, rows: int) -> None:
    """A long table: three dimensions, four topics."""
    regions = [f"GM{number:04d}" for number in range(_GEMEENTEN)]
    periods = [f"{year}JJ00" for year in range(2003, 2026)]
    ages = [f"{number:05d}" for number in range(70000, 70000 + 1 + rows // (_GEMEENTEN * len(periods)))]
    columns = [
        Column("Leeftijd", "Dimension", f"{_listed(ages)}[1 + i // {_GEMEENTEN * len(periods)}]"),
        Column("RegioS", "GeoDimension", f"{_listed(regions)}[1 + (i // {len(periods)}) % {_GEMEENTEN}]"),
        Column("Perioden", "TimeDimension", f"{_listed(periods)}[1 + i % {len(periods)}]"),
        Column("Bevolking_1", "Topic", "(hash(i) % 50000)::integer", "Long"),
        Column("Aandeel_2", "Topic", "((hash(i + 1) % 1000) / 10)::double", "Double"),
        Column("Groei_3", "Topic", "case when i % 7 = 0 then null else ((hash(i + 2) % 400) / 10 - 20)::double end",
               "Double"),
        Column("Huishoudens_4", "Topic", "(hash(i + 3) % 20000)::integer", "Long"),
    ]  # fmt: skip
    members = {"Leeftijd": ages, "RegioS": regions, "Perioden": periods}
    _write(archive, table_id, columns, members, rows)


def write_wide_table(archive: Path, table_id: str, rows: int, topics: int) -> None:
    """A wide table in the shape of Kerncijfers wijken en buurten: one dimension, texts and many numbers, many null."""
    areas = ["NL00      " if i == 0 else f"GM{i:04d}    " if i <= _GEMEENTEN else f"BU{i:08d}" for i in range(rows)]
    columns = [Column("WijkenEnBuurten", "GeoDetail", f"{_listed(areas)}[1 + i]")]
    for number in range(1, topics + 1):
        kind = "String" if number <= 4 else "Long" if number % 3 else "Double"
        value = {
            "String": f"rpad('naam ' || (i % {97 + number}), {40 if number == 1 else 10}, ' ')",
            "Long": f"case when (i + {number}) % 4 = 0 then null else (hash(i + {number}) % 9000)::integer end",
            "Double": f"case when (i + {number}) % 4 = 0 then null else ((hash(i + {number}) % 999) / 10)::double end",
        }[kind]
        columns.append(Column(f"Kerncijfer{number}MetEenLangeNaam_{number}", "Topic", value, kind))
    _write(archive, table_id, columns, {"WijkenEnBuurten": areas}, rows)


def start_archive(folder: Path) -> Path:
    """Make a folder an archive."""
    folder.mkdir(parents=True)
    (folder / "archive.json").write_text(json.dumps({"kind": "bench", "title": folder.name, "tables": [], "files": []}))
    return folder


def _listed(values: list[str]) -> str:
    return "[" + ", ".join(f"'{value}'" for value in values) + "]"


def _write(archive: Path, table_id: str, columns: list[Column], members: dict[str, list[str]], rows: int) -> None:
    folder = archive / "odata" / HOST / table_id
    folder.mkdir(parents=True)
    values = ", ".join(f"{column.value} as {column.key}" for column in columns)
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select i::integer as ID, {values} from range({rows}) t(i) order by i) "
            f"to '{folder / 'TypedDataSet.parquet'}' (format parquet)"
        )
    info = {
        "ID": 1, "Title": f"Bench {table_id}", "ShortTitle": table_id, "Identifier": table_id, "Summary": "",
        "Modified": _MODIFIED, "Language": "nl", "Catalog": "CBS", "Frequency": "Perjaar", "Period": "2020",
        "OutputStatus": "Regulier", "MetaDataModified": _MODIFIED,
    }  # fmt: skip
    _json(folder / "catalog.json", {**info, "Updated": _MODIFIED, "RecordCount": rows, "ColumnCount": len(columns)})
    _json(folder / "TableInfos.json", [info])
    _json(folder / "DataProperties.json", [_property(number, column) for number, column in enumerate(columns)])
    _json(folder / "CategoryGroups.json", [])
    for name, keys in members.items():
        status = {"Status": "Definitief"} if name == "Perioden" else {}
        _json(folder / f"{name}.json", [
            {"Key": key, "Title": f"Titel van {key.strip()}", "Description": "", "CategoryGroupID": None, **status}
            for key in keys
        ])  # fmt: skip


def _property(number: int, column: Column) -> dict[str, Any]:
    known = {
        "odata.type": f"Cbs.OData.{column.kind}", "ID": number, "Position": number, "ParentID": None,
        "Type": column.kind, "Key": column.key, "Title": column.key.rsplit("_", 1)[0], "Description": "",
    }  # fmt: skip
    if column.datatype:
        known |= {"Datatype": column.datatype, "Unit": "aantal", "Decimals": 1, "Default": "Missing"}
    return known


def _json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
