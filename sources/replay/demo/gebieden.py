"""Write the tables Gebieden in Nederland: the real list of gemeenten with province, and invented inhabitants."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sources.registry import Registry, SourceTable
from sources.replay.demo.geography import LANDSDELEN, Gemeente, Geography
from sources.replay.demo.metadata import PropertyList, TableInfo, write_info, write_json
from sources.replay.demo.rows import write_rows

_KEPT = 3
_CODE_WIDTH, _NAME_WIDTH = 10, 50
_PLACES = "Lokaliseringen van gemeenten"


def choose_rosters(registry: Registry) -> list[SourceTable]:
    """The three newest tables, newest first."""
    rosters = [table for table in registry.tables.values() if table.bron == "gebieden"]
    return sorted(rosters, key=lambda table: table.indeling, reverse=True)[:_KEPT]


def write_roster(folder: Path, source: SourceTable, geography: Geography) -> tuple[int, int]:
    """Write one table.

    Returns:
        Numbers of rows and of columns.
    """
    year = int(source.indeling)
    gemeenten = sorted(geography.existing(year), key=lambda gemeente: gemeente.naam.casefold())
    people = {fact.code: fact.inwoners for fact in geography.facts(None, [year])}
    # The numbers of these columns move from year to year: never to be relied on.
    first = 24 + (year - 2020) % 5 * 2
    columns = [
        f"Code_{first}",
        f"Naam_{first + 1}",
        f"Code_{first + 2}",
        f"Naam_{first + 3}",
        f"Inwonertal_{year - 1970}",
    ]
    rows = [_row(gemeente, people[gemeente.code]) for gemeente in gemeenten]
    names = ["RegioS", "Code_1", "Naam_2", "SorteringNaam_3", *columns]
    write_rows(folder, [dict(zip(names, row, strict=True)) for row in rows])
    _write_texts(folder, source, year, columns, gemeenten)
    return len(rows), len(names)


def _row(gemeente: Gemeente, people: int) -> list[str | int]:
    part, _ = LANDSDELEN[gemeente.landsdeel]
    code = gemeente.code.ljust(_CODE_WIDTH)
    name = gemeente.naam.ljust(_NAME_WIDTH)
    return [
        code,
        code,
        name,
        name,
        gemeente.landsdeel.ljust(_CODE_WIDTH),
        part.ljust(_NAME_WIDTH),
        gemeente.provincie_code.ljust(_CODE_WIDTH),
        gemeente.provincie.ljust(_NAME_WIDTH),
        people,
    ]


def _write_texts(
    folder: Path, source: SourceTable, year: int, columns: Sequence[str], gemeenten: Sequence[Gemeente]
) -> None:
    properties = PropertyList()
    properties.add("GeoDimension", "RegioS", "Regio's", MapYear=year)
    own = properties.group(("Codes en namen van gemeenten",))
    for key, title in (("Code_1", "Code"), ("Naam_2", "Naam"), ("SorteringNaam_3", "Sortering naam")):
        properties.add("Topic", key, title, own, **_text_topic(title))
    for group, (code, name) in (("Landsdelen", columns[:2]), ("Provincies", columns[2:4])):
        parent = properties.group((_PLACES, group))
        properties.add("Topic", code, "Code", parent, **_text_topic("Code"))
        properties.add("Topic", name, "Naam", parent, **_text_topic("Naam"))
    number = {"Datatype": "Long", "Unit": "aantal", "Decimals": 0, "Default": "Missing", "PresentationType": "Absolute"}
    properties.add("Topic", columns[4], "Inwonertal", properties.group(("Bevolking",)), **number)
    write_json(folder / "DataProperties.json", properties.records)
    write_json(folder / "CategoryGroups.json", [])
    regions = [
        {"Key": g.code.ljust(_CODE_WIDTH), "Title": g.naam, "Description": "", "CategoryGroupID": None}
        for g in gemeenten
    ]
    write_json(folder / "RegioS.json", regions)
    info = TableInfo(
        table_id=source.table_id,
        host=source.host,
        title=source.titel,
        catalogue="CBS",
        frequency="Perjaar",
        period=str(year),
        newest_year=year,
    )
    write_info(folder, info, len(gemeenten), 1 + sum(prop["Type"] == "Topic" for prop in properties.records))


def _text_topic(title: str) -> dict[str, object]:
    unit = "code" if title == "Code" else "naam"
    return {"Datatype": "String", "Unit": unit, "Decimals": 0, "Default": "Impossible", "PresentationType": ""}
