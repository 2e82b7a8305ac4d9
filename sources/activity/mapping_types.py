"""What is known about the layout of an organisation's files: per table the file, and per column where it comes from.

Delivered in contract form, the layout follows from the contract alone. What does not belong here: reading the YAML of
an organisation (`mapping`) and the files themselves.
"""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

from sources.activity.contract import Contract, ContractColumn, ContractTable

# A column of a file: its name in the header, or its place counted from 1.
SourceColumn = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """Where one contract column comes from and how its values are written; None means that nobody said.

    Attributes:
        kolom: contract column.
        bron: columns of the file; the first one that is filled in a row counts.
        sleutel: part of the primary key.
        moet: the file is refused when it has none of `bron`.
        vrij: nothing bounds the values: text without a closed list, such as the codes of an organisation.
        waarden: value in the file to contract value; an empty contract value means missing.
        datum: strptime formats, in order of preference.
        decimaal: decimal sign.
        duizendtal: separator of thousands.
        ontbrekend: texts that mean missing.
        waar: texts that mean true.
        onwaar: texts that mean false.
        einde: whether an end date is the first day without (exclusief) or the last day with (inclusief).
        pseudoniem: domain in which identifiers are pseudonymised.
        id_voorloopnullen: what happens to leading zeros of identifiers.
        vast: the value of every row, in place of a column of the file.
        splits: separator at which one cell becomes several rows.
        huisnummer: column with the house number that goes with a postcode in `bron`.
    """

    kolom: str
    bron: tuple[SourceColumn, ...] = ()
    sleutel: bool = False
    moet: bool = True
    vrij: bool = False
    waarden: abc.Mapping[str, str] | None = None
    datum: tuple[str, ...] | None = None
    decimaal: str | None = None
    duizendtal: str | None = None
    ontbrekend: frozenset[str] | None = None
    waar: frozenset[str] | None = None
    onwaar: frozenset[str] | None = None
    einde: Literal["exclusief", "inclusief"] = "exclusief"
    pseudoniem: str | None = None
    id_voorloopnullen: Literal["houden", "strippen"] = "houden"
    vast: str | None = None
    splits: str | None = None
    huisnummer: SourceColumn | None = None


@dataclass(frozen=True, slots=True)
class UrenAfleiding:
    """Hours derived from counted contacts.

    Attributes:
        uit: column of the file with the number of contacts.
        minuten: minutes per contact by kind; the key "" holds for every kind.
        contactsoort: column of the file with the kind; None when there is one number of minutes.
    """

    uit: SourceColumn
    minuten: abc.Mapping[str, Decimal]
    contactsoort: SourceColumn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """One layout of files that hold rows of one contract table.

    Attributes:
        tabel: contract table.
        bestand: file name or glob, relative to the folder of the delivery.
        columns: contract columns that the files give.
        blad: sheet of a workbook; None finds it by its header.
        kopregel: rows of the header as a spreadsheet numbers them; None finds it by its names.
        totaalregel: text at which a totals row starts; None knows the usual ones.
        codering: encoding; None detects it.
        scheiding: separator; None detects it.
        weglaten: columns dropped unread.
        onbekende_waarde: what a value that `waarden` does not know does to its row.
        afgeleid: how hours are derived; None when the files give hours.
    """

    tabel: str
    bestand: str
    columns: tuple[ColumnMapping, ...]
    blad: str | None = None
    kopregel: tuple[int, ...] | None = None
    totaalregel: str | None = None
    codering: str | None = None
    scheiding: str | None = None
    weglaten: frozenset[SourceColumn] = frozenset()
    onbekende_waarde: Literal["quarantaine", "leeg"] = "quarantaine"
    afgeleid: UrenAfleiding | None = None

    @property
    def sources(self) -> tuple[SourceColumn, ...]:
        """Every column of the file that something is read from, each once."""
        found = [source for column in self.columns for source in column.bron]
        found += [column.huisnummer for column in self.columns if column.huisnummer is not None]
        if self.afgeleid is not None:
            found += [self.afgeleid.uit]
            found += [] if self.afgeleid.contactsoort is None else [self.afgeleid.contactsoort]
        return tuple(dict.fromkeys(found))

    def column(self, kolom: str) -> ColumnMapping | None:
        """How this contract column is given, or None when the files do not give it."""
        return next((column for column in self.columns if column.kolom == kolom), None)


@dataclass(frozen=True, slots=True)
class LeveringSettings:
    """What `levering.csv` would say, for an organisation whose system does not write one."""

    levering_id: str
    periode_van: date
    peildatum: date
    aangemaakt_op: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How the files of an organisation give the tables of the contract.

    Attributes:
        organisatie: organisation, or None in contract form, where `levering.csv` says it.
        contract: version of the contract.
        bronsysteem: name and version of the source system; None in contract form.
        tabellen: per contract table its layouts.
        levering: in place of `levering.csv`.
        definities: words of the organisation for judgements such as `te_laat`: name to text and version.
        postcodes: file of postcode6 to gemeente.
        versie: sha256 of the mapping file; "contract" in contract form.
        contractvorm: the files are in contract form.
    """

    organisatie: str | None
    contract: str
    bronsysteem: str | None
    tabellen: abc.Mapping[str, tuple[TableMapping, ...]]
    levering: LeveringSettings | None = None
    definities: abc.Mapping[str, abc.Mapping[str, str]] | None = None
    postcodes: Path | None = None
    versie: str = "contract"
    contractvorm: bool = False


def contract_mapping(contract: Contract) -> Mapping:
    """The layout of a delivery in contract form: one file per table, columns by their contract names."""
    return Mapping(
        organisatie=None,
        contract=contract.versie,
        bronsysteem=None,
        tabellen={name: (contract_table_mapping(table),) for name, table in contract.tables.items()},
        contractvorm=True,
    )


def contract_table_mapping(table: ContractTable) -> TableMapping:
    """The layout of one table in contract form."""
    return TableMapping(
        tabel=table.tabel, bestand=f"{table.tabel}.*", columns=tuple(map(_contract_column, table.columns))
    )


def _contract_column(column: ContractColumn) -> ColumnMapping:
    return ColumnMapping(
        kolom=column.kolom,
        bron=(column.kolom,),
        sleutel=column.sleutel,
        moet=column.verplicht and column.standaard is None,
        vrij=column.is_vrij,
        pseudoniem=column.domein,
    )
