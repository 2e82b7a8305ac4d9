"""What a delivery says of itself: whose it is, over which period, and up to which day it is complete.

What does not belong here: the tables of the delivery.
"""

from __future__ import annotations

import re
from collections import abc
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from sources.activity.files import TableFile
from sources.activity.mapping import ORGANISATION
from sources.activity.mapping_types import ColumnMapping, Mapping, TableMapping
from sources.activity.records import open_records
from sources.errors import DeliveryError

MANIFEST_COLUMNS: abc.Mapping[str, str] = {
    "levering_id": "Eigen kenmerk van deze levering",
    "organisatie_id": "Korte naam van de organisatie, bij elke levering gelijk",
    "bronsysteem": "Naam en versie van het systeem waar de gegevens uit komen",
    "periode_van": "Eerste dag van de levering",
    "peildatum": "Laatste dag tot en met welke de gegevens compleet zijn",
    "aangemaakt_op": "Moment van de export",
}
MANIFEST = TableMapping(
    tabel="levering",
    bestand="levering.*",
    columns=tuple(ColumnMapping(kolom=name, bron=(name,)) for name in MANIFEST_COLUMNS),
)

_DUTCH_DATE = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})(.*)")
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class LeveringRow:
    """What a delivery says of itself."""

    levering_id: str
    organisatie_id: str
    bronsysteem: str
    periode_van: date
    peildatum: date
    aangemaakt_op: datetime


def read_levering(file: TableFile | None, mapping: Mapping) -> LeveringRow:
    """Read `levering.csv`, or take what the mapping says in its place.

    Args:
        file: the file, or None when there is none.
        mapping: of the delivery; the organisation that it names has to be that of the file.

    Raises:
        DeliveryError: the file does not have one row, or something in it cannot be.
    """
    settings = mapping.levering
    if file is None:
        if settings is None or mapping.organisatie is None or mapping.bronsysteem is None:
            raise DeliveryError("levering.csv ontbreekt en de mapping zegt niet van wie hij is. Maak het bestand.")
        return LeveringRow(
            settings.levering_id,
            mapping.organisatie,
            mapping.bronsysteem,
            settings.periode_van,
            settings.peildatum,
            settings.aangemaakt_op,
        )
    row = _read_row(file)
    organisatie = row.text("organisatie_id")
    if not ORGANISATION.fullmatch(organisatie):
        row.fail("organisatie_id", "kan niet als naam dienen.", "Gebruik 2 tot 41 letters, cijfers en streepjes.")
    if mapping.organisatie is not None and organisatie != mapping.organisatie:
        row.fail("organisatie_id", f"is niet {mapping.organisatie}, zoals in de mapping.", "Neem de juiste mapping.")
    levering_id = row.text("levering_id")
    if len(levering_id) > _LONGEST_ID:
        row.fail("levering_id", f"is langer dan {_LONGEST_ID} tekens.", "Kies een korter kenmerk.")
    first, last = row.moment("periode_van").date(), row.moment("peildatum").date()
    if last < first:
        row.fail("peildatum", "ligt vóór periode_van.", "Verwissel de datums of verbeter ze.")
    return LeveringRow(levering_id, organisatie, row.text("bronsysteem"), first, last, row.moment("aangemaakt_op"))


@dataclass(frozen=True, slots=True)
class _Row:
    file: str
    cells: abc.Mapping[str, str]

    def fail(self, column: str, problem: str, remedy: str) -> NoReturn:
        raise DeliveryError(f"{self.file}, kolom {column}: {problem} {remedy}")

    def text(self, column: str) -> str:
        if not self.cells[column]:
            self.fail(column, "is leeg.", f"Vul deze kolom in ({MANIFEST_COLUMNS[column]}).")
        return self.cells[column]

    def moment(self, column: str) -> datetime:
        """A date or a moment; a spreadsheet may have written the date the Dutch way."""
        text = self.text(column)
        dutch = _DUTCH_DATE.fullmatch(text)
        if dutch:
            day, month, year, rest = dutch.groups()
            text = f"{year}-{month:0>2}-{day:0>2}{rest}"
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            self.fail(column, "is geen datum of tijdstip.", "Schrijf jjjj-mm-dd of jjjj-mm-ddTuu:mm:ss.")


def _read_row(file: TableFile) -> _Row:
    stream = open_records(file, MANIFEST)
    rows = [row for batch in stream.batches() for row in batch.rows]
    if len(rows) != 1:
        raise DeliveryError(f"{file.naam}: heeft {len(rows)} rijen onder de kop. Laat er precies één staan.")
    places = {column.kolom: stream.places_of(column)[0] for column in MANIFEST.columns}
    return _Row(file.naam, {kolom: rows[0][place + 1] or "" for kolom, place in places.items()})
