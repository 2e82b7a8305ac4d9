"""Tie a series of the registry to exactly one column and to literal member keys of a table. Pure functions.

Nothing here guesses: no match and more than one match are both an error that names what was looked for and what there
is. Column numbers (`_12`) are never looked at, except to pick among columns that the registry says are equal.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sources.errors import ResolveError
from sources.odata.metadata import GEO, TIME, Dimension, Member, TableMetadata, Topic
from sources.registry import DimensionFilter, Grens, SeriesRow

# Registry value of measure_group for columns that stand in several groups with equal values (71486ned): the lowest
# number is taken, after the rows have shown that the values are equal.
LOWEST_OF_EQUALS = "*laagste"
GROUP_SEPARATOR = " > "
BY_TITLE = "title:"
PERIOD_MARKS: Mapping[str, str] = {"jaar": "JJ00", "schooljaar": "SJ00", "december": "MM12"}

_TOTAL_FIRST = re.compile(r"totaal\b", re.IGNORECASE)
_TOTAL_LAST = re.compile(r"\btotaal$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the interval of a figure stands: the dimension and the literal keys of the lower and the upper bound."""

    dimension: str
    ondergrens: str
    bovengrens: str


@dataclass(frozen=True, slots=True)
class ResolvedRow:
    """One series row, tied to a table.

    Attributes:
        row: the registry row.
        measure: the column that gives the value.
        twins: columns that must hold the same values in every row.
        members: literal keys per dimension, for all dimensions but region and time.
        region: key of the region dimension, or None (a national table).
        time: key of the time dimension, or None.
        year: year of all rows when there is no time dimension.
        bounds: where its interval stands, or None: the registry asks for none, or the table does not list both.
    """

    row: SeriesRow
    measure: Topic
    twins: tuple[str, ...]
    members: Mapping[str, tuple[str, ...]]
    region: str | None
    time: str | None
    year: int | None
    bounds: Bounds | None = None

    @property
    def period_mark(self) -> str | None:
        """The part of a period code that selects this kind of period, or None without a time dimension."""
        if self.time is None:
            return None
        return PERIOD_MARKS.get(self.row.periode_soort, PERIOD_MARKS["jaar"])

    def combinations(self) -> Iterator[Mapping[str, str]]:
        """Every combination of one literal key per dimension."""
        names = sorted(self.members)
        for keys in itertools.product(*(self.members[name] for name in names)):
            yield dict(zip(names, keys, strict=True))

    def bound_combinations(self) -> Iterator[tuple[Grens, Mapping[str, str]]]:
        """The combinations of its lower and its upper bound; none without bounds."""
        if self.bounds is None:
            return
        bounds: tuple[tuple[Grens, str], ...] = (
            ("ondergrens", self.bounds.ondergrens),
            ("bovengrens", self.bounds.bovengrens),
        )
        for codes in self.combinations():
            for grens, key in bounds:
                yield grens, {**codes, self.bounds.dimension: key}


def dimensions_text(codes: Mapping[str, str]) -> str:
    """Trimmed codes as compact JSON with sorted keys: the column `dimensions` of the lake."""
    trimmed = {name: codes[name].strip() for name in sorted(codes)}
    return json.dumps(trimmed, ensure_ascii=False, separators=(",", ":"))


def resolve_row(metadata: TableMetadata, row: SeriesRow, kpis: Iterable[str] = ()) -> ResolvedRow:
    """Tie one series row to a table.

    Args:
        metadata: the table.
        row: the registry row.
        kpis: KPI ids that the series feeds, for the message.

    Raises:
        ResolveError: no or more than one column, dimension or member fits. Names KPI, series, table, what was looked
            for and the candidates.
    """
    place = _place(metadata, row, kpis)
    region = _resolve_region(metadata, row, place)
    time = metadata.time.key if metadata.time is not None and metadata.time.key != region else None
    measure, twins = _resolve_measure(metadata, row, place)
    return ResolvedRow(
        row=row,
        measure=measure,
        twins=twins,
        members=_resolve_members(metadata, row, {region, time}, place),
        region=region,
        time=time,
        year=None if time is not None else _resolve_year(metadata, row, place),
        bounds=_resolve_bounds(metadata, row),
    )


def _place(metadata: TableMetadata, row: SeriesRow, kpis: Iterable[str]) -> str:
    feeds = ", ".join(kpis) or "geen KPI"
    return f"{feeds}: reeks {row.series_id} ({row.uitsplitsing}, {row.rol}), tabel {metadata.table_id}"


def _resolve_measure(metadata: TableMetadata, row: SeriesRow, place: str) -> tuple[Topic, tuple[str, ...]]:
    """The one column of a row, and the columns that the registry says are equal to it."""
    if row.measure_stem is not None:
        looked_for = f"kolom met stam '{row.measure_stem}' en eenheid '{row.eenheid}'"
        named = [topic for topic in metadata.topics if topic.stem.casefold() == row.measure_stem.casefold()]
    else:
        looked_for = f"kolom met titel '{row.measure_title}' en eenheid '{row.eenheid}'"
        named = [topic for topic in metadata.topics if topic.title == row.measure_title]
    found = [topic for topic in named if _same_unit(topic.unit, row.eenheid)]
    if len(found) > 1 and row.measure_group == LOWEST_OF_EQUALS:
        return _lowest(found, place, looked_for)
    if len(found) > 1 and row.measure_group is not None:
        looked_for += f" in groep '{row.measure_group}'"
        found = [topic for topic in found if _in_group(topic, row.measure_group)]
    if len(found) != 1:
        candidates = found or named or _similar(metadata.topics, row)
        raise ResolveError(
            f"{place}: gezocht {looked_for}; gevonden {len(found)}. Kandidaten: {_topics(candidates)}. "
            "Pas measure_stem, measure_title, measure_group of eenheid aan in series.csv"
        )
    if found[0].datatype == "String":
        raise ResolveError(f"{place}: {looked_for} is {found[0].key}, maar die bevat tekst en geen getal")
    return found[0], ()


def _lowest(found: list[Topic], place: str, looked_for: str) -> tuple[Topic, tuple[str, ...]]:
    """The lowest number among columns of one stem and title in different groups; the others have to be equal."""
    same = len({(topic.stem.casefold(), topic.title) for topic in found}) == 1
    apart = len({topic.group for topic in found}) == len(found)
    if not (same and apart):
        raise ResolveError(
            f"{place}: gezocht {looked_for}; {len(found)} kolommen die niet dezelfde titel in verschillende groepen "
            f"hebben, dus '{LOWEST_OF_EQUALS}' geldt niet. Kandidaten: {_topics(found)}"
        )
    ordered = sorted(found, key=lambda topic: topic.number)
    return ordered[0], tuple(topic.key for topic in ordered[1:])


def _same_unit(published: str, expected: str) -> bool:
    return " ".join(published.split()).casefold() == " ".join(expected.split()).casefold()


def _in_group(topic: Topic, wanted: str) -> bool:
    """Whether the wanted titles stand next to each other in the topic's path of groups."""
    parts = tuple(part.strip() for part in wanted.split(GROUP_SEPARATOR))
    return any(topic.group[at : at + len(parts)] == parts for at in range(len(topic.group) - len(parts) + 1))


def _similar(topics: Iterable[Topic], row: SeriesRow) -> list[Topic]:
    """Topics that share a beginning or a part of their name with what was looked for; all of them if none does."""
    wanted = (row.measure_stem or row.measure_title or "").casefold()
    listed = list(topics)
    near = [
        topic
        for topic in listed
        if wanted[:8] in topic.stem.casefold() or wanted in topic.title.casefold() or topic.stem.casefold() in wanted
    ]
    return near or listed


def _topics(topics: Iterable[Topic]) -> str:
    return _some(
        f"{topic.key} [{topic.unit}]{' in ' + GROUP_SEPARATOR.join(topic.group) if topic.group else ''}"
        for topic in topics
    )


def _resolve_region(metadata: TableMetadata, row: SeriesRow, place: str) -> str | None:
    geographic = [dimension.key for dimension in metadata.dimensions if dimension.kind in GEO]
    if row.region_dimension is None:
        return geographic[0] if geographic else None
    # Some services mark a region dimension as a plain one; the registry's word is enough when the column exists.
    if row.region_dimension not in {dimension.key for dimension in metadata.dimensions}:
        raise ResolveError(
            f"{place}: gezocht regiodimensie '{row.region_dimension}'. "
            f"Kandidaten: {_dimensions(metadata.dimensions)}. Pas region_dimension aan in series.csv"
        )
    return row.region_dimension


def _resolve_members(
    metadata: TableMetadata, row: SeriesRow, apart: set[str | None], place: str
) -> dict[str, tuple[str, ...]]:
    """Literal keys for every dimension but region and time: as filtered, else the total."""
    members: dict[str, tuple[str, ...]] = {}
    for name, wanted in row.dimension_filters.items():
        dimension = _find_dimension(metadata, name, place)
        if dimension.key in apart:
            raise ResolveError(f"{place}: filter op {name}, maar dat is de regio- of tijddimensie")
        members[dimension.key] = _find_members(metadata, dimension, wanted, place)
    for dimension in metadata.dimensions:
        if dimension.key not in apart and dimension.key not in members and dimension.kind != TIME:
            members[dimension.key] = (_find_total(metadata, dimension, place),)
    if row.aggregation == "none" and any(len(keys) > 1 for keys in members.values()):
        raise ResolveError(f"{place}: meer dan één code gevraagd, maar aggregation is none")
    return members


def _find_dimension(metadata: TableMetadata, name: str, place: str) -> Dimension:
    if name.startswith(BY_TITLE):
        title = name.removeprefix(BY_TITLE).strip()
        found = [dimension for dimension in metadata.dimensions if dimension.title == title]
    else:
        found = [dimension for dimension in metadata.dimensions if dimension.key == name]
    if len(found) != 1:
        raise ResolveError(
            f"{place}: gezocht dimensie '{name}'; gevonden {len(found)}. "
            f"Kandidaten: {_dimensions(metadata.dimensions)}. Pas dimension_filters aan in series.csv"
        )
    return found[0]


def _find_members(
    metadata: TableMetadata, dimension: Dimension, wanted: DimensionFilter, place: str
) -> tuple[str, ...]:
    keys: list[str] = []
    for value in wanted.values:
        found = [
            member
            for member in metadata.members.get(dimension.key, ())
            if (member.key.strip() if wanted.by == "key" else member.title) == value.strip()
        ]
        if len(found) != 1:
            kind = "code" if wanted.by == "key" else "titel"
            raise ResolveError(
                f"{place}: gezocht {kind} '{value}' in dimensie {dimension.key}; gevonden {len(found)}. "
                f"Kandidaten: {_members(found or metadata.members.get(dimension.key, ()))}. "
                "Pas dimension_filters aan in series.csv"
            )
        keys.append(found[0].key)
    return tuple(keys)


def _resolve_bounds(metadata: TableMetadata, row: SeriesRow) -> Bounds | None:
    """Literal keys of both bounds; a figure without an interval is a figure all the same, so None and no error."""
    if row.interval is None:
        return None
    listed = {member.key.strip(): member.key for member in metadata.members.get(row.interval.dimension, ())}
    lower, upper = listed.get(row.interval.ondergrens), listed.get(row.interval.bovengrens)
    if lower is None or upper is None:
        return None
    return Bounds(row.interval.dimension, lower, upper)


def _find_total(metadata: TableMetadata, dimension: Dimension, place: str) -> str:
    """The total of a dimension that the registry does not mention."""
    members = metadata.members.get(dimension.key, ())
    totals = [member for member in members if _TOTAL_FIRST.match(member.title)]
    totals = totals or [member for member in members if _TOTAL_LAST.search(member.title)]
    if len(totals) != 1:
        raise ResolveError(
            f"{place}: dimensie {dimension.key} ('{dimension.title}') staat niet in dimension_filters en heeft "
            f"{len(totals)} totalen. Kandidaten: {_members(totals or members)}. Noem de dimensie in series.csv"
        )
    return totals[0].key


def _resolve_year(metadata: TableMetadata, row: SeriesRow, place: str) -> int:
    """The year of a table without a time dimension: the registry's, held against what the table says."""
    published = sorted({int(year) for year in _YEAR.findall(metadata.info.period)})
    if row.jaren.single is not None:
        if len(published) == 1 and published[0] != row.jaren.single:
            raise ResolveError(
                f"{place}: de tabel gaat over {published[0]} (Period '{metadata.info.period}'), "
                f"het register zegt {row.jaren.single}. Pas jaren aan in series.csv"
            )
        return row.jaren.single
    if len(published) != 1:
        raise ResolveError(
            f"{place}: geen tijddimensie, en Period '{metadata.info.period}' noemt niet één jaar. "
            "Vul jaren in in series.csv"
        )
    return published[0]


def _members(members: Iterable[Member]) -> str:
    return _some(f"{member.key.strip()} ({member.title})" for member in members)


def _dimensions(dimensions: Iterable[Dimension]) -> str:
    return _some(f"{dimension.key} ({dimension.title}, {dimension.kind})" for dimension in dimensions)


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    rest = len(listed) - _CANDIDATES
    return (", ".join(listed[:_CANDIDATES]) or "geen") + (f" en nog {rest}" if rest > 0 else "")
