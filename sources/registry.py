"""The registry as Python reads it: which source tables there are and which series each of them gives.

Reads the seeds of source tables, series and formulas, and refuses what cannot be loaded with the file, the
line, the column and the remedy. It opens no network and knows nothing of downloads, the lake or dbt.
"""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NoReturn, TypeVar, cast, get_args

Bron = Literal[
    "cbs",
    "rivm",
    "politie",
    "leefbaarometer",
    "gebieden",
    "herindeling",
    "grenzen",
    "handmatig",
    "levering",
    "beschermd",
]
Rol = Literal["waarde", "teller", "noemer"]
Grens = Literal["waarde", "ondergrens", "bovengrens"]
Landelijk = Literal["tussen", "som", "geen"]
Aggregation = Literal["none", "sum_over_codes"]
PeriodeSoort = Literal["jaar", "schooljaar", "december", "tabel"]
Chain = Literal["recast", "year_table"]
Absent = Literal["missing", "zero"]
Gebruik = Literal[
    "primair",
    "onderdeel",
    "jaartabel",
    "optie",
    "jongeren",
    "noemer",
    "benchmark",
    "terugval",
    "proxy",
    "opvolger",
    "kenmerk",
    "controle",
    "context",
    "geschiedenis",
    "optioneel",
]

HANDMATIG = "handmatig"
LEVERING = "levering"
BESCHERMD = "beschermd"
# What no service gives: a folder, a delivery, our own batches. One table each, named after the family.
LOCAL: frozenset[str] = frozenset({HANDMATIG, LEVERING, BESCHERMD})
NOT_LOADED: frozenset[str] = frozenset({"controle", "context", "geschiedenis", "optioneel"})

_SOURCE_FILE = "source_table.csv"
_SERIES_FILE = "series.csv"
_FORMULA_FILE = "kpi_formula.csv"
_KPI_FILE = "kpi_register.csv"
_UITSPLITSING_FILE = "uitsplitsing.csv"
_INTERVAL_FILE = "interval_dimension.csv"
_UNIT_FILE = "unit_range.csv"
_GEMEENTE_FILE = "gemeente_register.csv"
# Years for which the number of gemeenten is looked up; the register starts in 2010.
_YEARS = range(2011, 2100)
# The publication has intervals of this confidence; bounds of another one would stand beside them unnoticed.
_CONFIDENCE = Decimal("0.95")

_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        _SOURCE_FILE: "bron_id bron host table_id titel indeling ritme licentie bronvermelding"
        " filter_op_dienst opmerking",
        _SERIES_FILE: "series_id uitsplitsing rol onderdeel edition_order bron_id measure_stem measure_title"
        " measure_group dimension_filters region_dimension eenheid multiplier aggregation periode_soort jaren"
        " chain gebruik terugval_voor absent opmerking",
        _FORMULA_FILE: "kpi_id model_versie uitsplitsing variant formule factor noemer_verschuiving eenheid"
        " soort is_modelmatig meetwijze hoofdreeks hoofduitsplitsing gebieden nl_waarde soort_waarde richting"
        " toelichting",
        _INTERVAL_FILE: "dimension waarde_key ondergrens_key bovengrens_key betrouwbaarheid",
        _UNIT_FILE: "eenheid laagste hoogste landelijk",
    }
)
_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bron": get_args(Bron),
        "ritme": ("dagelijks", "maandelijks", "jaarlijks", "tweejaarlijks", "vierjaarlijks"),
        "rol": get_args(Rol),
        "aggregation": get_args(Aggregation),
        "periode_soort": get_args(PeriodeSoort),
        "chain": get_args(Chain),
        "absent": get_args(Absent),
        "gebruik": get_args(Gebruik),
        "formule": ("waarde", "ratio"),
        "landelijk": get_args(Landelijk),
    }
)
_JAREN_PART = re.compile(r"(\d{4})(-)?(\d{4})?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_FOLDER_NAME = re.compile(r"[\w.-]+", re.ASCII)

_Key = TypeVar("_Key")


class RegistryError(ValueError):
    """A registry file cannot be used; names the file, the line, the column and what to do.

    Attributes:
        file: name of the seed file.
        line: line in that file as a text editor counts it, None when the whole file is meant.
        column: column at fault, None when the whole line is meant.
    """

    def __init__(self, file: str, line: int | None, column: str | None, problem: str, remedy: str) -> None:
        self.file = file
        self.line = line
        self.column = column
        place = file if line is None else f"{file}, line {line}"
        place = place if column is None else f"{place}, column {column}"
        super().__init__(f"{place}: {problem} {remedy}")


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One table (or file) of one source, as `source_table.csv` has it.

    Attributes:
        indeling: year of the division ("2025"), "periode" (that of each figure's own year) or "bron"
            (stated by the table itself).
        filter_op_dienst: False when the service ignores filters: read the table whole and filter here.
    """

    bron_id: str
    bron: Bron
    host: str
    table_id: str
    titel: str
    indeling: str
    ritme: str
    licentie: str
    bronvermelding: str
    filter_op_dienst: bool


@dataclass(frozen=True, slots=True)
class DimensionFilter:
    """The codes of one dimension that a series wants, by key (compared trimmed) or by exact Title."""

    by: Literal["key", "title"]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IntervalDimension:
    """A dimension in which a source gives a figure and the bounds of its interval as members, by key."""

    dimension: str
    waarde: str
    ondergrens: str
    bovengrens: str


@dataclass(frozen=True, slots=True)
class Jaren:
    """The years of a series: inclusive spans, an open end is None, no spans means every year.

    A school year counts as the year it starts in, a month as its own year.
    """

    spans: tuple[tuple[int, int | None], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Jaren":
        """Read "", "2024", "2011-", "2011-2023" or a list of these with semicolons.

        Raises:
            ValueError: another form, a span that runs backwards, or spans that overlap or are out of order.
        """
        if not text.strip():
            return cls()
        spans = tuple(cls._parse_span(part.strip()) for part in text.split(";"))
        for (_, last), (first, _) in pairwise(spans):
            if last is None or first <= last:
                raise ValueError(f"{text!r} is not in order or overlaps")
        return cls(spans)

    @staticmethod
    def _parse_span(part: str) -> tuple[int, int | None]:
        match = _JAREN_PART.fullmatch(part)
        if match is None or (match[3] and not match[2]):
            raise ValueError(f"{part!r} is no year, no span of years and no open span")
        first = int(match[1])
        if not match[2]:
            return first, first
        if not match[3]:
            return first, None
        if int(match[3]) < first:
            raise ValueError(f"{part!r} ends before it starts")
        return first, int(match[3])

    def contains(self, year: int) -> bool:
        """Tell whether figures of this year belong to the series."""
        return not self.spans or any(first <= year and (last is None or year <= last) for first, last in self.spans)

    def overlaps(self, other: "Jaren") -> bool:
        """Tell whether any year belongs to both."""
        mine, theirs = (part.spans or ((0, None),) for part in (self, other))
        return any(
            (b_last is None or a_first <= b_last) and (a_last is None or b_first <= a_last)
            for a_first, a_last in mine
            for b_first, b_last in theirs
        )

    @property
    def first(self) -> int | None:
        """The first year, or None when every year is wanted."""
        return self.spans[0][0] if self.spans else None

    @property
    def single(self) -> int | None:
        """The year, when there is exactly one; the year of a table without a period dimension."""
        if len(self.spans) == 1 and self.spans[0][0] == self.spans[0][1]:
            return self.spans[0][0]
        return None

    def __str__(self) -> str:
        """Write the years as the registry spells them."""
        return ";".join(
            str(first) if first == last else f"{first}-{'' if last is None else last}" for first, last in self.spans
        )


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One column of one edition of a series: one line of `series.csv`.

    Attributes:
        onderdeel: 1..n; several rows of one rol are added.
        edition_order: 1 is the newest edition of the chain.
        eenheid: unit as the service publishes it; tells equal stems apart.
        multiplier: published value times this is a plain count, or the unit of the KPI.
        terugval_voor: series that this one stands in for; load it only when no edition of that is listed.
        interval: where the bounds of its figures stand; None when the filters do not ask for the value of one.
    """

    series_id: str
    uitsplitsing: str
    rol: Rol
    onderdeel: int
    edition_order: int
    bron_id: str
    measure_stem: str | None
    measure_title: str | None
    measure_group: str | None
    dimension_filters: Mapping[str, DimensionFilter]
    region_dimension: str | None
    eenheid: str
    multiplier: Decimal
    aggregation: Aggregation
    periode_soort: PeriodeSoort
    jaren: Jaren
    chain: Chain
    gebruik: Gebruik
    terugval_voor: str | None
    absent: Absent
    interval: IntervalDimension | None = None

    @property
    def is_loaded(self) -> bool:
        """False for rows that only document or check: those are never downloaded."""
        return self.gebruik not in NOT_LOADED


@dataclass(frozen=True, slots=True)
class UnitRange:
    """What a figure of a unit can be, as published and before the multiplier: one line of `unit_range.csv`.

    Attributes:
        laagste: no figure is lower.
        hoogste: no figure is higher.
        landelijk: what the country must be to its gemeenten: `tussen` the lowest and the highest, at least their
            `som`, or `geen` of these.
    """

    eenheid: str
    laagste: float
    hoogste: float
    landelijk: Landelijk


@dataclass(frozen=True, slots=True)
class Expectations:
    """What figures are held against when an edition comes in.

    Attributes:
        units: the range of each unit.
        gemeenten: the number of gemeenten on 1 January of each year.
    """

    units: Mapping[str, UnitRange] = field(default_factory=dict)
    gemeenten: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registry:
    """What the extraction needs of the registry.

    Attributes:
        tables: every source table by bron_id, in the order of the file.
        series: every series row, in the order of the file.
        kpis: the KPI ids that each series feeds, for messages.
        expectations: what the figures of these series are held against.
    """

    tables: Mapping[str, SourceTable]
    series: tuple[SeriesRow, ...]
    kpis: Mapping[str, tuple[str, ...]]
    expectations: Expectations = field(default_factory=Expectations)


def series_for_table(registry: Registry, bron_id: str) -> tuple[SeriesRow, ...]:
    """Give the rows that may be downloaded from one table, in registry order; none: it is never needed."""
    return tuple(row for row in registry.series if row.bron_id == bron_id and row.is_loaded)


def load_registry(folder: Path) -> Registry:
    """Read and check the registry seeds in `folder`.

    Raises:
        RegistryError: a file is missing, or a line cannot be used; names file, line, column and remedy.
    """
    tables = _read_tables(folder)
    intervals = _read_intervals(folder)
    series = [(line, replace(row, interval=_interval_of(row, intervals))) for line, row in _read_series(folder, tables)]
    kpis = _read_formulas(folder, [row for _, row in series])
    return Registry(
        tables=MappingProxyType(tables),
        series=tuple(row for _, row in series),
        kpis=MappingProxyType(kpis),
        expectations=Expectations(_read_units(folder, series), _count_gemeenten(folder)),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a seed file: its values, and readers that fail with its place."""

    file: str
    number: int
    values: Mapping[str, str]

    def fail(self, column: str | None, problem: str, remedy: str) -> NoReturn:
        raise RegistryError(self.file, self.number, column, problem, remedy)

    def text(self, column: str) -> str:
        value = self.values[column].strip()
        if not value:
            self.fail(column, "is empty.", "Fill it in.")
        return value

    def optional(self, column: str) -> str | None:
        return self.values[column].strip() or None

    def choice(self, column: str) -> str:
        value = self.text(column)
        if value not in _CHOICES[column]:
            self.fail(column, f"{value!r} is not known.", f"Use one of: {', '.join(_CHOICES[column])}.")
        return value

    def boolean(self, column: str) -> bool:
        value = self.text(column)
        if value not in ("true", "false"):
            self.fail(column, f"{value!r} is neither true nor false.", "Write true or false.")
        return value == "true"

    def positive_integer(self, column: str) -> int:
        value = self.text(column)
        if not value.isdecimal() or int(value) < 1:
            self.fail(column, f"{value!r} is not a whole number of 1 or more.", "Count from 1.")
        return int(value)

    def decimal(self, column: str) -> Decimal:
        value = self.text(column)
        try:
            number = Decimal(value)
        except InvalidOperation:
            self.fail(column, f"{value!r} is not a number.", "Write it with a decimal point, e.g. 0.1.")
        if not number.is_finite() or number <= 0:
            self.fail(column, f"{value!r} is not a number above zero.", "Use 1 when nothing has to be multiplied.")
        return number

    def number_in(self, column: str) -> float:
        value = self.text(column)
        try:
            return float(value)
        except ValueError:
            self.fail(column, f"{value!r} is not a number.", "Write it with a decimal point, e.g. 0.1.")

    def jaren(self, column: str) -> Jaren:
        try:
            return Jaren.parse(self.values[column])
        except ValueError as error:
            self.fail(column, f"{error}.", 'Write e.g. "2024", "2011-", "2011-2023" or "2014;2018".')


def _open_seed(folder: Path, file: str) -> "csv.DictReader[str]":
    path = folder / file
    if not path.is_file():
        raise RegistryError(file, None, None, f"is not in {folder}.", "Point at the folder of the registry seeds.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RegistryError(file, None, None, f"is not UTF-8 ({error.reason}).", "Save it as UTF-8.") from error
    return csv.DictReader(io.StringIO(text, newline=""))


def _read_lines(folder: Path, file: str) -> Iterator[_Line]:
    """Give the lines of one seed file, whose header must hold exactly its columns."""
    reader = _open_seed(folder, file)
    header, expected = list(reader.fieldnames or []), _COLUMNS[file].split()
    if sorted(header) != sorted(expected):
        missing, unknown = sorted(set(expected) - set(header)), sorted(set(header) - set(expected))
        problem = f"header lacks {missing} and has the unknown {unknown}."
        raise RegistryError(file, 1, None, problem, "Each column stands there once, by its own name.")
    for values in reader:
        if None in values or None in values.values():
            problem = f"has another number of cells than the header ({len(header)})."
            raise RegistryError(file, reader.line_num, None, problem, "Quote a cell that holds a comma.")
        yield _Line(file, reader.line_num, values)


def _read_names(folder: Path, file: str, column: str) -> frozenset[str]:
    """Give the values of one column of a seed that is read for its keys alone."""
    reader = _open_seed(folder, file)
    if column not in (reader.fieldnames or []):
        raise RegistryError(file, 1, column, "is not in the header.", "Restore the column.")
    return frozenset(row[column] for row in reader)


def _once(seen: dict[_Key, int], key: _Key, line: _Line) -> None:
    if key in seen:
        line.fail(None, f"repeats the key {key} of line {seen[key]}.", "Remove one of the two.")
    seen[key] = line.number


def _read_tables(folder: Path) -> dict[str, SourceTable]:
    seen: dict[str, int] = {}
    tables = {}
    for line in _read_lines(folder, _SOURCE_FILE):
        table = _parse_table(line)
        _once(seen, table.bron_id, line)
        tables[table.bron_id] = table
    return tables


def _parse_table(line: _Line) -> SourceTable:
    bron, table_id, bron_id = line.choice("bron"), line.text("table_id"), line.text("bron_id")
    expected = bron if bron in LOCAL else f"{bron}_{table_id}"
    if bron_id != expected:
        line.fail("bron_id", f"{bron_id!r} does not follow from bron and table_id.", f"Write {expected!r}.")
    if not _FOLDER_NAME.fullmatch(bron_id):
        line.fail("table_id", f"{table_id!r} cannot be a folder name.", "Use letters, digits, '.', '_' and '-'.")
    indeling = line.text("indeling")
    if not _YEAR.fullmatch(indeling) and indeling not in ("periode", "bron"):
        line.fail("indeling", f"{indeling!r} is no division.", "Write a year, 'periode' or 'bron'.")
    host = line.values["host"].strip()
    if not host and bron not in LOCAL:
        line.fail("host", "is empty.", "Write the host name without https://.")
    return SourceTable(
        bron_id=bron_id,
        bron=cast("Bron", bron),
        host=host,
        table_id=table_id,
        titel=line.text("titel"),
        indeling=indeling,
        ritme=line.choice("ritme"),
        licentie=line.text("licentie"),
        bronvermelding=line.text("bronvermelding"),
        filter_op_dienst=line.boolean("filter_op_dienst"),
    )


def _read_intervals(folder: Path) -> tuple[IntervalDimension, ...]:
    seen: dict[tuple[str, str], int] = {}
    intervals = []
    for line in _read_lines(folder, _INTERVAL_FILE):
        keys = [line.text(column) for column in ("waarde_key", "ondergrens_key", "bovengrens_key")]
        interval = IntervalDimension(line.text("dimension"), *keys)
        _once(seen, (interval.dimension, interval.waarde), line)
        if len(set(keys)) != len(keys):
            line.fail("ondergrens_key", "two of the three keys are equal.", "Value and bounds are three members.")
        if line.decimal("betrouwbaarheid") != _CONFIDENCE:
            problem = f"{line.values['betrouwbaarheid']!r} is not the confidence of the publication."
            line.fail("betrouwbaarheid", problem, f"Leave out a dimension whose bounds are not of {_CONFIDENCE}.")
        intervals.append(interval)
    return tuple(intervals)


def _interval_of(row: SeriesRow, intervals: Iterable[IntervalDimension]) -> IntervalDimension | None:
    """Where the bounds of a row's figures are; a sum over codes has none, for bounds do not add up."""
    if row.aggregation != "none":
        return None
    for interval in intervals:
        if row.dimension_filters.get(interval.dimension) == DimensionFilter("key", (interval.waarde,)):
            return interval
    return None


def _read_series(folder: Path, tables: Mapping[str, SourceTable]) -> list[tuple[_Line, SeriesRow]]:
    uitsplitsingen = _read_names(folder, _UITSPLITSING_FILE, "uitsplitsing")
    seen: dict[tuple[str, str, str, int, int], int] = {}
    rows = []
    for line in _read_lines(folder, _SERIES_FILE):
        row = _parse_series(line)
        _once(seen, (row.series_id, row.uitsplitsing, row.rol, row.onderdeel, row.edition_order), line)
        if row.bron_id not in tables:
            line.fail("bron_id", f"{row.bron_id!r} is not a source table.", f"Add it to {_SOURCE_FILE}.")
        if row.uitsplitsing not in uitsplitsingen:
            line.fail("uitsplitsing", f"{row.uitsplitsing!r} is not known.", f"Add it to {_UITSPLITSING_FILE}.")
        rows.append((line, row))
    _check_fallbacks(rows)
    _check_ratios(rows)
    _check_editions(rows)
    _check_chains(rows)
    return rows


def _read_units(folder: Path, series: Iterable[tuple[_Line, SeriesRow]]) -> Mapping[str, UnitRange]:
    """Give the range of every unit, after checking that no series has a unit without one."""
    seen: dict[str, int] = {}
    units = {}
    for line in _read_lines(folder, _UNIT_FILE):
        unit = UnitRange(
            line.text("eenheid"), line.number_in("laagste"), line.number_in("hoogste"),
            cast("Landelijk", line.choice("landelijk")),
        )  # fmt: skip
        _once(seen, unit.eenheid, line)
        if unit.laagste >= unit.hoogste:
            line.fail("hoogste", f"{unit.hoogste:g} is not above {unit.laagste:g}.", "Write the lowest value first.")
        units[unit.eenheid] = unit
    for line, row in series:
        if row.eenheid not in units:
            line.fail("eenheid", f"{row.eenheid!r} has no range.", f"Add it to {_UNIT_FILE}.")
    return MappingProxyType(units)


def _count_gemeenten(folder: Path) -> Mapping[int, int]:
    """Give the number of gemeenten on 1 January of each year."""
    spans = [(row["geldig_van"], row["geldig_tot"]) for row in _open_seed(folder, _GEMEENTE_FILE)]
    return MappingProxyType(
        {
            year: sum(first <= f"{year}-01-01" and (not last or f"{year}-01-01" < last) for first, last in spans)
            for year in _YEARS
        }
    )


def _parse_series(line: _Line) -> SeriesRow:
    row = SeriesRow(
        series_id=line.text("series_id"),
        uitsplitsing=line.text("uitsplitsing"),
        rol=cast("Rol", line.choice("rol")),
        onderdeel=line.positive_integer("onderdeel"),
        edition_order=line.positive_integer("edition_order"),
        bron_id=line.text("bron_id"),
        measure_stem=line.optional("measure_stem"),
        measure_title=line.optional("measure_title"),
        measure_group=line.optional("measure_group"),
        dimension_filters=_parse_filters(line),
        region_dimension=line.optional("region_dimension"),
        eenheid=line.text("eenheid"),
        multiplier=line.decimal("multiplier"),
        aggregation=cast("Aggregation", line.choice("aggregation")),
        periode_soort=cast("PeriodeSoort", line.choice("periode_soort")),
        jaren=line.jaren("jaren"),
        chain=cast("Chain", line.choice("chain")),
        gebruik=cast("Gebruik", line.choice("gebruik")),
        terugval_voor=line.optional("terugval_voor"),
        absent=cast("Absent", line.choice("absent")),
    )
    _check_row(line, row)
    return row


def _check_row(line: _Line, row: SeriesRow) -> None:
    """Refuse what the cells of one line say against each other."""
    if (row.measure_stem is None) == (row.measure_title is None):
        line.fail("measure_stem", "either the stem or the Title tells the column.", "Fill exactly one of the two.")
    several = any(len(wanted.values) > 1 for wanted in row.dimension_filters.values())
    if several != (row.aggregation == "sum_over_codes"):
        line.fail("aggregation", "does not go with the codes asked.", "sum_over_codes goes with a list of codes.")
    if row.periode_soort == "tabel" and row.jaren.single is None:
        line.fail("jaren", "a table without periods holds one year.", "Write that year.")


def _parse_filters(line: _Line) -> Mapping[str, DimensionFilter]:
    column = "dimension_filters"
    remedy = 'Write e.g. {"Leeftijd": {"key": "20300"}} or {"Overlast": {"title": ["Totaal"]}}.'
    try:
        raw = json.loads(line.text(column))
    except json.JSONDecodeError as error:
        line.fail(column, f"is not JSON ({error.msg} at position {error.pos}).", remedy)
    if not isinstance(raw, dict):
        line.fail(column, "is not a JSON object.", remedy)
    return MappingProxyType({name: _parse_filter(line, name, wanted, remedy) for name, wanted in raw.items()})


def _parse_filter(line: _Line, name: str, wanted: object, remedy: str) -> DimensionFilter:
    column = "dimension_filters"
    if not isinstance(wanted, dict) or len(wanted) != 1 or not set(wanted) <= {"key", "title"}:
        line.fail(column, f"dimension {name!r} is asked neither by key nor by title.", remedy)
    by, value = next(iter(wanted.items()))
    values = value if isinstance(value, list) else [value]
    trimmed = tuple(item.strip() for item in values if isinstance(item, str))
    if len(trimmed) != len(values) or not all(trimmed) or len(set(trimmed)) != len(values) or not values:
        line.fail(column, f"dimension {name!r} has an empty, repeated or non-text code.", remedy)
    return DimensionFilter(by=by, values=trimmed)


def _check_fallbacks(rows: list[tuple[_Line, SeriesRow]]) -> None:
    """A series stands in for another, existing series, with all its rows."""
    known = {row.series_id for _, row in rows}
    stands_in: dict[str, str | None] = {}
    for line, row in rows:
        if row.terugval_voor is not None and (row.terugval_voor not in known or row.terugval_voor == row.series_id):
            problem = f"{row.terugval_voor!r} is not another series of this file."
            line.fail("terugval_voor", problem, "Name the series_id it stands in for.")
        if stands_in.setdefault(row.series_id, row.terugval_voor) != row.terugval_voor:
            line.fail("terugval_voor", f"differs between rows of {row.series_id}.", "Write the same on each row.")


def _check_ratios(rows: list[tuple[_Line, SeriesRow]]) -> None:
    """A loaded series is a value, or a teller with its noemer: never a half ratio."""
    roles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for _, row in rows:
        roles[row.series_id, row.uitsplitsing].add(row.rol)
    for line, row in rows:
        found = roles[row.series_id, row.uitsplitsing]
        if row.is_loaded and found not in ({"waarde"}, {"teller", "noemer"}):
            problem = f"{row.series_id} {row.uitsplitsing} has the roles {sorted(found)}."
            line.fail("rol", problem, "A count alone is a waarde; a ratio needs teller and noemer.")


def _check_editions(rows: list[tuple[_Line, SeriesRow]]) -> None:
    """All parts of one series and role come from the same table in each edition."""
    seen: dict[tuple[str, str, int], str] = {}
    for line, row in rows:
        key = (row.series_id, row.rol, row.edition_order)
        if seen.setdefault(key, row.bron_id) != row.bron_id:
            problem = f"edition {key[2]} of {key[0]} ({key[1]}) is both {seen[key]} and {row.bron_id}."
            line.fail("bron_id", problem, "Give another table another edition_order.")


def _check_chains(rows: list[tuple[_Line, SeriesRow]]) -> None:
    """One kind of chain per part; year tables do not share a year; a recast chain starts at edition 1."""
    chains: dict[tuple[str, str, str, int], list[SeriesRow]] = defaultdict(list)
    for line, row in rows:
        chain = chains[row.series_id, row.uitsplitsing, row.rol, row.onderdeel]
        if chain and chain[0].chain != row.chain:
            line.fail("chain", f"differs between editions of {row.series_id}.", "One chain is one kind.")
        if row.chain == "year_table" and any(row.jaren.overlaps(other.jaren) for other in chain):
            line.fail("jaren", f"another edition of {row.series_id} gives the same year.", "One table a year.")
        if row.chain == "recast" and not chain and row.edition_order != 1:
            line.fail(
                "edition_order",
                f"{row.series_id} starts at {row.edition_order}.",
                "Newest edition first, as 1.",
            )
        chain.append(row)


def _read_formulas(folder: Path, series: Iterable[SeriesRow]) -> dict[str, tuple[str, ...]]:
    """Give the KPI ids per series, after checking that each formula has its series."""
    known_kpis = _read_names(folder, _KPI_FILE, "kpi_id")
    roles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in series:
        if row.is_loaded:
            roles[row.series_id, row.uitsplitsing].add(row.rol)
    kpis: dict[str, dict[str, None]] = defaultdict(dict)
    seen: dict[tuple[str, str, str, str], int] = {}
    for line in _read_lines(folder, _FORMULA_FILE):
        kpi_id, variant, uitsplitsing = line.text("kpi_id"), line.text("variant"), line.text("uitsplitsing")
        _once(seen, (kpi_id, line.text("model_versie"), uitsplitsing, variant), line)
        if kpi_id not in known_kpis:
            line.fail("kpi_id", f"{kpi_id!r} is not known.", f"Add it to {_KPI_FILE}.")
        if variant == HANDMATIG:
            continue
        wanted = {"waarde"} if line.choice("formule") == "waarde" else {"teller", "noemer"}
        if roles.get((variant, uitsplitsing)) != wanted:
            found = sorted(roles.get((variant, uitsplitsing), ())) or "nothing"
            problem = f"{variant!r} {uitsplitsing!r} gives {found}, {kpi_id} needs {sorted(wanted)}."
            line.fail("variant", problem, f"Mend the rows in {_SERIES_FILE}; their gebruik must be a loaded one.")
        kpis[variant][kpi_id] = None
    return {series_id: tuple(ids) for series_id, ids in kpis.items()}
