"""Rules between the columns of one row that send it to quarantine.

They judge what was delivered, before an inclusive end date becomes the first day without. What does not belong here:
rules of a single cell (`values`) and rules between rows (`checks`, `coherence`).
"""

from __future__ import annotations

from collections.abc import Mapping

from sources.activity.contract import ContractTable
from sources.activity.layout import IS_DATE_SUFFIX
from sources.activity.sql import literal, name
from sources.activity.values import Reading

COHERENCE = "samenhang_geschonden"
BEFORE_START = "eind_voor_start"
NO_HOURS = "uren_ontbreken"
EMPTY = "verplicht_veld_leeg"

_HOURS, _PLACE = "uren", "vindplaats"


def row_faults(table: ContractTable, readings: Mapping[str, Reading]) -> list[str]:
    """SQL expressions that each give `kolom:reden` or NULL, over the layer with the columns t_, p_ and v_.

    Args:
        table: the table.
        readings: how each contract column that the file gives is read.
    """
    faults = [
        _when(f"{parsed(column.kolom)} < {parsed(column.niet_voor)}", column.kolom, BEFORE_START)
        for column in table.columns
        if column.niet_voor and {column.kolom, column.niet_voor} <= readings.keys()
    ]
    if table.tabel == "doorverwijzing" and "aangekomen_op" in readings:
        faults.append(_when(f"{parsed('aangekomen_op')} < {parsed('datum')}", "aangekomen_op", COHERENCE))
    if table.tabel == "partnerverzoek" and "gereageerd_op" in readings:
        faults.append(_when(_answered_before_asked(), "gereageerd_op", COHERENCE))
    if table.tabel == "interventie":
        faults += _together(readings, "einddatum", "reden_einde")
    if table.tabel == "budget":
        faults += _together(readings, "datum_besluit", "bedrag_toegekend")
    if table.tabel == "urenregistratie":
        place = given(readings, _PLACE)
        faults.append(_when(f"{parsed('soort')} = '{_PLACE}' AND NOT {place}", _PLACE, EMPTY))
    return faults


def special_fault(table: ContractTable, kolom: str, fault: str) -> str:
    """Give the fault of a cell the name that it has in this table: a visit without hours is not just an empty cell."""
    if (table.tabel, kolom) != ("urenregistratie", _HOURS):
        return fault
    return f"CASE WHEN {parsed('soort')} = '{_PLACE}' AND ({fault}) = '{EMPTY}' THEN '{NO_HOURS}' ELSE ({fault}) END"


def text(kolom: str) -> str:
    """The column of a layer with what was delivered."""
    return name(f"t_{kolom}")


def parsed(kolom: str) -> str:
    """The column of a layer with what could be read of it."""
    return name(f"p_{kolom}")


def value(kolom: str) -> str:
    """The column of a layer with what is stored."""
    return name(f"v_{kolom}")


def given(readings: Mapping[str, Reading], kolom: str) -> str:
    """SQL that tells whether a column was filled in; what the mapping lets go was not."""
    reading = readings.get(kolom)
    if reading is None:
        return "FALSE"
    column = parsed(kolom) if reading.unknown_is_empty and reading.mapping.waarden else text(kolom)
    return f"({column} IS NOT NULL)"


def _when(test: str, kolom: str, reason: str) -> str:
    return f"CASE WHEN {test} THEN {literal(f'{kolom}:{reason}')} END"


def _together(readings: Mapping[str, Reading], one: str, other: str) -> list[str]:
    """Both or neither; the fault is named after the one that is missing."""
    first, second = given(readings, one), given(readings, other)
    return [_when(f"{first} AND NOT {second}", other, COHERENCE), _when(f"{second} AND NOT {first}", one, COHERENCE)]


def _answered_before_asked() -> str:
    """Where one of the two has no time of day, the days decide."""
    asked, answered = parsed("verzocht_op"), parsed("gereageerd_op")
    only_days = f"({name('verzocht_op' + IS_DATE_SUFFIX)} OR {name('gereageerd_op' + IS_DATE_SUFFIX)})"
    return f"CASE WHEN {only_days} THEN CAST({answered} AS DATE) < CAST({asked} AS DATE) ELSE {answered} < {asked} END"
