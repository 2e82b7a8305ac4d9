"""Write the table Gebieden; overzicht vanaf 1830: what happened to each gemeente, told in its description.

The events are those of the registry; hectares, homes and inhabitants are invented, the inhabitants those of the
invented country. The form of the descriptions, oddities included, is that of the service.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from sources.registry import SourceTable
from sources.replay.demo.geography import LAST_YEAR, Event, Gemeente, Geography
from sources.replay.demo.metadata import PropertyList, TableInfo, write_info, write_json
from sources.replay.demo.rows import write_rows

_WIDTH = 6
_BORDER, _RENAMED = "grenswijziging", "hernoeming"
_SMALL_LAND = 100
_PEOPLE_PER_HOME = 2.2
_COLUMNS = (
    ("Begindatum_1", "Begindatum"),
    ("Einddatum_2", "Einddatum"),
    ("GebiedsOfGemeentecode_3", "Gebieds- of gemeentecode"),
    ("Provincie_4", "Provincie"),
    ("ProvincieAfkorting_5", "Provincie afkorting"),
    ("BegindatumSorteerveld_6", "Begindatum sorteerveld"),
    ("EinddatumSorteerveld_7", "Einddatum sorteerveld"),
)


def write_events(folder: Path, source: SourceTable, geography: Geography) -> tuple[int, int]:
    """Write the table.

    Returns:
        Numbers of rows and of columns.
    """
    gemeenten = sorted(geography.gemeenten.values(), key=lambda gemeente: gemeente.naam.casefold())
    write_rows(folder, [{"RegioS": gemeente.code.ljust(_WIDTH), **_row(gemeente)} for gemeente in gemeenten])
    texts = descriptions(geography)
    members = [
        {"Key": g.code.ljust(_WIDTH), "Title": g.naam, "Description": texts.get(g.code, ""), "CategoryGroupID": None}
        for g in gemeenten
    ]
    write_json(folder / "RegioS.json", members)
    properties = PropertyList()
    properties.add("GeoDimension", "RegioS", "Regio's", MapYear=LAST_YEAR)
    for key, title in _COLUMNS:
        properties.add("Topic", key, title, Datatype="String", Unit="", Decimals=0, Default="Impossible")
    write_json(folder / "DataProperties.json", properties.records)
    write_json(folder / "CategoryGroups.json", [])
    info = TableInfo(
        table_id=source.table_id,
        host=source.host,
        title=source.titel,
        catalogue="CBS",
        frequency="Perjaar",
        period=f"1830-{LAST_YEAR}",
        newest_year=LAST_YEAR - 1,
    )
    columns = 1 + len(_COLUMNS)
    write_info(folder, info, len(gemeenten), columns)
    return len(gemeenten), columns


def descriptions(geography: Geography) -> dict[str, str]:
    """The description of every gemeente that an event is about, newest event first."""
    told: dict[str, list[tuple[str, str]]] = defaultdict(list)
    groups: dict[tuple[str, str, bool], list[Event]] = defaultdict(list)
    received: dict[tuple[str, str, bool], list[Event]] = defaultdict(list)
    for event in geography.events:
        border = event.kind == _BORDER
        groups[event.old, event.day, border].append(event)
        received[event.new, event.day, border].append(event)
    for (old, day, border), events in groups.items():
        told[old].append((day, _given(geography, day, events, border)))
    for (new, day, border), events in received.items():
        told[new].append((day, _taken(geography, new, day, events, border)))
    return {code: "\n.\n".join(text for _, text in sorted(texts, reverse=True)) for code, texts in told.items()}


def _given(geography: Geography, day: str, events: Sequence[Event], border: bool) -> str:
    first = events[0]
    if first.kind == _RENAMED:
        name = geography.gemeenten[first.new].naam
        return f"Naamswijziging per {_dutch(day)}, nieuwe naam: {name} ({first.new})"
    kind = "Grenswijziging" if border else "Opgeheven"
    lines = [_line(geography, event, event.new) for event in events]
    return "\n".join([f"{kind} per {_dutch(day)}, overgegaan naar:", *lines])


def _taken(geography: Geography, new: str, day: str, events: Sequence[Event], border: bool) -> str:
    begins = geography.gemeenten[new].van.isoformat() == day
    kind = "Grenswijziging" if border else "Ontstaan" if begins else "Gemeentelijke herindeling"
    if events[0].kind == _RENAMED:
        return f"Ontstaan per {_dutch(day)}"
    # The service spells it both ways.
    by = "uit" if begins and _lot(new) % 2 else "ontvangen van"
    lines = [_line(geography, event, event.old) for event in events]
    return "\n".join([f"{kind} per {_dutch(day)}, {by}:", *lines])


def _line(geography: Geography, event: Event, other: str) -> str:
    heading = f"- {geography.gemeenten[other].naam} ({other}),"
    lot = _lot(f"{event.day}{event.old}{event.new}")
    moved = geography.moved.get(event)
    if moved is None:
        return f"{heading}\n... {lot % _SMALL_LAND},{lot % 89 + 10} hectare"
    people = round(moved)
    land, homes = people // 8 + lot % 50, round(people / _PEOPLE_PER_HOME)
    return f"{heading}\n... {land} hectare met {homes} woningen en {people} inwoners"


def _row(gemeente: Gemeente) -> dict[str, str]:
    ended = gemeente.tot
    values = (
        _dutch(gemeente.van.isoformat()),
        _dutch(ended.isoformat()) if ended else "",
        gemeente.code,
        gemeente.provincie,
        "",
        f"{gemeente.van:%Y%m%d}",
        f"{ended:%Y%m%d}" if ended else "",
    )
    return dict(zip((key for key, _ in _COLUMNS), values, strict=True))


def _dutch(day: str) -> str:
    return f"{dt.date.fromisoformat(day):%d-%m-%Y}"


def _lot(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:6], 16)
