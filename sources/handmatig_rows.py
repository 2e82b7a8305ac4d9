"""Judge hand-supplied CSV files row by row: a figure, or refused with file, line, column and remedy.

Pure functions of the bytes of a file and of what the registry says. What does not belong here: the lake, the
registry files themselves, and what a figure means.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from sources.gemeente_register import GemeenteRegister

COLUMNS = ("kpi_id", "gemeente_code", "jaar", "waarde", "eenheid", "bron")
OPTIONAL_COLUMN = "uitsplitsing"
LAND = "NL"
FIRST_YEAR = 2000

_FILE_LIMIT_BYTES = 20 * 1024 * 1024
_CODE = re.compile(r"(?:GM)?(\d{1,4})", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_SUGGESTIONS = 3
_ORDER = (*COLUMNS, OPTIONAL_COLUMN, "")
# Bounds per unit: first prefix that fits; None is no bound. A count is a whole number.
_BOUNDS: tuple[tuple[str, int | None, int | None, bool], ...] = (
    ("%", 0, 100, False),
    ("aantal", 0, None, True),
    ("per ", 0, None, False),
    ("rapportcijfer", 0, 10, False),
    ("", None, None, False),
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """What a hand-supplied figure of one KPI is about: a row names the KPI only.

    Attributes:
        uitsplitsing: the split that the registry puts first.
        eenheid: its unit.
    """

    uitsplitsing: str
    eenheid: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the registry says about hand-supplied figures.

    Attributes:
        kpis: every KPI id of the model.
        targets: for each KPI that takes a hand-supplied figure, what such a figure is about.
        register: the gemeenten that exist or have existed.
    """

    kpis: frozenset[str]
    targets: Mapping[str, Target]
    register: GemeenteRegister

    @property
    def fingerprint(self) -> str:
        """Hash of all that can change the verdict on a row."""
        facts = [
            sorted(self.kpis),
            [[kpi, target.uitsplitsing, target.eenheid] for kpi, target in sorted(self.targets.items())],
            [[code, str(gemeente.geldig_tot)] for code, gemeente in sorted(self.register.gemeenten.items())],
            sorted(self.register.pseudo),
        ]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row or file that was not loaded, and why.

    Attributes:
        bestand: name of the file.
        regel: line as a text editor counts it; None when the whole file is meant.
        kolom: column at fault; None when the whole line or file is meant.
        melding: what is wrong and what to do, in Dutch.
    """

    bestand: str
    regel: int | None
    kolom: str | None
    melding: str

    def __str__(self) -> str:
        """One line for the report."""
        place = self.bestand if self.regel is None else f"{self.bestand}, regel {self.regel}"
        place = place if self.kolom is None else f"{place}, kolom {self.kolom}"
        return f"{place}: {self.melding}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One accepted figure.

    Attributes:
        bestand: name of the file it came from.
        regel: its line there.
        kpi_id: KPI of the model.
        gemeente_code: `GM` and four digits, or `NL`.
        jaar: year of the figure.
        waarde: as given.
        eenheid: unit of the KPI.
        bron: source as named in the row.
    """

    bestand: str
    regel: int
    kpi_id: str
    gemeente_code: str
    jaar: int
    waarde: Decimal
    eenheid: str
    bron: str

    @property
    def key(self) -> tuple[str, str, int]:
        """What may occur once."""
        return self.kpi_id, self.gemeente_code, self.jaar

    @property
    def place(self) -> str:
        """File and line, for messages."""
        return f"{self.bestand}, regel {self.regel}"


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What one file gave.

    Attributes:
        bestand: name of the file.
        sha256: hash of its bytes.
        bytes: its size.
        rijen: data rows in it.
        figures: accepted rows.
        refusals: refused rows, one entry per fault.
        notes: remarks that refuse nothing.
    """

    bestand: str
    sha256: str
    bytes: int
    rijen: int
    figures: tuple[Figure, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...] = ()


# --- one cell -------------------------------------------------------------------------------------


def normalise_gemeente_code(text: str) -> str | None:
    """Write a gemeente code as `GM` and four digits; takes GM0758, gm758, 0758, 758, and NL for the country.

    Returns:
        The code, or None when the text cannot be one.
    """
    stripped = text.strip()
    if stripped.upper() == LAND:
        return LAND
    match = _CODE.fullmatch(stripped)
    return f"GM{int(match[1]):04d}" if match else None


def find_decimal_mark(texts: Iterable[str]) -> str | None:
    """Find the decimal mark of a file from all its numbers.

    Returns:
        "," or ".", "." when no number has a mark, None when the file uses both.
    """
    used = {mark for text in texts for mark in ",." if mark in text}
    if len(used) > 1:
        return None
    return used.pop() if used else "."


def parse_number(text: str, mark: str) -> Decimal | None:
    """Read a number with the given decimal mark and without separators of thousands.

    Returns:
        The number exactly as written, or None when the text is no such number.
    """
    if not re.fullmatch(rf"[+-]?\d+(?:{re.escape(mark)}\d+)?", text.strip(), re.ASCII):
        return None
    return Decimal(text.strip().replace(mark, "."))


def check_bounds(number: Decimal, unit: str) -> str | None:
    """Hold a number against the bounds of its unit.

    Returns:
        What is wrong and what to do, in Dutch, or None.
    """
    low, high, whole = next((low, high, whole) for prefix, low, high, whole in _BOUNDS if unit.startswith(prefix))
    if (low is not None and number < low) or (high is not None and number > high):
        allowed = f"tussen {low} en {high}" if high is not None else f"van {low} of hoger"
        return f"{number} is geen waarde in {unit} {allowed}. Controleer het getal en de eenheid."
    if whole and number != number.to_integral_value():
        return f"{number} is geen heel {unit}. Schrijf duizendtallen zonder punt of komma en laat decimalen weg."
    return None


def _nearest(text: str, candidates: Iterable[str]) -> str:
    """Candidates that look like the text, as a Dutch tail of a sentence; empty when none does."""
    by_form = {_form(candidate): candidate for candidate in candidates}
    near = difflib.get_close_matches(_form(text), sorted(by_form), n=_SUGGESTIONS, cutoff=0.6)
    return f" Bedoelt u {' of '.join(by_form[form] for form in near)}?" if near else ""


def _form(text: str) -> str:
    return re.sub(r"\s+", "", text).upper()


# --- one row --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a file, by column, with all it takes to judge it."""

    bestand: str
    regel: int
    cells: Mapping[str, str]
    mark: str | None
    rules: Rules
    last_year: int

    def refuse(self, kolom: str | None, melding: str) -> Refusal:
        return Refusal(self.bestand, self.regel, kolom, melding)


def _check_row(row: _Row) -> Figure | list[Refusal]:
    """Judge one row: the figure, or every fault it has."""
    faults: list[Refusal] = []
    kpi_id = _taken(_check_kpi(row), faults)
    target = row.rules.targets[kpi_id] if kpi_id is not None else None
    jaar = _taken(_check_year(row), faults)
    code = _taken(_check_gemeente(row, jaar), faults)
    unit = _taken(_check_unit(row, kpi_id, target), faults) if target is not None else None
    waarde = _taken(_check_value(row, unit), faults)
    bron = _taken(_check_bron(row), faults)
    _taken(_check_uitsplitsing(row, kpi_id, target), faults)
    if faults or kpi_id is None or code is None or jaar is None or waarde is None or unit is None or bron is None:
        return sorted(faults, key=lambda fault: _ORDER.index(fault.kolom or ""))
    return Figure(row.bestand, row.regel, kpi_id, code, jaar, waarde, unit, bron)


def _taken(verdict: T | Refusal, faults: list[Refusal]) -> T | None:
    """The value, or None after noting the fault."""
    if isinstance(verdict, Refusal):
        faults.append(verdict)
        return None
    return verdict


def _check_kpi(row: _Row) -> str | Refusal:
    given = row.cells["kpi_id"]
    if not given:
        return row.refuse("kpi_id", "is leeg. Vul de KPI in, bijvoorbeeld I 1.3.2.")
    known = " ".join(given.split())
    if known not in row.rules.kpis:
        return row.refuse("kpi_id", f"'{given}' is geen KPI van het model.{_nearest(given, row.rules.kpis)}")
    if known not in row.rules.targets:
        takes = ", ".join(sorted(row.rules.targets))
        return row.refuse(
            "kpi_id", f"{known} krijgt zijn cijfers niet uit een aangeleverd bestand. Dat kan wel voor: {takes}."
        )
    return known


def _check_uitsplitsing(row: _Row, kpi_id: str | None, target: Target | None) -> str | Refusal:
    """A split that is not the one taken would be published as that one."""
    given = row.cells.get(OPTIONAL_COLUMN, "")
    if target is None or given in ("", target.uitsplitsing):
        return given
    return row.refuse(
        OPTIONAL_COLUMN,
        f"voor {kpi_id} wordt alleen '{target.uitsplitsing}' overgenomen, niet '{given}'. Laat de regel weg.",
    )


def _check_gemeente(row: _Row, jaar: int | None) -> str | Refusal:
    given, register = row.cells["gemeente_code"], row.rules.register
    code = normalise_gemeente_code(given)
    if code is None:
        return row.refuse("gemeente_code", _describe_no_code(given, register))
    if code in register.pseudo:
        name = register.pseudo[code]
        return row.refuse("gemeente_code", f"{code} ({name}) is geen gemeente. Neem de code van een gemeente.")
    if code == LAND:
        return code
    gemeente = register.gemeenten.get(code)
    if gemeente is None:
        return row.refuse(
            "gemeente_code",
            f"{code} is geen gemeente die bestaat of heeft bestaan.{_nearest(code, register.gemeenten)}",
        )
    ended = gemeente.geldig_tot
    if jaar is not None and ended is not None and ended <= date(jaar, 1, 1):
        return row.refuse(
            "gemeente_code",
            f"{code} ({gemeente.gemeente_naam}) bestond in {jaar} niet meer (opgeheven per {ended}). "
            "Neem de code van de gemeente die ervoor in de plaats kwam.",
        )
    return code


def _describe_no_code(given: str, register: GemeenteRegister) -> str:
    named = [code for code, g in register.gemeenten.items() if g.gemeente_naam.casefold() == given.casefold()]
    if named:
        return f"'{given}' is een naam, geen code. Schrijf {' of '.join(named)}."
    return f"'{given}' is geen gemeentecode. Schrijf GM en vier cijfers, bijvoorbeeld GM0758, of NL."


def _check_year(row: _Row) -> int | Refusal:
    given = row.cells["jaar"]
    if _YEAR.fullmatch(given) and given.isascii() and FIRST_YEAR <= int(given) <= row.last_year:
        return int(given)
    return row.refuse("jaar", f"'{given}' is geen jaar van vier cijfers tussen {FIRST_YEAR} en {row.last_year}.")


def _check_unit(row: _Row, kpi_id: str | None, target: Target) -> str | Refusal:
    given = " ".join(row.cells["eenheid"].split())
    if given.casefold() == target.eenheid.casefold():
        return target.eenheid
    return row.refuse(
        "eenheid", f"'{given}' is niet de eenheid van {kpi_id}. Die is {target.eenheid}: reken om of verbeter."
    )


def _check_value(row: _Row, unit: str | None) -> Decimal | Refusal:
    given = row.cells["waarde"]
    if row.mark is None and ("," in given or "." in given):
        return row.refuse(
            "waarde",
            f"'{given}' is niet eenduidig: het bestand gebruikt zowel een komma als een punt in getallen. "
            "Kies één decimaalteken en schrijf duizendtallen zonder teken.",
        )
    number = parse_number(given, row.mark or ".")
    if number is None:
        example = "12,5" if row.mark == "," else "12.5"
        return row.refuse(
            "waarde", f"'{given}' is geen getal. Schrijf alleen het getal, bijvoorbeeld {example}, zonder eenheid."
        )
    fault = check_bounds(number, unit) if unit is not None else None
    return row.refuse("waarde", fault) if fault else number


def _check_bron(row: _Row) -> str | Refusal:
    if row.cells["bron"]:
        return " ".join(row.cells["bron"].split())
    return row.refuse(
        "bron", "is leeg. Noem waar het cijfer vandaan komt, bijvoorbeeld Voedselbank Breda, jaarverslag."
    )


# --- one file -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    regel: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Table:
    header: Sequence[str]
    lines: Sequence[_Line]


def check_file(path: Path, rules: Rules, *, last_year: int) -> FileCheck:
    """Read one CSV file and judge each row.

    Separator (`,` or `;`), encoding (UTF-8 with or without mark, else Windows-1252) and decimal mark are
    found per file.

    Args:
        path: the file.
        rules: what the registry says.
        last_year: the newest year a figure may be about.

    Returns:
        The accepted figures and the refusals; a file refused as a whole has one refusal and no figures.
    """
    try:
        size = path.stat().st_size
        if size > _FILE_LIMIT_BYTES:
            return _refused(path.name, b"", f"is groter dan {_FILE_LIMIT_BYTES} bytes ({size}). Splits het.")
        content = path.read_bytes()
    except OSError as error:
        return _refused(path.name, b"", f"is niet te lezen ({error.strerror}). Controleer de rechten.")
    text = _decode(content)
    if text is None:
        return _refused(path.name, content, "is geen tekst in UTF-8 of Windows-1252. Bewaar het als CSV UTF-8.")
    table = _split(text)
    if isinstance(table, str):
        return _refused(path.name, content, table)
    figures, refusals = _check_lines(path.name, table, rules, last_year)
    return FileCheck(
        bestand=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        rijen=len(table.lines),
        figures=tuple(figures),
        refusals=tuple(refusals),
        notes=tuple(_ignored_columns(path.name, table.header)),
    )


def _refused(name: str, content: bytes, melding: str) -> FileCheck:
    refusal = Refusal(name, None, None, f"het hele bestand is geweigerd: het {melding}")
    return FileCheck(name, hashlib.sha256(content).hexdigest(), len(content), 0, (), (refusal,))


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # UTF-16 from a spreadsheet decodes as cp1252, with a NUL in every character.
        return None if "\0" in text else text
    return None


def _split(text: str) -> _Table | str:
    """Header and lines, or what is wrong with the file as a whole."""
    first = text.partition("\n")[0]
    separator = max(",;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines: list[_Line] = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(_Line(start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        return f"is vanaf regel {start} geen CSV ({error}). Bewaar het opnieuw als CSV."
    if not lines:
        return "is leeg. Zet de kolomkoppen op de eerste regel."
    header = [cell.casefold() for cell in lines[0].cells]
    wrong = [column for column in COLUMNS if header.count(column) != 1]
    if header.count(OPTIONAL_COLUMN) > 1:
        wrong.append(OPTIONAL_COLUMN)
    if wrong:
        return (
            f"mist of herhaalt de kolom {', '.join(wrong)} (gevonden: {', '.join(header)}). "
            f"Zet op de eerste regel de koppen {separator.join(COLUMNS)}."
        )
    return _Table(header, lines[1:])


def _check_lines(name: str, table: _Table, rules: Rules, last_year: int) -> tuple[list[Figure], list[Refusal]]:
    width = len(table.header)
    position = {column: table.header.index(column) for column in (*COLUMNS, OPTIONAL_COLUMN) if column in table.header}
    fitting = [line for line in table.lines if len(line.cells) == width]
    mark = find_decimal_mark(line.cells[position["waarde"]] for line in fitting)
    figures: list[Figure] = []
    refusals = [_wrong_width(name, line, width) for line in table.lines if len(line.cells) != width]
    for line in fitting:
        cells = {column: line.cells[index] for column, index in position.items()}
        verdict = _check_row(_Row(name, line.regel, cells, mark, rules, last_year))
        if isinstance(verdict, Figure):
            figures.append(verdict)
        else:
            refusals.extend(verdict)
    refusals.sort(key=lambda refusal: refusal.regel or 0)
    return figures, refusals


def _wrong_width(name: str, line: _Line, expected: int) -> Refusal:
    found = len(line.cells)
    hint = " Zet een getal met een decimale komma tussen aanhalingstekens." if found > expected else ""
    melding = f"heeft {found} velden waar de kop er {expected} heeft. Verbeter de regel.{hint}"
    return Refusal(name, line.regel, None, melding)


def _ignored_columns(name: str, header: Sequence[str]) -> Iterator[str]:
    others = [column for column in header if column and column not in (*COLUMNS, OPTIONAL_COLUMN)]
    if others:
        yield f"{name}: de kolom {', '.join(others)} is niet gebruikt"


# --- all files ------------------------------------------------------------------------------------


def list_files(folder: Path) -> list[Path]:
    """The CSV files of a folder in order of name; hidden and lock files of a spreadsheet are left out."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() == ".csv" and not path.name.startswith((".", "~"))
    )


def refuse_contradictions(checks: Sequence[FileCheck]) -> list[FileCheck]:
    """Refuse figures that stand more than once with different values, in one file or in several.

    An exact repetition is kept once, with a note.
    """
    by_key: dict[tuple[str, str, int], list[Figure]] = defaultdict(list)
    for check in checks:
        for figure in check.figures:
            by_key[figure.key].append(figure)
    drop: set[str] = set()
    refusals: dict[str, list[Refusal]] = defaultdict(list)
    notes: dict[str, list[str]] = defaultdict(list)
    for figures in by_key.values():
        if len({figure.waarde for figure in figures}) > 1:
            drop.update(figure.place for figure in figures)
            for figure in figures:
                refusals[figure.bestand].append(_contradiction(figure, figures))
        else:
            drop.update(figure.place for figure in figures[1:])
            for figure in figures[1:]:
                notes[figure.bestand].append(f"{figure.place}: staat ook in {figures[0].place}; één keer gebruikt")
    return [
        replace(
            check,
            figures=tuple(figure for figure in check.figures if figure.place not in drop),
            refusals=(*check.refusals, *refusals[check.bestand]),
            notes=(*check.notes, *notes[check.bestand]),
        )
        for check in checks
    ]


def _contradiction(figure: Figure, figures: Sequence[Figure]) -> Refusal:
    others = ", ".join(f"{other.waarde} ({other.place})" for other in figures if other is not figure)
    melding = (
        f"{figure.kpi_id} van {figure.gemeente_code} in {figure.jaar} is hier "
        f"{figure.waarde} en elders {others}; geen van deze is gebruikt. Laat er één staan."
    )
    return Refusal(figure.bestand, figure.regel, None, melding)
