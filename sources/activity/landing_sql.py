"""The one statement that turns a batch of cells into judged, pseudonymised rows of the work database.

Four layers: the cells, what was delivered per contract column (t_), what could be read of it (p_) and what is stored
(v_). Put together once per file; the cells themselves are bound as one JSON parameter. What does not belong here: how a
single value is read (`values`, `gemeente_of_record`) and the rules of a row (`row_rules`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sources.activity.contract import ContractColumn, ContractTable
from sources.activity.gemeente_of_record import HERKOMST, PlaceCell, PlaceSql, SourceKind, place_kind, place_sql
from sources.activity.layout import (
    FAULTS,
    IS_DATE_SUFFIX,
    PLACE_KEY,
    ROW_HASH,
    SAYS_PLACE,
    gemeente_column,
    work_columns,
)
from sources.activity.mapping_types import ColumnMapping, SourceColumn, TableMapping, UrenAfleiding
from sources.activity.pseudonym import normalise_sql, pseudonym_sql
from sources.activity.row_rules import parsed, row_faults, special_fault, text, value
from sources.activity.sql import literal, lookup, name
from sources.activity.values import (
    Reading,
    fault_sql,
    is_date_only_sql,
    number_sql,
    parsed_sql,
    sql_type,
    text_sql,
    value_sql,
)

BSN_FAULT = "bsn_aangetroffen"
UNREADABLE = "type_onleesbaar"

_HOURS = "uren"
_KIND = name("t_contactsoort")
_SEPARATOR, _NOTHING = "CHR(31)", "CHR(30)"


@dataclass(frozen=True, slots=True)
class Source:
    """What the statement is made for: one file of one table.

    Attributes:
        table: the table of the contract.
        mapping: layout of the file.
        places: where each source column is in a row, counted from 0.
        peildatum: last day on which the delivery is complete.
        organisatie_id: organisation of the delivery.
        is_workbook: numbers come from cells that hold numbers, with a point whatever the mapping says.
    """

    table: ContractTable
    mapping: TableMapping
    places: Mapping[SourceColumn, int]
    peildatum: date
    organisatie_id: str
    is_workbook: bool = False

    def cells(self, sources: tuple[SourceColumn, ...]) -> list[str]:
        """Expressions of the cells of the sources that the file has."""
        return [_cell(self.places[source]) for source in sources if source in self.places]

    @property
    def readings(self) -> dict[str, Reading]:
        """How each contract column is read that this file gives."""
        found = {}
        for column in self.table.columns:
            mapping = self.mapping.column(column.kolom)
            if mapping is not None and (mapping.vast is not None or self.cells(mapping.bron)):
                leeg = self.mapping.onbekende_waarde == "leeg"
                found[column.kolom] = Reading(column, mapping, self.peildatum, leeg, self.is_workbook)
        if self.mapping.afgeleid is not None:
            derived = ColumnMapping(kolom=_HOURS, bron=(self.mapping.afgeleid.uit,))
            found[_HOURS] = Reading(self.table.column(_HOURS), derived, self.peildatum)
        return found


def insert_statement(source: Source, target: str) -> str:
    """The statement that lands one batch.

    Its parameters are $rijen (JSON list of rows: record number, then the cells), $bestand (number of the file), and the
    record numbers in $bsn (with a BSN in a free column) and $onleesbaar (not readable as a whole).
    """
    readings = source.readings
    plain = {kolom: reading for kolom, reading in readings.items() if reading.column.soort != "gemeente"}
    place = _place(source, readings)
    layer = f"(SELECT nr, reden, rauw, {_texts(source, plain, place)} FROM rauw)"
    parts = [f"{_parsed(source, reading)} AS {parsed(kolom)}" for kolom, reading in plain.items()]
    parts += [f"{is_date_only_sql(text(kolom))} AS {name(kolom + IS_DATE_SUFFIX)}" for kolom in _moments(plain)]
    parts += [f"{expression} AS {alias}" for alias, expression in (place.candidates if place else ())]
    layer = f"(SELECT *{''.join(', ' + part for part in parts)} FROM {layer})"
    repeated = [reading for reading in plain.values() if _is_repeated(source, reading)]
    joins = " ".join([place.joins if place else "", *map(_known_join, repeated)])
    layer = f"(SELECT k.*, {_values(source, plain, place)} FROM {layer} AS k {joins})"
    known = "".join(f", {_known(source, reading)}" for reading in repeated)
    return (
        f"INSERT INTO {target} WITH rauw AS MATERIALIZED {_cells(source)}{known} "
        f"SELECT {_stored(source, readings, place)} FROM {layer}"
    )


def _cell(number: int) -> str:
    return f"c{number}"


def _cells(source: Source) -> str:
    """The layer of the cells; a row that is out as a whole keeps nothing of what it says but its hash."""
    width = 1 + max(source.places.values(), default=0)
    cells = ", ".join(f"CASE WHEN reden IS NULL THEN r[{number + 2}] END AS {_cell(number)}" for number in range(width))
    rows = "(SELECT UNNEST(FROM_JSON($rijen::JSON, '[[\"VARCHAR\"]]')) AS r)"
    numbered = f"(SELECT r, CAST(r[1] AS INTEGER) AS nr FROM {rows})"
    reason = (
        f"CASE WHEN LIST_CONTAINS($bsn::INTEGER[], nr) THEN '{BSN_FAULT}' "
        f"WHEN LIST_CONTAINS($onleesbaar::INTEGER[], nr) THEN '{UNREADABLE}' END"
    )
    judged = f"(SELECT r, nr, {reason} AS reden FROM {numbered})"
    raw = ", ".join(f"COALESCE(r[{number + 2}], {_NOTHING})" for number in sorted(set(source.places.values())))
    layer = f"(SELECT nr, reden, CONCAT_WS({_SEPARATOR}, {raw or literal('')}) AS rauw, {cells} FROM {judged})"
    split = next((column for column in source.mapping.columns if column.splits is not None), None)
    filled = " AND ".join(f"{cell} IS NULL" for cell in source.cells(split.bron)) if split is not None else ""
    # Of a cell that lists several things, an empty one lists nothing.
    return f"(SELECT * FROM {layer} WHERE reden IS NOT NULL OR NOT ({filled}))" if filled else layer


# --- layers ---------------------------------------------------------------------------------------


def _place(source: Source, readings: Mapping[str, Reading]) -> PlaceSql | None:
    """The SQL of the gemeente, over the layer of the texts."""
    kolom = gemeente_column(source.table)
    if kolom is None or kolom not in readings:
        return None
    cells = [PlaceCell(alias, kind) for alias, _, kind in _place_cells(source, readings[kolom])]
    return place_sql(cells, required=readings[kolom].column.verplicht)


def _place_cells(source: Source, reading: Reading) -> list[tuple[str, str, SourceKind]]:
    """(alias, expression, kind) of each cell that says something of the place."""
    mapping = reading.mapping
    if mapping.vast is not None:
        return [("plaats_0", literal(mapping.vast), "plaats")]
    found: list[tuple[str, str, SourceKind]] = []
    for number, given in enumerate(given for given in mapping.bron if given in source.places):
        cell = _cell(source.places[given])
        if mapping.waarden:
            folded = {key.lower(): meaning for key, meaning in mapping.waarden.items()}
            cell = f"COALESCE({lookup(folded, f'LOWER({cell})')}, {cell})"
        found.append((f"plaats_{number}", cell, place_kind(given)))
    if mapping.huisnummer is not None and mapping.huisnummer in source.places:
        found.append(("huis_0", _cell(source.places[mapping.huisnummer]), "huisnummer"))
    return found


def _texts(source: Source, plain: Mapping[str, Reading], place: PlaceSql | None) -> str:
    parts = []
    for kolom, reading in plain.items():
        expression = text_sql(reading, source.cells(reading.mapping.bron))
        parts.append(f"{expression} AS {text(kolom)}")
    place_column = gemeente_column(source.table)
    if place is not None and place_column is not None:
        cells = _place_cells(source, source.readings[place_column])
        parts += [f"{cell} AS {alias}" for alias, cell, _ in cells]
    if source.mapping.afgeleid is not None:
        kind = source.mapping.afgeleid.contactsoort
        cells_of_kind = source.cells((kind,)) if kind is not None else []
        parts.append(f"{cells_of_kind[0] if cells_of_kind else literal('')} AS {_KIND}")
    return ", ".join(parts)


def _parsed(source: Source, reading: Reading) -> str:
    kolom = reading.column.kolom
    derived = source.mapping.afgeleid
    if derived is not None and kolom == _HOURS:
        return f"({number_sql(text(kolom), '.', None)} * {_minutes(derived)} / 60)"
    expression = parsed_sql(reading, text(kolom))
    if reading.column.domein is not None:
        return normalise_sql(expression, reading.mapping.id_voorloopnullen == "strippen")
    return expression


def _minutes(derived: UrenAfleiding) -> str:
    minutes = {kind.lower(): str(number) for kind, number in derived.minuten.items()}
    return f"CAST({lookup(minutes, f'LOWER({_KIND})')} AS DECIMAL(18, 4))"


def _values(source: Source, plain: Mapping[str, Reading], place: PlaceSql | None) -> str:
    parts = [f"{_value(source, reading)} AS {value(kolom)}" for kolom, reading in plain.items()]
    if place is not None:
        columns = (place.value, place.herkomst, place.fault, place.key)
        aliases = ("v_gemeente", "v_plaatsherkomst", "v_plaatsfout", "v_plaats")
        parts += [f"{expression} AS {alias}" for expression, alias in zip(columns, aliases, strict=True)]
    return ", ".join(parts)


def _value(source: Source, reading: Reading) -> str:
    column = reading.column
    expression = value_sql(reading, parsed(column.kolom))
    if column.domein is None:
        return expression
    if _is_repeated(source, reading):
        return f"{_known_name(reading)}.pseudoniem"
    return pseudonym_sql(expression, source.organisatie_id, reading.mapping.pseudoniem or column.domein)


def _is_repeated(source: Source, reading: Reading) -> bool:
    """Whether an identifier comes back in many rows, so that it pays to hash it once per batch."""
    return reading.column.domein is not None and source.table.key != (reading.column.kolom,)


def _known_name(reading: Reading) -> str:
    return name(f"wie_{reading.column.kolom}")


def _known(source: Source, reading: Reading) -> str:
    """A common table expression with the pseudonym of every identifier of one column."""
    domein = reading.mapping.pseudoniem or str(reading.column.domein)
    delivered = f"(SELECT {text_sql(reading, source.cells(reading.mapping.bron))} AS t FROM rauw)"
    plain = normalise_sql("t", reading.mapping.id_voorloopnullen == "strippen")
    distinct = f"(SELECT DISTINCT {plain} AS bron FROM {delivered})"
    pseudoniem = pseudonym_sql("bron", source.organisatie_id, domein)
    return f"{_known_name(reading)} AS MATERIALIZED (SELECT bron, {pseudoniem} AS pseudoniem FROM {distinct})"


def _known_join(reading: Reading) -> str:
    known = _known_name(reading)
    return f"LEFT JOIN {known} ON {known}.bron = k.{parsed(reading.column.kolom)}"


def _moments(plain: Mapping[str, Reading]) -> list[str]:
    return [kolom for kolom, reading in plain.items() if reading.column.type == "ts"]


# --- what is stored -------------------------------------------------------------------------------


def _stored(source: Source, readings: Mapping[str, Reading], place: PlaceSql | None) -> str:
    faults = _faults(source, readings)
    # Keyed: it tells rows apart and cannot be found by trying. Of a row without fault the values are enough.
    row_hash = pseudonym_sql("rauw", source.organisatie_id, f"rij {source.table.tabel}")
    stored = {
        "_bestand": "$bestand",
        "_bronregel": "nr",
        HERKOMST: "v_plaatsherkomst" if place else literal("onbekend"),
        FAULTS: faults,
        ROW_HASH: f"CASE WHEN {faults} IS NOT NULL THEN {row_hash} END",
    }
    if place is not None:
        stored[SAYS_PLACE] = "plaats IS NOT NULL"
        # The place as delivered may be a postcode, which never lands.
        stored[PLACE_KEY] = pseudonym_sql("v_plaats", source.organisatie_id, "plaats")
    for column in source.table.columns:
        stored[column.kolom] = _stored_value(column, readings)
        if column.type == "ts" and column.kolom in readings:
            stored[column.kolom + IS_DATE_SUFFIX] = name(column.kolom + IS_DATE_SUFFIX)
    return ", ".join(stored.get(column, f"CAST(NULL AS {kind})") for column, kind in work_columns(source.table))


def _stored_value(column: ContractColumn, readings: Mapping[str, Reading]) -> str:
    if column.kolom not in readings:
        kind = sql_type(column)
        return f"CAST({literal(column.standaard) if column.standaard is not None else 'NULL'} AS {kind})"
    return "v_gemeente" if column.soort == "gemeente" else value(column.kolom)


def _faults(source: Source, readings: Mapping[str, Reading]) -> str:
    faults = []
    for kolom, reading in readings.items():
        if reading.column.soort == "gemeente":
            fault = "v_plaatsfout"
        else:
            fault = fault_sql(reading, text(kolom), parsed(kolom), value(kolom))
            fault = special_fault(source.table, kolom, _derived_fault(source, kolom, fault))
        faults.append(f"{literal(kolom + ':')} || ({fault})")
    faults += row_faults(
        source.table, {kolom: one for kolom, one in readings.items() if one.column.soort != "gemeente"}
    )
    listed = f"NULLIF(CONCAT_WS(' ', {', '.join(faults)}), '')"
    return f"CASE WHEN reden IS NOT NULL THEN ':' || reden ELSE {listed} END"


def _derived_fault(source: Source, kolom: str, fault: str) -> str:
    """A kind of contact without minutes is no unreadable number."""
    if source.mapping.afgeleid is None or kolom != _HOURS:
        return fault
    unknown = f"{text(kolom)} IS NOT NULL AND {_minutes(source.mapping.afgeleid)} IS NULL"
    return f"CASE WHEN {unknown} THEN 'waarde_buiten_domein' ELSE ({fault}) END"
