"""Write the lists that go with a table: catalogue record, TableInfos, DataProperties, CategoryGroups, dimensions.

Members and their order are those of the real service; texts say that the figures are invented.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sources.replay.demo.areas import Region
from sources.replay.demo.shape import DETAIL_DIMENSIONS, Dimension, TableShape, Topic

Record = dict[str, Any]
INVENTED = "DEMO: alle cijfers in deze tabel zijn verzonnen."
_FREQUENCIES: Mapping[str, str] = {
    "jaarlijks": "Perjaar",
    "maandelijks": "Permaand",
    "tweejaarlijks": "Tweejaarlijks",
    "vierjaarlijks": "Vierjaarlijks",
}
_CATALOGUES: Mapping[str, str] = {"cbs": "CBS", "rivm": "RIVM", "politie": "Politie", "gebieden": "CBS"}
_TIMES = ("02:00:00", "06:30:00", "15:30:00")
# Links in the records of this host lead to a name that does not resolve, as they do in the field.
_INTERNAL_HOSTS: Mapping[str, str] = {"dataderden.cbs.nl": "dataderden.prod.cbsp.nl"}
_GROUPS = ("Nederland", "Landsdelen", "Provincies", "Gemeenten", "Overige regio's")
_GROUP_OF: Mapping[str, int] = {"NL": 1, "LD": 2, "PV": 3, "GM": 4}


def write_json(path: Path, content: object) -> None:
    """Write a list with one record on each line, anything else indented."""
    if isinstance(content, list):
        lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in content)
        text = f"[\n{lines}\n]\n" if content else "[]\n"
    else:
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8")


def write_metadata(folder: Path, shape: TableShape, regions: Sequence[Region], rows: int) -> None:
    """Write all lists of a table beside its rows."""
    info = TableInfo(
        table_id=shape.source.table_id,
        host=shape.source.host,
        title=shape.title,
        catalogue=_CATALOGUES[shape.source.bron],
        frequency="Stopgezet" if shape.superseded else _FREQUENCIES.get(shape.source.ritme, "Onregelmatig"),
        period=_span(shape),
        newest_year=shape.years[-1],
    )
    properties = data_properties(shape)
    write_info(folder, info, rows, sum(1 for prop in properties if prop["Type"] != "TopicGroup"))
    write_json(folder / "DataProperties.json", properties)
    for dimension in shape.dimensions:
        write_json(folder / f"{dimension.key}.json", _members(dimension))
    groups = []
    if shape.region is not None:
        detailed = shape.region in DETAIL_DIMENSIONS
        groups = [] if detailed else _category_groups(shape.region)
        members = [_detail_member(region) if detailed else _region_member(region) for region in regions]
        write_json(folder / f"{shape.region}.json", members)
    write_json(folder / "CategoryGroups.json", groups)
    if shape.periods:
        write_json(
            folder / "Perioden.json",
            [
                {"Key": period.key, "Title": period.title, "Description": None, "Status": period.status}
                for period in shape.periods
            ],
        )


def _span(shape: TableShape) -> str:
    years = shape.years
    return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"


class TableInfo:
    """What the catalogue and TableInfos say of a table."""

    def __init__(
        self,
        *,
        table_id: str,
        host: str,
        title: str,
        catalogue: str,
        frequency: str,
        period: str,
        newest_year: int,
    ) -> None:
        self.table_id = table_id
        self.host = host
        self.title = title
        self.catalogue = catalogue
        self.frequency = frequency
        self.period = period
        self.modified = _modified(table_id, newest_year)
        self.number = int(hashlib.sha256(table_id.encode()).hexdigest()[:4], 16)


def _modified(table_id: str, newest_year: int) -> str:
    """A stamp that follows from the id: in the year after the newest figures, not after the summer of 2026."""
    digest = hashlib.sha256(f"stempel|{table_id}".encode()).digest()
    day = dt.date(min(newest_year + 1, 2026), 1, 10) + dt.timedelta(days=digest[0] % 200)
    return f"{day.isoformat()}T{_TIMES[digest[1] % len(_TIMES)]}"


def write_info(folder: Path, info: TableInfo, rows: int, columns: int) -> None:
    """Write `catalog.json` and `TableInfos.json`."""
    common: Record = {
        "Title": info.title,
        "ShortTitle": info.title.split(";")[0],
        "Identifier": info.table_id,
        "Summary": INVENTED,
        "Modified": info.modified,
        "ReasonDelivery": "Actualisering",
        "ExplanatoryText": "",
        "Language": "nl",
        "Catalog": info.catalogue,
        "Frequency": info.frequency,
        "Period": info.period,
        "ShortDescription": f"\n{INVENTED}\n",
        "DefaultPresentation": "",
        "DefaultSelection": "",
        "GraphTypes": "Table",
        "OutputStatus": "Regulier",
        "Source": f"{info.catalogue}.",
        "MetaDataModified": info.modified,
        "SearchPriority": "2",
    }
    table_info = {"ID": 0, **common, "Description": f"\n{INVENTED} Een punt betekent: onbekend of geheim.\n"}
    write_json(folder / "TableInfos.json", [_ordered(table_info, _INFO_ORDER)])
    host = _INTERNAL_HOSTS.get(info.host, info.host)
    record = {
        **common,
        "ID": info.number,
        "Updated": info.modified,
        "SummaryAndLinks": INVENTED,
        "ApiUrl": f"https://{host}/ODataApi/OData/{info.table_id}",
        "FeedUrl": f"https://{host}/ODataFeed/OData/{info.table_id}",
        "RecordCount": rows,
        "ColumnCount": columns,
    }
    write_json(folder / "catalog.json", _ordered(record, _CATALOGUE_ORDER))


_INFO_ORDER = (
    "ID", "Title", "ShortTitle", "Identifier", "Summary", "Modified", "ReasonDelivery", "ExplanatoryText",
    "Language", "Catalog", "Frequency", "Period", "ShortDescription", "Description", "DefaultPresentation",
    "DefaultSelection", "GraphTypes", "OutputStatus", "Source", "MetaDataModified", "SearchPriority",
)  # fmt: skip
_CATALOGUE_ORDER = (
    "Updated", "ID", "Identifier", "Title", "ShortTitle", "ShortDescription", "Summary", "Modified",
    "MetaDataModified", "ReasonDelivery", "ExplanatoryText", "OutputStatus", "Source", "Language", "Catalog",
    "Frequency", "Period", "SummaryAndLinks", "ApiUrl", "FeedUrl", "DefaultPresentation", "DefaultSelection",
    "GraphTypes", "RecordCount", "ColumnCount", "SearchPriority",
)  # fmt: skip


def _ordered(record: Record, order: Sequence[str]) -> Record:
    return {name: record[name] for name in order}


# --- DataProperties -------------------------------------------------------------------------------


class PropertyList:
    """Builds DataProperties: dimensions first, then topics, each under its groups."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._position = 0
        self._groups: dict[tuple[str, ...], int] = {}

    def add(self, kind: str, key: str, title: str, parent: int | None = None, **extra: object) -> None:
        """Add a dimension or a topic at the next position."""
        self._append(kind, key, title, parent, {"Position": self._position, **extra})
        self._position += 1

    def group(self, path: tuple[str, ...]) -> int | None:
        """ID of a group, made with its parents where it is new; None for no group."""
        if not path:
            return None
        if path not in self._groups:
            parent = self.group(path[:-1])
            self._append("TopicGroup", "", path[-1], parent, {"Position": None})
            self._groups[path] = len(self.records) - 1
        return self._groups[path]

    def _append(self, kind: str, key: str, title: str, parent: int | None, extra: Mapping[str, object]) -> None:
        record = {"odata.type": f"Cbs.OData.{kind}", "ID": len(self.records), "Position": extra["Position"]}
        record |= {"ParentID": parent, "Type": kind, "Key": key, "Title": title, "Description": ""}
        self.records.append({**record, **extra})


def data_properties(shape: TableShape) -> list[Record]:
    """DataProperties of a table."""
    properties = PropertyList()
    for dimension in shape.dimensions:
        properties.add("Dimension", dimension.key, dimension.title)
    if shape.region is not None:
        kind = "GeoDetail" if shape.region in DETAIL_DIMENSIONS else "GeoDimension"
        title = "Wijken en buurten" if kind == "GeoDetail" else "Regio's"
        properties.add(kind, shape.region, title, MapYear=shape.division or shape.years[-1])
    if shape.periods:
        properties.add("TimeDimension", "Perioden", "Perioden", ReleasePolicy=False)
    for topic in shape.topics:
        properties.add("Topic", topic.key, topic.title, properties.group(topic.group), **_topic(topic))
    return properties.records


def _topic(topic: Topic) -> Record:
    if topic.is_text:
        default, presentation = "Impossible", ""
    else:
        default = "Zero" if topic.zero else "Missing"
        presentation = "Absolute" if topic.unit.startswith("aantal") else "Relative"
    return {
        "Datatype": topic.datatype,
        "Unit": topic.unit,
        "Decimals": topic.decimals,
        "Default": default,
        "PresentationType": presentation,
    }


def _members(dimension: Dimension) -> list[Record]:
    return [
        {"Key": dimension.padded(member), "Title": member.title, "Description": None, "CategoryGroupID": None}
        for member in dimension.members
    ]


def _category_groups(region: str) -> list[Record]:
    top = {"ID": 0, "DimensionKey": region, "Title": "Regio's", "Description": "", "ParentID": None}
    return [top] + [
        {"ID": number, "DimensionKey": region, "Title": title, "Description": "", "ParentID": 0}
        for number, title in enumerate(_GROUPS, start=1)
    ]


def _region_member(region: Region) -> Record:
    group = _GROUP_OF.get(region.kind, len(_GROUPS))
    return {"Key": region.key, "Title": region.title, "Description": "", "CategoryGroupID": group}


def _detail_member(region: Region) -> Record:
    return {
        "Key": region.key,
        "Title": region.title,
        "Description": None,
        "Municipality": region.gemeente,
        "DetailRegionCode": region.code if region.gemeente else "",
    }
