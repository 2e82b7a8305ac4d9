"""The columns of own data while it is being judged and as it lies in the lake.

What does not belong here: what a column means (`contract`) and how it is filled.
"""

from __future__ import annotations

from sources.activity.contract import ContractTable
from sources.activity.gemeente_of_record import HERKOMST
from sources.activity.sql import name
from sources.activity.values import sql_type

# What tells two places of a key apart as delivered: two gemeenten that are one now are still two rows.
PLACE_KEY = "_plaats"
# Whether the record says anything of its place, so that empty is told from not recognised.
SAYS_PLACE = "_zegt_plaats"
FAULTS = "_fouten"
ROW_HASH = "_hash"
IS_DATE_SUFFIX = "_is_datum"


def gemeente_column(table: ContractTable) -> str | None:
    """The column with the gemeente, where a table has one."""
    return next((column.kolom for column in table.columns if column.soort == "gemeente"), None)


def value_columns(table: ContractTable) -> list[tuple[str, str]]:
    """Name and type of what is said of a record: the contract columns and what was learned while reading them."""
    columns = [(column.kolom, sql_type(column)) for column in table.columns]
    if gemeente_column(table) is not None:
        columns.append((HERKOMST, "VARCHAR"))
    columns += [(column.kolom + IS_DATE_SUFFIX, "BOOLEAN") for column in table.columns if column.type == "ts"]
    return columns


def lake_columns(table: ContractTable) -> list[tuple[str, str]]:
    """Name and type of the columns of one table in the lake."""
    return [
        *value_columns(table),
        ("levering_id", "VARCHAR"),
        ("organisatie_id", "VARCHAR"),
        ("_bronbestand", "VARCHAR"),
        ("_bronregel", "INTEGER"),
    ]


def work_columns(table: ContractTable) -> list[tuple[str, str]]:
    """Name and type of the columns of one table in the work database: no cell as delivered, no identifier."""
    columns = [("_bestand", "USMALLINT"), ("_bronregel", "INTEGER"), *value_columns(table)]
    if gemeente_column(table) is not None:
        columns.append((SAYS_PLACE, "BOOLEAN"))
    if gemeente_column(table) in table.key:
        columns.append((PLACE_KEY, "VARCHAR"))
    return [*columns, (FAULTS, "VARCHAR"), (ROW_HASH, "VARCHAR")]


def work_key(table: ContractTable) -> list[str]:
    """The key as delivered, as quoted columns of the work database."""
    place = gemeente_column(table)
    return [name(PLACE_KEY if column == place else column) for column in table.key]


def work_table(tabel: str) -> str:
    """Name of the table with all rows that were read."""
    return name(f"gelezen_{tabel}")


def create_statement(relation: str, columns: list[tuple[str, str]]) -> str:
    """A CREATE TABLE for these columns."""
    return f"CREATE TABLE {relation} ({', '.join(f'{name(column)} {kind}' for column, kind in columns)})"
