"""Reading a generated archive in tests: rows through DuckDB, lists as JSON, columns by stem and unit."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb

Record = dict[str, Any]


class DemoReader:
    """A generated archive, read straight from disk."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.about: Record = json.loads((archive / "archive.json").read_text(encoding="utf-8"))
        self._connection = duckdb.connect()

    @property
    def tables(self) -> list[tuple[str, str]]:
        """Host and id of every table."""
        return [(entry["host"], entry["table"]) for entry in self.about["tables"]]

    def folder(self, table_id: str) -> Path:
        """Folder of a table."""
        host = next(host for host, table in self.tables if table == table_id)
        return self.archive / "odata" / host / table_id

    def records(self, table_id: str, name: str) -> list[Record]:
        """One of the lists of a table."""
        records: list[Record] = json.loads((self.folder(table_id) / f"{name}.json").read_text(encoding="utf-8"))
        return records

    def catalogue(self, table_id: str) -> Record:
        """Catalogue record of a table."""
        record: Record = json.loads((self.folder(table_id) / "catalog.json").read_text(encoding="utf-8"))
        return record

    def note(self, table_id: str) -> Record:
        """What the archive says of a table."""
        return next(entry for entry in self.about["tables"] if entry["table"] == table_id)

    def sql(self, text: str, table_id: str) -> list[tuple[Any, ...]]:
        """Query a table under the name `t`."""
        path = self.folder(table_id) / "TypedDataSet.parquet"
        return self._connection.execute(f"WITH t AS (FROM read_parquet('{path}')) {text}").fetchall()

    def columns(self, table_id: str) -> list[str]:
        """Columns of the rows of a table, in order."""
        path = self.folder(table_id) / "TypedDataSet.parquet"
        return [str(row[0]) for row in self._connection.execute(f"DESCRIBE FROM read_parquet('{path}')").fetchall()]

    def topics(self, table_id: str) -> list[Record]:
        """Topics, each with its stem and its path of groups."""
        properties = {prop["ID"]: prop for prop in self.records(table_id, "DataProperties")}
        topics = []
        for prop in properties.values():
            if prop["Type"] != "Topic":
                continue
            path: list[str] = []
            parent = prop["ParentID"]
            while parent is not None:
                path.insert(0, properties[parent]["Title"])
                parent = properties[parent]["ParentID"]
            topics.append({**prop, "Stem": re.sub(r"_\d+$", "", prop["Key"]), "Path": tuple(path)})
        return topics

    def column(self, table_id: str, stem: str, unit: str) -> str:
        """Key of the only ungrouped topic with a stem and a unit."""
        topics = self.topics(table_id)
        (key,) = (
            topic["Key"] for topic in topics if topic["Stem"] == stem and topic["Unit"] == unit and not topic["Path"]
        )
        return str(key)

    def column_number(self, table_id: str, stem: str) -> int:
        """The number at the end of the key of a topic."""
        (key,) = (topic["Key"] for topic in self.topics(table_id) if topic["Stem"] == stem)
        return int(key.rpartition("_")[2])
