"""The input contract of own data: which tables there are, which columns, and what each column may hold.

Read from two seeds of the registry, so that dbt and the reader judge by the same lines. What does not belong here: how
an organisation's files are laid out (`mapping`) and how a value is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from sources.registry import RegistryError
from sources.seeds import read_seed

CONTRACT_VERSION = "v0"
TABLE_SEED = "contract_table.csv"
COLUMN_SEED = "contract_column.csv"

Verwijzing = Literal["hard", "soft"]
Soort = Literal["gemeente", "code"]

_TYPE = re.compile(r"text|date|ts|int|small|bool|dec\([1-9][0-9]?,[0-9]\)")
_TABLE_COLUMNS = ("tabel", "volgorde", "omschrijving", "kern")
_COLUMN_COLUMNS = (
    "tabel",
    "volgorde",
    "kolom",
    "type",
    "verplicht",
    "sleutel",
    "standaard",
    "toegestaan",
    "minimum",
    "maximum",
    "tot_peiljaar",
    "patroon",
    "ontbrekend",
    "letterlijk",
    "verwijst_naar",
    "verwijzing",
    "domein",
    "niet_voor",
    "later_dan_peildatum",
    "toevoeging",
    "soort",
    "betekenis",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractColumn:
    """One column of one table.

    Attributes:
        type: text, date, ts, int, small, bool or dec(precision,scale).
        verplicht: an empty value sends the row to quarantine.
        sleutel: part of the primary key.
        standaard: value where the column is empty or absent.
        toegestaan: closed list of values; empty means any.
        minimum: lowest value allowed, included.
        maximum: highest value allowed, included.
        tot_peiljaar: the value may not be later than the year of the peildatum.
        patroon: regular expression that the value, written as ISO text, has to contain.
        ontbrekend: values that mean missing in this column, beside those of the mapping.
        letterlijk: a token such as n.v.t. is a value here, not a missing one.
        verwijst_naar: table whose single key column this refers to.
        verwijzing: hard: without parent to quarantine; soft: without parent the link is empty.
        domein: pseudonymisation domain; every column with one holds pseudonyms after landing.
        niet_voor: column of the same table that this date may not precede.
        later_dan_peildatum: may lie after the peildatum (planned and expiry dates).
        toevoeging: optional addition: absent means that the rule that needs it is skipped.
        soort: "gemeente" is resolved to a gemeente code, "code" is an open code list of the organisation.
        betekenis: Dutch words for suppliers.
    """

    tabel: str
    kolom: str
    type: str
    verplicht: bool = False
    sleutel: bool = False
    standaard: str | None = None
    toegestaan: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    tot_peiljaar: bool = False
    patroon: str | None = None
    ontbrekend: tuple[str, ...] = ()
    letterlijk: bool = False
    verwijst_naar: str | None = None
    verwijzing: Verwijzing | None = None
    domein: str | None = None
    niet_voor: str | None = None
    later_dan_peildatum: bool = False
    toevoeging: bool = False
    soort: Soort | None = None
    betekenis: str = ""

    @property
    def is_vrij(self) -> bool:
        """Whether nothing bounds the values: text that is no identifier, no gemeente and no closed list."""
        bounded = self.toegestaan or self.patroon or self.domein or self.soort == "gemeente"
        return self.type == "text" and not bounded


@dataclass(frozen=True, slots=True)
class ContractTable:
    """One table of the contract.

    Attributes:
        kern: part of the smallest useful delivery.
    """

    tabel: str
    omschrijving: str
    kern: bool
    columns: tuple[ContractColumn, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns of the primary key."""
        return tuple(column.kolom for column in self.columns if column.sleutel)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.kolom for column in self.columns)

    def column(self, name: str) -> ContractColumn:
        """The column of this name.

        Raises:
            KeyError: there is none.
        """
        for column in self.columns:
            if column.kolom == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Contract:
    """All tables, parents before the tables that refer to them."""

    tables: Mapping[str, ContractTable]
    versie: str = CONTRACT_VERSION


def load_contract(registry_folder: Path) -> Contract:
    """Read the contract from the registry.

    Args:
        registry_folder: folder of the registry seeds.

    Raises:
        RegistryError: a seed is missing or says something that cannot be; names file, line, column and remedy.
    """
    columns: dict[str, list[ContractColumn]] = {}
    for line, row in read_seed(registry_folder, COLUMN_SEED, _COLUMN_COLUMNS):
        columns.setdefault(row["tabel"], []).append(_read_column(line, row))
    tables: dict[str, ContractTable] = {}
    for line, row in read_seed(registry_folder, TABLE_SEED, _TABLE_COLUMNS):
        name = row["tabel"]
        if name in tables or name not in columns:
            problem = "is there twice." if name in tables else f"has no columns in {COLUMN_SEED}."
            raise RegistryError(
                TABLE_SEED, line, "tabel", f"'{name}' {problem}", "Give each table one row and columns."
            )
        tables[name] = ContractTable(name, row["omschrijving"], row["kern"] == "true", tuple(columns.pop(name)))
    for name in columns:
        raise RegistryError(COLUMN_SEED, None, "tabel", f"'{name}' is not in {TABLE_SEED}.", "Add it there.")
    for table in tables.values():
        _check_table(table, tables)
    return Contract(MappingProxyType(tables))


def _read_column(line: int, row: Mapping[str, str]) -> ContractColumn:
    if not _TYPE.fullmatch(row["type"]):
        raise RegistryError(COLUMN_SEED, line, "type", f"'{row['type']}' is no type.", "Take one of the contract.")
    if row["verwijzing"] not in ("", "hard", "soft") or row["soort"] not in ("", "gemeente", "code"):
        raise RegistryError(COLUMN_SEED, line, None, "has an unknown verwijzing or soort.", "Correct the word.")
    return ContractColumn(
        tabel=row["tabel"],
        kolom=row["kolom"],
        type=row["type"],
        verplicht=row["verplicht"] == "true",
        sleutel=row["sleutel"] == "true",
        standaard=row["standaard"] or None,
        toegestaan=_words(row["toegestaan"]),
        minimum=Decimal(row["minimum"]) if row["minimum"] else None,
        maximum=Decimal(row["maximum"]) if row["maximum"] else None,
        tot_peiljaar=row["tot_peiljaar"] == "true",
        patroon=row["patroon"] or None,
        ontbrekend=_words(row["ontbrekend"]),
        letterlijk=row["letterlijk"] == "true",
        verwijst_naar=row["verwijst_naar"] or None,
        verwijzing=cast("Verwijzing | None", row["verwijzing"] or None),
        domein=row["domein"] or None,
        niet_voor=row["niet_voor"] or None,
        later_dan_peildatum=row["later_dan_peildatum"] == "true",
        toevoeging=row["toevoeging"] == "true",
        soort=cast("Soort | None", row["soort"] or None),
        betekenis=row["betekenis"],
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _check_table(table: ContractTable, tables: Mapping[str, ContractTable]) -> None:
    """Refuse what would let an identifier through in clear or point at nothing."""
    seen: set[str] = set()
    for column in table.columns:
        problem = _find_problem(column, table, tables)
        if column.kolom in seen:
            problem = "is there twice."
        seen.add(column.kolom)
        if problem:
            place = f"{table.tabel}.{column.kolom}"
            raise RegistryError(COLUMN_SEED, None, place, problem, "Correct the row.")
    if not table.key:
        raise RegistryError(COLUMN_SEED, None, table.tabel, "has no key.", "Mark the columns of the key.")


def _find_problem(column: ContractColumn, table: ContractTable, tables: Mapping[str, ContractTable]) -> str | None:
    if column.kolom.endswith("_id") and column.domein is None:
        return "is an identifier without a pseudonymisation domain."
    if column.niet_voor is not None and column.niet_voor not in table.names:
        return "names a column in niet_voor that is not in its table."
    if column.verwijst_naar is None:
        return None if column.verwijzing is None else "is a reference to no table."
    parent = tables.get(column.verwijst_naar)
    if parent is None or len(parent.key) != 1 or column.verwijzing is None:
        return "has to refer, hard or soft, to a table with a key of one column."
    if parent.column(parent.key[0]).domein != column.domein:
        return "has another pseudonymisation domain than what it refers to."
    return None
