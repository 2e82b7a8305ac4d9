"""What is asked of a table, once, in the two languages it is needed in: an OData filter and the same in SQL.

The service filters with the first; every row received is held against the second, because a service may ignore a
filter without saying so. Builds text only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from sources.errors import ResolveError
from sources.odata.metadata import TableMetadata, Topic
from sources.odata.resolve import ResolvedRow
from sources.registry import Jaren

REGION_PREFIXES = ("GM", "NL")
_STATUS = {"definitief": "definitief", "nadervoorlopig": "nader_voorlopig", "voorlopig": "voorlopig"}


@dataclass(frozen=True, slots=True)
class Predicate:
    """The rows that are wanted.

    Attributes:
        members: per dimension the literal keys wanted, sorted by dimension.
        region: key of the region dimension, or None.
        time: key of the time dimension, or None.
        period_marks: kinds of period wanted (`JJ00`), empty without a time dimension.
        first_year: no period before this year, or None.
    """

    members: tuple[tuple[str, tuple[str, ...]], ...]
    region: str | None = None
    time: str | None = None
    period_marks: tuple[str, ...] = ()
    first_year: int | None = None

    def odata(self) -> str:
        """The filter as the service reads it, not yet encoded; empty when every row is wanted."""
        parts = [_any(f"{name} eq {_text(key)}" for key in keys) for name, keys in self.members]
        if self.region is not None:
            parts.append(_any(f"startswith({self.region},{_text(prefix)})" for prefix in REGION_PREFIXES))
        if self.time is not None:
            parts.append(_any(f"substringof({_text(mark)},{self.time})" for mark in self.period_marks))
            if self.first_year is not None:
                parts.append(f"{self.time} ge {_text(self._first_period())}")
        return " and ".join(parts)

    def sql(self) -> str:
        """The same as a boolean SQL expression over the columns of the row data set; never null."""
        parts = [
            f"trim({sql_name(name)}) in ({', '.join(sql_text(key.strip()) for key in keys)})"
            for name, keys in self.members
        ]
        if self.region is not None:
            parts.append(_any(f"starts_with({sql_name(self.region)}, {sql_text(p)})" for p in REGION_PREFIXES))
        if self.time is not None:
            time = sql_name(self.time)
            parts.append(_any(f"contains({time}, {sql_text(mark)})" for mark in self.period_marks))
            if self.first_year is not None:
                parts.append(f"{time} >= {sql_text(self._first_period())}")
        return f"coalesce({' and '.join(parts) or 'true'}, false)"

    def probe(self, codes: Mapping[str, str], all_keys: Mapping[str, Iterable[str]]) -> str:
        """A filter for one combination that does not depend on the padding of keys.

        Args:
            codes: literal key per dimension.
            all_keys: every key of those dimensions. A code that is the beginning of another one needs `trim`.
        """
        parts = [_unpadded(name, key.strip(), all_keys.get(name, ())) for name, key in sorted(codes.items())]
        rest = Predicate((), self.region, self.time, self.period_marks, self.first_year).odata()
        return " and ".join([*parts, *([rest] if rest else [])])

    def _first_period(self) -> str:
        # One kind of period: the spelling seen in use. Several: the year alone sorts before all its periods.
        return f"{self.first_year}{self.period_marks[0] if len(self.period_marks) == 1 else ''}"


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """How one table is read: columns, rows, and what becomes of them.

    Attributes:
        table_id: id at the service.
        dimensions: keys of all dimensions, in column order.
        measures: columns that become observations.
        twins: (column, column that must hold the same value in every row).
        predicate: the rows wanted.
        on_service: whether the service is sent the filter; else the table is read whole and filtered here.
        year: year of all rows when there is no time dimension.
        periods: per period code its status (`definitief` …, or None) and whether any series wants that year.
    """

    table_id: str
    dimensions: tuple[str, ...]
    measures: tuple[Topic, ...]
    twins: tuple[tuple[str, str], ...]
    predicate: Predicate
    on_service: bool
    year: int | None
    periods: Mapping[str, tuple[str | None, bool]]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names asked for, in the order of the table; ID proves that no row is missing or double."""
        topics = dict.fromkeys([*(topic.key for topic in self.measures), *(twin for _, twin in self.twins)])
        return ("ID", *self.dimensions, *topics)

    @property
    def others(self) -> tuple[str, ...]:
        """Dimensions that are neither region nor time, sorted."""
        return tuple(sorted(set(self.dimensions) - {self.predicate.region, self.predicate.time}))

    @property
    def filter(self) -> str:
        """The filter that is sent, or an empty text."""
        return self.predicate.odata() if self.on_service else ""

    def query(self, skip: int = 0) -> str:
        """Query of one page of rows."""
        parts = ["$format=json", f"$select={quote(','.join(self.columns), safe=',')}"]
        if self.filter:
            parts.append(f"$filter={encode(self.filter)}")
        if skip:
            parts.append(f"$skip={skip}")
        return "&".join(parts)


def plan_read(metadata: TableMetadata, resolved: Iterable[ResolvedRow], *, on_service: bool) -> ReadPlan:
    """One plan that serves all series of a table.

    Raises:
        ResolveError: the series disagree on the region dimension or on the year of the table.
    """
    rows = list(resolved)
    regions, years = {row.region for row in rows}, {row.year for row in rows}
    if len(regions) != 1 or len(years) != 1:
        raise ResolveError(
            f"tabel {metadata.table_id}: de reeksen verschillen in regiodimensie ({_list(regions)}) "
            f"of in jaar ({_list(years)}). Maak ze gelijk in series.csv"
        )
    region, time = regions.pop(), rows[0].time
    measures = {row.measure.key: row.measure for row in rows}
    predicate = Predicate(
        members=_union(rows),
        region=region,
        time=time,
        period_marks=tuple(sorted({mark for row in rows if (mark := row.period_mark) is not None})),
        first_year=_first_year(row.row.jaren for row in rows) if time is not None else None,
    )
    return ReadPlan(
        table_id=metadata.table_id,
        dimensions=tuple(dimension.key for dimension in metadata.dimensions),
        measures=tuple(topic for topic in metadata.topics if topic.key in measures),
        twins=tuple(dict.fromkeys((row.measure.key, twin) for row in rows for twin in row.twins)),
        predicate=predicate,
        on_service=on_service,
        year=years.pop(),
        periods=_periods(metadata, rows, time),
    )


def encode(filter_text: str) -> str:
    """A filter for a URL: spaces as %20 (a `+` is not understood everywhere), quotes and brackets left readable."""
    return quote(filter_text, safe="(),'")


def sql_name(name: str) -> str:
    """An identifier, quoted."""
    return '"' + name.replace('"', '""') + '"'


def sql_text(value: str) -> str:
    """A text literal, quoted."""
    return "'" + value.replace("'", "''") + "'"


def _text(value: str) -> str:
    return sql_text(value)


def _any(parts: Iterable[str]) -> str:
    listed = list(parts)
    return listed[0] if len(listed) == 1 else f"({' or '.join(listed)})"


def _unpadded(name: str, code: str, keys: Iterable[str]) -> str:
    longer = any(key.strip() != code and key.strip().startswith(code) for key in keys)
    return f"trim({name}) eq {_text(code)}" if longer else f"startswith({name},{_text(code)})"


def _union(rows: Iterable[ResolvedRow]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The members that any series wants, bounds included.

    One question for figures and bounds: the rows are the same as in three questions, without two more counts and two
    more half-filled last pages.
    """
    wanted: dict[str, set[str]] = {}
    for row in rows:
        for name, keys in row.members.items():
            wanted.setdefault(name, set()).update(keys)
        if row.bounds is not None:
            wanted[row.bounds.dimension].update({row.bounds.ondergrens, row.bounds.bovengrens})
    return tuple((name, tuple(sorted(keys))) for name, keys in sorted(wanted.items()))


def _first_year(spans: Iterable[Jaren]) -> int | None:
    firsts = [years.first for years in spans]
    return None if None in firsts else min(year for year in firsts if year is not None)


def _periods(metadata: TableMetadata, rows: list[ResolvedRow], time: str | None) -> dict[str, tuple[str | None, bool]]:
    if time is None:
        return {}
    periods: dict[str, tuple[str | None, bool]] = {}
    for member in metadata.members[time]:
        code = member.key.strip()
        status = _STATUS.get("".join((member.status or "").split()).casefold())
        wanted = code[:4].isdigit() and any(
            row.period_mark is not None and row.period_mark in code and row.row.jaren.contains(int(code[:4]))
            for row in rows
        )
        periods[code] = (status, wanted)
    return periods


def _list(values: Iterable[object]) -> str:
    return ", ".join(sorted(str(value) for value in values))
