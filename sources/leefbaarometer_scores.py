"""Read scores of the Leefbaarometer: the CSV per gemeente inside the zip, and the map layer.

Pure functions of files and bytes. What does not belong here: downloading, the lake, the identities between the columns
(`sources.edition_checks.somregel`), the wijken and PC4 files of the same zip, geometry, and any arithmetic on the
scores (the country is 0 by construction).
"""

from __future__ import annotations

import csv
import fnmatch
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from sources.errors import SourceError

DIMENSIONS = ("fys", "onv", "soc", "vrz", "won")
MEASURES = ("lbm", "afw", *DIMENSIONS)
WFS_MEASURES = ("afw", *DIMENSIONS)

_MEMBER_PATTERN = "*scores*gemeente*.csv"
_MEMBER_LIMIT_BYTES = 64 * 1024 * 1024
_CODE = re.compile(r"GM\d{4}")
_YEAR = re.compile(r"20\d{2}")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_XML_TEXT = re.compile(rb"<(?:\w+:)?(?:ExceptionText|ServiceException|title|h1)[^>]*>\s*([^<]{1,300})", re.IGNORECASE)
_EXAMPLES = 10
_SIX_DIGITS = 6


class LeefbaarometerError(SourceError):
    """The zip or the map layer is not what it should be; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class GemeenteScore:
    """The scores of one gemeente in one year.

    Attributes:
        gemeente_code: `GM` and four digits.
        jaar: year of the measurement.
        values: score per measure, exactly as given; None where the source gives none.
        regel: line or feature number in the source, from 1.
    """

    gemeente_code: str
    jaar: int
    values: Mapping[str, Decimal | None]
    regel: int

    @property
    def place(self) -> str:
        """Gemeente and year, for messages."""
        return f"{self.gemeente_code} {self.jaar}"


# --- the zip --------------------------------------------------------------------------------------


def find_gemeente_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Find the one member that holds the scores per gemeente.

    Args:
        archive: the open zip.
        name: name of the zip, for the message.

    Raises:
        LeefbaarometerError: no member fits, or more than one.
    """
    members = [info for info in archive.infolist() if not info.is_dir() and not _is_junk(info.filename)]
    found = [info for info in members if fnmatch.fnmatch(_base_name(info.filename), _MEMBER_PATTERN)]
    if len(found) == 1:
        return found[0]
    shown = ", ".join(f"'{info.filename}'" for info in (found or members)) or "niets"
    raise LeefbaarometerError(
        f"{name}: verwacht één bestand als '{_MEMBER_PATTERN}' (de scores per gemeente), "
        f"gevonden {len(found)}; {'dit past' if found else 'dit zit erin'}: {shown}. "
        "Bekijk de zip op de open-datapagina van de Leefbaarometer; is het bestand hernoemd, pas dan het patroon aan"
    )


def _is_junk(filename: str) -> bool:
    """Whether a member is debris of the machine that made the zip: its name fits, its content is no CSV."""
    path = PurePosixPath(filename.replace("\\", "/"))
    return "__macosx" in (part.lower() for part in path.parts) or path.name.startswith("._")


def _base_name(filename: str) -> str:
    return PurePosixPath(filename.replace("\\", "/")).name.lower()


def extract_gemeente_csv(zip_path: Path, target: Path, *, name: str, limit: int = _MEMBER_LIMIT_BYTES) -> str:
    """Write the gemeente member of the zip to `target`.

    Args:
        zip_path: the downloaded zip.
        target: file to write.
        name: name of the zip in messages.
        limit: largest size in bytes that is accepted; the size that the zip states is not believed.

    Returns:
        The name of the member.

    Raises:
        LeefbaarometerError: no zip, a damaged or encrypted one, no single gemeente member, or a member above the
            limit.
    """
    try:
        with zipfile.ZipFile(zip_path) as archive:
            member = find_gemeente_member(archive, name)
            with archive.open(member) as source, target.open("wb") as sink:
                _copy_bounded(source, sink, limit, f"{name}, bestand '{member.filename}'")
            return member.filename
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise LeefbaarometerError(
            f"{name}: verwacht een leesbare zip, gevonden {zip_path.stat().st_size} bytes die niet zijn uit te "
            f"pakken ({error}); laad opnieuw en bekijk het adres in een browser als het blijft mislukken"
        ) from error


def _copy_bounded(source: Any, sink: Any, limit: int, place: str) -> None:
    written = 0
    while chunk := source.read(1024 * 1024):
        written += len(chunk)
        if written > limit:
            raise LeefbaarometerError(
                f"{place}: verwacht hoogstens {limit} bytes, gevonden meer; geweigerd, "
                "want eindeloos uitpakken vult de schijf"
            )
        sink.write(chunk)


def read_scores(csv_path: Path, *, name: str) -> list[GemeenteScore]:
    """Read the CSV with the scores per gemeente, one row per gemeente and year.

    A bare `NA` is an empty cell. Further columns (such as the name) are ignored.

    Args:
        csv_path: the unpacked member, UTF-8 with or without a byte order mark.
        name: name of zip and member in messages.

    Raises:
        LeefbaarometerError: a column is missing, a code, year or number is malformed, or a gemeente has two rows for
            one year.
    """
    columns = _read_header(csv_path, name)
    wanted = ["gm_code", "jaar", *MEASURES]
    selected = ", ".join(f'"{column}"' for column in wanted)
    types = "{" + ", ".join(f"{_literal(column)}: 'VARCHAR'" for column in columns) + "}"
    sql = f"""
        SELECT {selected}
        FROM read_csv(?, columns = {types}, header = true, auto_detect = false, delim = ',', quote = '"',
                      escape = '"', nullstr = 'NA', strict_mode = true)
    """
    try:
        with duckdb.connect(":memory:", config={"threads": 1}) as connection:
            rows = connection.execute(sql, [str(csv_path)]).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise LeefbaarometerError(
            f"{name}: verwacht een CSV van {len(columns)} kolommen, gevonden regels die niet passen: {reason}"
        ) from error
    scores = [_parse_row(row, line, name) for line, row in enumerate(rows, start=2)]
    _refuse_empty_or_double(scores, name)
    return scores


def _read_header(csv_path: Path, name: str) -> list[str]:
    try:
        with csv_path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except UnicodeDecodeError as error:
        raise LeefbaarometerError(f"{name}: verwacht tekst in UTF-8, gevonden andere bytes ({error.reason})") from error
    missing = [column for column in ("gm_code", "jaar", *MEASURES) if header.count(column) != 1]
    if missing:
        raise LeefbaarometerError(
            f"{name}: verwacht de kolommen gm_code, jaar, {', '.join(MEASURES)}, elk één keer; "
            f"gevonden {', '.join(header)}; ontbreekt of dubbel: {', '.join(missing)}"
        )
    return header


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _parse_row(row: Sequence[str | None], line: int, name: str) -> GemeenteScore:
    code, year, *numbers = (None if cell is None else cell.strip() for cell in row)
    place = f"{name}, regel {line}"
    values = {m: _parse_number(text, f"{place}, kolom {m}") for m, text in zip(MEASURES, numbers, strict=True)}
    return GemeenteScore(_parse_code(code, place), _parse_year(year, place), values, line)


def _parse_code(text: str | None, place: str) -> str:
    if text is None or not _CODE.fullmatch(text):
        raise LeefbaarometerError(f"{place}: verwacht een gemeentecode van GM en vier cijfers, gevonden '{text or ''}'")
    return text


def _parse_year(text: str | None, place: str) -> int:
    if text is None or not _YEAR.fullmatch(text):
        raise LeefbaarometerError(f"{place}: verwacht een jaar van vier cijfers, gevonden '{text or ''}'")
    return int(text)


def _parse_number(text: str | None, place: str) -> Decimal | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise LeefbaarometerError(f"{place}: verwacht een getal met een decimale punt of NA, gevonden '{text}'")
    return Decimal(text)


def _refuse_empty_or_double(scores: Sequence[GemeenteScore], name: str) -> None:
    if not scores:
        raise LeefbaarometerError(f"{name}: verwacht rijen met scores, gevonden geen enkele")
    double = [key for key, count in Counter((s.gemeente_code, s.jaar) for s in scores).items() if count > 1]
    if double:
        shown = ", ".join(f"{code} {jaar}" for code, jaar in double[:_EXAMPLES])
        raise LeefbaarometerError(
            f"{name}: verwacht één rij per gemeente en jaar, gevonden {len(double)} dubbele: {shown}"
        )


# --- the map layer --------------------------------------------------------------------------------


def parse_wfs(body: bytes, content_type: str, *, year: int, name: str) -> list[GemeenteScore]:
    """Read the answer of the map layer: the scores of one year, without `lbm` and without geometry.

    Args:
        body: the answer.
        content_type: its Content-Type header, or an empty text.
        year: the year of the layer.
        name: name of the layer in messages.

    Raises:
        LeefbaarometerError: XML or HTML instead of JSON (the service sends errors with status 200), features
            missing, or a malformed code, year or score.
    """
    collection = _parse_collection(body, content_type, name)
    features = collection["features"]
    promised = collection.get("numberMatched", collection.get("totalFeatures"))
    if isinstance(promised, int) and promised != len(features):
        raise LeefbaarometerError(
            f"{name}: verwacht {promised} gemeenten zoals het antwoord zelf zegt, gevonden {len(features)}; "
            "laad opnieuw"
        )
    scores = [_parse_feature(feature, number, year, name) for number, feature in enumerate(features, start=1)]
    _refuse_empty_or_double(scores, name)
    return scores


def _parse_collection(body: bytes, content_type: str, name: str) -> dict[str, Any]:
    if "json" not in content_type.lower() or body.lstrip()[:1] == b"<":
        said = _XML_TEXT.search(body)
        text = f': "{said.group(1).decode("utf-8", "replace").strip()}"' if said else ""
        raise LeefbaarometerError(
            f"{name}: verwacht JSON, gevonden '{content_type or 'geen type'}' ({len(body)} bytes){text}; "
            "de dienst meldt een storing soms zo, met status 200: probeer het later en controleer de naam van de laag"
        )
    try:
        collection = json.loads(body, parse_float=Decimal)
    except ValueError as error:
        raise LeefbaarometerError(
            f"{name}: verwacht JSON, gevonden {len(body)} bytes die afbreken of niet kloppen ({error})"
        ) from error
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise LeefbaarometerError(f"{name}: verwacht een FeatureCollection, gevonden ander JSON; controleer het adres")
    return collection


def _parse_feature(feature: Any, number: int, year: int, name: str) -> GemeenteScore:
    place = f"{name}, feature {number}"
    attributes = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(attributes, dict):
        raise LeefbaarometerError(f"{place}: verwacht eigenschappen (properties), gevonden geen")
    code = _parse_code(str(attributes.get("id", "")).strip(), place)
    found = _parse_year(str(attributes.get("year", "")).strip(), place)
    if found != year:
        raise LeefbaarometerError(f"{place}: verwacht het jaar {year}, gevonden {found}")
    values: dict[str, Decimal | None] = {}
    for measure in WFS_MEASURES:
        if measure not in attributes:
            raise LeefbaarometerError(
                f"{place}: verwacht het kenmerk {measure}, gevonden {', '.join(sorted(attributes))}"
            )
        values[measure] = _decimal_of(attributes[measure], f"{place}, kenmerk {measure}")
    return GemeenteScore(code, found, values, number)


def _decimal_of(value: Any, place: str) -> Decimal | None:
    if value is None:
        return None
    try:
        return Decimal(value) if not isinstance(value, bool) else Decimal(str(value))
    except (InvalidOperation, TypeError, ValueError) as error:
        raise LeefbaarometerError(f"{place}: verwacht een getal, gevonden '{value}'") from error


def compare_with_wfs(scores: Sequence[GemeenteScore], layer: Sequence[GemeenteScore], *, year: int) -> list[str]:
    """Hold the zip against the map layer of one year, to six significant digits.

    Args:
        scores: all rows of the zip.
        layer: the rows of the layer.
        year: the year of the layer.

    Returns:
        Warnings in Dutch with the count and up to ten examples; empty when both say the same.
    """
    of_zip = {score.gemeente_code: score for score in scores if score.jaar == year}
    of_layer = {score.gemeente_code: score for score in layer}
    warnings = []
    alone = sorted(of_zip.keys() ^ of_layer.keys())
    if alone:
        warnings.append(
            f"Kaartlaag en zip verschillen voor {year}: {len(alone)} gemeenten staan maar in een van beide: "
            f"{', '.join(alone[:_EXAMPLES])}"
        )
    differences = [
        f"{code} {measure} {_show(zip_value)} (zip) tegen {_show(layer_value)} (kaartlaag)"
        for code in sorted(of_zip.keys() & of_layer.keys())
        for measure in WFS_MEASURES
        if not equal_to_six_digits(
            zip_value := of_zip[code].values.get(measure), layer_value := of_layer[code].values.get(measure)
        )
    ]
    if differences:
        warnings.append(
            f"Kaartlaag en zip verschillen voor {year} in {len(differences)} scores: "
            f"{'; '.join(differences[:_EXAMPLES])}"
        )
    return warnings


def _show(value: Decimal | None) -> str:
    return "leeg" if value is None else str(value)


def equal_to_six_digits(one: Decimal | None, other: Decimal | None) -> bool:
    """Whether two scores differ by less than one unit of the sixth significant digit; empty equals empty."""
    if one is None or other is None:
        return one is other
    largest = max(abs(one), abs(other))
    if largest == 0:
        return True
    return abs(one - other) < Decimal(1).scaleb(largest.adjusted() - _SIX_DIGITS + 1)
