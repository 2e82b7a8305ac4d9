"""Read the mapping file of an organisation: YAML that says where each contract column comes from.

Every fault names the file, the table, the key and the remedy; a key that nobody reads is refused, because a typing
error would otherwise change figures in silence. What does not belong here: one table of it (`mapping_table`), and the
delivered files.
"""

from __future__ import annotations

import hashlib
import re
from collections import abc
from datetime import date, datetime, time
from pathlib import Path

from sources.activity.contract import Contract
from sources.activity.mapping_table import TABLE_DEFAULTS, read_table
from sources.activity.mapping_types import (
    ColumnMapping,
    LeveringSettings,
    Mapping,
    SourceColumn,
    TableMapping,
    UrenAfleiding,
    contract_mapping,
    contract_table_mapping,
)
from sources.activity.mapping_yaml import Node, read_yaml

__all__ = [
    "ORGANISATION",
    "ColumnMapping",
    "LeveringSettings",
    "Mapping",
    "SourceColumn",
    "TableMapping",
    "UrenAfleiding",
    "contract_mapping",
    "contract_table_mapping",
    "load_mapping",
]

ORGANISATION = re.compile(r"[a-z0-9][a-z0-9-]{1,40}", re.IGNORECASE | re.ASCII)

_KEYS = (
    "organisatie",
    "contract",
    "bronsysteem",
    "levering",
    "standaard",
    "tabellen",
    "definities",
    "postcodes",
)


def load_mapping(path: Path, contract: Contract) -> Mapping:
    """Read a mapping file and hold it against the contract.

    Args:
        path: of the YAML file.
        contract: what the file maps to.

    Raises:
        MappingError: the file cannot be read, or something in it cannot be; names file, table, key and remedy.
    """
    root = read_yaml(path)
    given = root.keys(_KEYS, needed=("organisatie", "contract", "bronsysteem", "tabellen"))
    organisatie = given["organisatie"].text()
    if not ORGANISATION.fullmatch(organisatie):
        given["organisatie"].fail(
            f"'{organisatie}' kan niet als naam dienen.", "Gebruik 2 tot 41 letters, cijfers en streepjes."
        )
    given["contract"].choice((contract.versie,))
    return Mapping(
        organisatie=organisatie,
        contract=contract.versie,
        bronsysteem=given["bronsysteem"].text(),
        tabellen=_read_tables(given, contract),
        levering=_read_levering(given["levering"]) if "levering" in given else None,
        definities=_read_definities(given["definities"]) if "definities" in given else None,
        postcodes=_read_postcodes(given["postcodes"], path.parent) if "postcodes" in given else None,
        versie=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _read_tables(given: abc.Mapping[str, Node], contract: Contract) -> dict[str, tuple[TableMapping, ...]]:
    defaults = given["standaard"].keys(TABLE_DEFAULTS) if "standaard" in given else {}
    tables: dict[str, tuple[TableMapping, ...]] = {}
    for name, node in given["tabellen"].keys(contract.tables).items():
        tables[name] = tuple(read_table(layout, contract.tables[name], defaults) for layout in node.nodes())
    if not tables:
        given["tabellen"].fail("noemt geen enkele tabel.", "Voeg minstens één tabel toe.")
    return {name: tables[name] for name in contract.tables if name in tables}


def _read_levering(node: Node) -> LeveringSettings:
    given = node.keys(
        ("levering_id", "periode_van", "peildatum", "aangemaakt_op"), needed=("levering_id", "periode_van", "peildatum")
    )
    first, last = _read_date(given["periode_van"]), _read_date(given["peildatum"])
    if last < first:
        given["peildatum"].fail("ligt vóór periode_van.", "Verwissel de datums of verbeter ze.")
    created = _read_moment(given["aangemaakt_op"]) if "aangemaakt_op" in given else datetime.combine(last, time.min)
    return LeveringSettings(given["levering_id"].text(), first, last, created)


def _read_date(node: Node) -> date:
    try:
        return date.fromisoformat(node.text())
    except ValueError:
        node.fail("is geen datum.", "Schrijf jjjj-mm-dd, bijvoorbeeld 2025-12-31.")


def _read_moment(node: Node) -> datetime:
    try:
        return datetime.fromisoformat(node.text()).replace(tzinfo=None)
    except ValueError:
        node.fail("is geen tijdstip.", "Schrijf jjjj-mm-ddTuu:mm:ss, bijvoorbeeld 2026-01-05T08:00:00.")


def _read_definities(node: Node) -> dict[str, abc.Mapping[str, str]]:
    definitions: dict[str, abc.Mapping[str, str]] = {}
    for name, definition in node.items().items():
        given = definition.keys(("tekst", "versie"), needed=("tekst", "versie"))
        definitions[name] = {key: value.text() for key, value in given.items()}
    return definitions


def _read_postcodes(node: Node, folder: Path) -> Path:
    path = folder / node.text()
    if not path.is_file():
        node.fail(f"het bestand {path.name} is er niet.", "Schrijf het pad vanaf de map van dit mappingbestand.")
    return path
