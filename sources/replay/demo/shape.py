"""Which tables the demo archive holds and what each looks like, derived from the rows of the registry.

A table is the dimensions that its series filter on, its region and time dimension, the columns that its series ask
for, and for each of these something that must not be chosen: other members, longer names, the same name with another
unit or in another group. What does not belong here: numbers.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sources.registry import Registry, SeriesRow, SourceTable
from sources.replay.demo import levels
from sources.replay.demo.geography import FIRST_YEAR, LAST_YEAR
from sources.replay.demo.levels import DimensionProfile, ExtraTopic, Level, Member, TableProfile

LOWEST_OF_EQUALS = "*laagste"
BY_TITLE = "title:"
REGION_WIDTHS: Mapping[str, int] = {"RegioS": 6, "Regiokenmerken": 6}
DETAIL_DIMENSIONS = frozenset({"WijkenEnBuurten", "Wijken"})
_ODATA_BRONNEN = frozenset({"cbs", "rivm", "politie"})
_STEPS: Mapping[str, int] = {"tweejaarlijks": 2, "vierjaarlijks": 4}
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
    "november", "december",
)  # fmt: skip
_DETAIL_WIDTH = 10
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension that is neither region nor time."""

    key: str
    title: str
    width: int
    members: tuple[Member, ...]
    noise: float
    adds_up: bool
    role: levels.Role

    def padded(self, member: Member) -> str:
        """The key of a member as served."""
        return member.key.ljust(self.width)

    @property
    def total(self) -> Member | None:
        """The member that is the sum of the others, or None."""
        return next((member for member in self.members if member.total), None) if self.adds_up else None


@dataclass(frozen=True, slots=True)
class Topic:
    """A column with values.

    Attributes:
        years: years with values, or None for all.
        lot: key of what is drawn; equal lots have equal values.
        zero: an absent cell stands for 0.
    """

    key: str
    stem: str
    title: str
    unit: str
    group: tuple[str, ...]
    level: Level
    lot: str
    years: frozenset[int] | None
    decimals: int
    zero: bool = False

    @property
    def is_text(self) -> bool:
        """Whether the column holds text."""
        return self.unit in ("naam", "omschrijving", "postcode")

    @property
    def datatype(self) -> str:
        """Datatype as DataProperties names it."""
        if self.is_text:
            return "String"
        return "Double" if self.decimals else "Long"


@dataclass(frozen=True, slots=True)
class Period:
    """A period: fraction of the year it covers, and whether only the country has figures."""

    key: str
    title: str
    status: str
    year: int
    fraction: float = 1.0
    national_only: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class TableShape:
    """Everything about a table but its numbers.

    Attributes:
        division: year of the division, or None for that of each figure's own year.
        region: key of the region dimension, or None for a national table.
        periods: empty when the table has no time dimension.
        year: year of all rows when there are no periods.
        combinations: the members that occur together, as positions in the members of each dimension.
    """

    source: SourceTable
    title: str
    profile: TableProfile
    division: int | None
    dimensions: tuple[Dimension, ...]
    region: str | None
    topics: tuple[Topic, ...]
    periods: tuple[Period, ...]
    year: int
    combinations: tuple[tuple[int, ...], ...]
    superseded: bool = False

    @property
    def has_details(self) -> bool:
        """Whether wijken and buurten have rows."""
        return self.region in DETAIL_DIMENSIONS

    @property
    def zero_absent(self) -> bool:
        """Whether rows of 0 are left out."""
        return any(topic.zero for topic in self.topics)

    @property
    def years(self) -> list[int]:
        """All years of the rows, ascending."""
        return sorted({period.year for period in self.periods}) or [self.year]


def choose_tables(registry: Registry) -> list[str]:
    """Ids (bron_id) of the tables the archive holds, in the order of the registry.

    Every table that a loaded series needs: the newest edition of a recast chain, every year of a chain of year tables;
    of what only stands in for another series, the newest table. One older edition of a recast chain comes along, so
    that there is something to choose from.
    """
    rows = [row for row in registry.series if row.is_loaded and _is_odata(registry, row)]
    needed: set[str] = set()
    for chain in _chains(rows).values():
        newest = min(row.edition_order for row in chain)
        every_year = chain[0].chain == "year_table" and chain[0].terugval_voor is None
        needed.update(row.bron_id for row in chain if every_year or row.edition_order == newest)
    return [bron_id for bron_id in registry.tables if bron_id in needed | _older_edition(rows)]


def _is_odata(registry: Registry, row: SeriesRow) -> bool:
    return registry.tables[row.bron_id].bron in _ODATA_BRONNEN


def _chains(rows: Iterable[SeriesRow]) -> dict[tuple[str, str, str, int], list[SeriesRow]]:
    chains: dict[tuple[str, str, str, int], list[SeriesRow]] = {}
    for row in rows:
        chains.setdefault((row.series_id, row.uitsplitsing, row.rol, row.onderdeel), []).append(row)
    return chains


def _older_edition(rows: Sequence[SeriesRow]) -> set[str]:
    """The second edition of the first recast chain of CBS that has one."""
    for chain in _chains(rows).values():
        older = [row for row in chain if row.gebruik == "terugval" and row.terugval_voor is None]
        if chain[0].chain == "recast" and older and min(older, key=_edition).bron_id.startswith("cbs_"):
            return {min(older, key=_edition).bron_id}
    return set()


def _edition(row: SeriesRow) -> int:
    return row.edition_order


def shape_table(registry: Registry, bron_id: str) -> TableShape:
    """Derive the shape of one table from all its rows in the registry."""
    source = registry.tables[bron_id]
    rows = [row for row in registry.series if row.bron_id == bron_id]
    profile = levels.table_profile(source.table_id, source.titel)
    division = _division(source)
    years = _years(rows, source, profile)
    tabel = rows[0].periode_soort == "tabel"
    dimensions = _dimensions(rows, profile)
    region = rows[0].region_dimension
    return TableShape(
        source=source,
        title=f"{source.titel} {division}" if source.indeling == "bron" else source.titel,
        profile=profile,
        division=division,
        dimensions=dimensions,
        region=region,
        topics=_topics(rows, source, profile, region),
        periods=() if tabel else _periods(rows, years, profile),
        year=years[-1],
        combinations=_combinations(rows, dimensions),
        superseded=all(row.gebruik == "terugval" for row in rows),
    )


def _division(source: SourceTable) -> int | None:
    if source.indeling == "periode":
        return None
    return LAST_YEAR if source.indeling == "bron" else int(source.indeling)


# --- years and periods ----------------------------------------------------------------------------


def _years(rows: Sequence[SeriesRow], source: SourceTable, profile: TableProfile) -> list[int]:
    years: set[int] = set()
    for row in rows:
        years |= row_years(row, source, profile) or set()
    return sorted(years | set(profile.empty_years)) or list(range(profile.last_year - 9, profile.last_year + 1))


def row_years(row: SeriesRow, source: SourceTable, profile: TableProfile) -> set[int] | None:
    """The years that a row asks for and the table has; None when it asks for all there are."""
    if not row.jaren.spans:
        return None
    step = _STEPS.get(source.ritme, 1)
    years: set[int] = set()
    for first, last in row.jaren.spans:
        years.update(range(first, (profile.last_year if last is None else last) + 1, step))
    return {year for year in years if year >= FIRST_YEAR or row.chain == "year_table"}


def _periods(rows: Sequence[SeriesRow], years: Sequence[int], profile: TableProfile) -> tuple[Period, ...]:
    kinds = {row.periode_soort for row in rows}
    periods: list[Period] = []
    for year in years:
        status = _status(year, years[-1], profile)
        if "schooljaar" in kinds:
            periods.append(_period(f"{year}SJ00", f"{year}/'{(year + 1) % 100:02d}", status, year))
        if "december" in kinds:
            periods.append(_month(year, _DECEMBER, status, profile))
        if "jaar" in kinds:
            periods.append(_period(f"{year}JJ00", str(year), status, year))
    last = years[-1]
    periods += [_month(last, month, "Definitief", profile) for month in profile.months]
    periods += [
        replace(_month(last + 1, month + 1, "Voorlopig", profile), national_only=True, year=last)
        for month in range(profile.months_ahead)
    ]
    periods += [
        Period(f"{last}HJ{half:02d}", f"{last} {half}e halfjaar", "Definitief", last, 0.62) for half in profile.halves
    ]
    empty = frozenset(profile.empty_years)
    return tuple(
        replace(period, empty=period.year in empty) for period in sorted(periods, key=lambda period: period.key)
    )


def _period(key: str, title: str, status: str, year: int) -> Period:
    marks = {"Voorlopig": "*", "NaderVoorlopig": "**"}
    return Period(key, title + marks.get(status, ""), status, year)


def _month(year: int, month: int, status: str, profile: TableProfile) -> Period:
    period = _period(f"{year}MM{month:02d}", f"{year} {_MONTHS[month - 1]}", status, year)
    return replace(period, fraction=1 / 12 if profile.flow else 1.0)


def _status(year: int, last: int, profile: TableProfile) -> str:
    if not profile.provisional or last < LAST_YEAR - 3:
        return "Definitief"
    return {0: "Voorlopig", 1: "NaderVoorlopig"}.get(last - year, "Definitief")


# --- dimensions -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Asked:
    """What the rows of a table ask of one dimension."""

    by_key: dict[str, None] = field(default_factory=dict)
    by_title: dict[str, None] = field(default_factory=dict)


def _dimensions(rows: Sequence[SeriesRow], profile: TableProfile) -> tuple[Dimension, ...]:
    asked: dict[str, _Asked] = {}
    for row in rows:
        for name, wanted in row.dimension_filters.items():
            entry = asked.setdefault(name, _Asked())
            (entry.by_key if wanted.by == "key" else entry.by_title).update(dict.fromkeys(wanted.values))
    made = [_dimension(name, entry, profile) for name, entry in asked.items()]
    extra = [_dimension(name, _Asked(), profile) for name in profile.extra_dimensions]
    return tuple(made + extra)


def _dimension(name: str, asked: _Asked, profile: TableProfile) -> Dimension:
    known = levels.DIMENSIONS.get(f"{name}:bevolking") if profile.population_ages else None
    known = known or levels.DIMENSIONS.get(name)
    base = known or DimensionProfile(())
    members = list(base.members)
    members += [
        Member(key.strip(), f"Kenmerk {key.strip()}")
        for key in asked.by_key
        if key.strip() not in {member.key for member in members}
    ]
    members += [
        Member(_code(name, title), title.strip())
        for title in asked.by_title
        if title.strip() not in {member.title for member in members}
    ]
    if known is None:
        # What must not be chosen: a title that only starts with the wanted one, and a member of no series.
        members += [Member(_code(name, f"{title}+"), f"{title}, overig", 0.3) for title in asked.by_title]
        members.append(Member(_code(name, "overig"), "Overige", 0.6))
    title = base.title or (name.removeprefix(BY_TITLE) if name.startswith(BY_TITLE) else spaced(name))
    key = camel(title) if name.startswith(BY_TITLE) or " " in name else name
    width = max([base.width, *(len(member.key) for member in members)])
    return Dimension(key, title, width, tuple(members), base.noise, base.adds_up, base.role)


def _code(*parts: str) -> str:
    digest = hashlib.sha256("|".join(parts).encode()).hexdigest()
    return f"A{int(digest[:8], 16) % 1_000_000:06d}"


def _combinations(rows: Sequence[SeriesRow], dimensions: Sequence[Dimension]) -> tuple[tuple[int, ...], ...]:
    """The wanted combinations, each with one dimension changed at a time, and the parts of every total."""
    wanted = {combination for row in rows for combination in _wanted(row, dimensions)}
    found = set(wanted)
    for combination in wanted:
        for place, dimension in enumerate(dimensions):
            found.update(_with(combination, place, other) for other in range(len(dimension.members)))
    for combination in list(found):
        for place, dimension in enumerate(dimensions):
            total = dimension.total
            if total is not None and dimension.members[combination[place]] is total:
                found.update(_with(combination, place, other) for other in range(len(dimension.members)))
    return tuple(sorted(found))


def _with(combination: tuple[int, ...], place: int, member: int) -> tuple[int, ...]:
    return (*combination[:place], member, *combination[place + 1 :])


def _wanted(row: SeriesRow, dimensions: Sequence[Dimension]) -> Iterable[tuple[int, ...]]:
    filters = {_filter_key(name): wanted for name, wanted in row.dimension_filters.items()}
    choices: list[list[int]] = []
    for dimension in dimensions:
        wanted = filters.get(dimension.key)
        if wanted is None:
            choices.append([0])
            continue
        names = [member.key if wanted.by == "key" else member.title for member in dimension.members]
        choices.append([names.index(value.strip()) for value in wanted.values])
    return itertools.product(*choices)


def _filter_key(name: str) -> str:
    return camel(name.removeprefix(BY_TITLE)) if name.startswith(BY_TITLE) else name


# --- topics ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """A column before it has its number."""

    stem: str
    title: str
    unit: str
    group: tuple[str, ...]
    lot: str
    years: set[int] | None
    twin: bool = False
    zero: bool = False


def _topics(
    rows: Sequence[SeriesRow], source: SourceTable, profile: TableProfile, region: str | None
) -> tuple[Topic, ...]:
    drafts: dict[tuple[str, str, str], _Draft] = {}
    for row in rows:
        _add_draft(drafts, row, source, profile)
    asked = list(drafts.values())
    extra = [_extra_draft(topic) for topic in profile.extra_topics]
    extra += _traps(asked)
    taken = {(draft.stem.casefold(), _norm(draft.unit)) for draft in asked}
    extra = [draft for draft in extra if draft.group or (draft.stem.casefold(), _norm(draft.unit)) not in taken]
    # The order differs per table, so the numbers at the end of the keys do too.
    ordered = sorted(asked + extra, key=lambda draft: _rank(source.table_id, draft))
    return _numbered(_area_topics(region) + ordered, source, profile)


def _add_draft(
    drafts: dict[tuple[str, str, str], _Draft], row: SeriesRow, source: SourceTable, profile: TableProfile
) -> None:
    stem = row.measure_stem or camel(row.measure_title or "")
    twin = row.measure_group == LOWEST_OF_EQUALS
    group = row.measure_group if row.measure_group and not twin else ""
    years = row_years(row, source, profile)
    key = (stem.casefold(), _norm(row.eenheid), group)
    draft = drafts.get(key)
    if draft is None:
        path = tuple(part.strip() for part in group.split(">")) if group else ()
        title = row.measure_title or spaced(stem)
        draft = drafts[key] = _Draft(stem, title, row.eenheid, path, f"{source.bron}:{stem}", years)
    draft.years = None if years is None or draft.years is None else draft.years | years
    draft.twin = draft.twin or twin
    draft.zero = draft.zero or row.absent == "zero"


def _extra_draft(topic: ExtraTopic) -> _Draft:
    stem = topic.stem or camel(topic.title)
    return _Draft(stem, topic.title, topic.unit, topic.group, f"extra:{stem}:{topic.group}", None)


def _traps(asked: Sequence[_Draft]) -> list[_Draft]:
    """Columns that are nearly the wanted ones: a longer name, the same one in another group, an equal twin."""
    first = asked[0]
    longer = replace(first, stem=f"{first.stem}VorigJaar", title=f"{first.title} vorig jaar", lot=f"vorig:{first.lot}")
    traps = [replace(longer, group=(), twin=False, zero=False)]
    for draft in asked:
        if draft.twin:
            traps.append(replace(draft, group=("Naar grootte",), twin=False))
        elif draft.group:
            traps.append(replace(draft, group=("Overige uitsplitsingen",), lot=f"elders:{draft.lot}"))
    return traps


def _rank(table_id: str, draft: _Draft) -> tuple[bool, str, str]:
    """Ungrouped columns first, groups together; twins stand last so that the wanted one has the lowest number."""
    digest = hashlib.sha256(f"{table_id}|{draft.stem}|{draft.unit}".encode()).hexdigest()
    return bool(draft.group), " > ".join(draft.group), digest


def _area_topics(region: str | None) -> list[_Draft]:
    if region not in DETAIL_DIMENSIONS:
        return []
    return [
        _Draft("Gemeentenaam", "Gemeentenaam", "naam", (), "", None),
        _Draft("SoortRegio", "Soort regio", "omschrijving", (), "", None),
        _Draft("Codering", "Codering", "naam", (), "", None),
    ]


def _numbered(drafts: Sequence[_Draft], source: SourceTable, profile: TableProfile) -> tuple[Topic, ...]:
    topics, number = [], 0
    for position, draft in enumerate(drafts):
        gap = hashlib.sha256(f"{source.table_id}|gat|{position}".encode()).digest()[0] % 4 == 0
        number += 2 if gap and draft.lot else 1
        level = _level(draft)
        decimals = profile.decimals.get(draft.stem.casefold(), _decimals(draft.unit))
        topics.append(
            Topic(
                key=f"{draft.stem}_{number}",
                stem=draft.stem,
                title=draft.title,
                unit=draft.unit,
                group=draft.group,
                level=level,
                lot=draft.lot,
                years=None if draft.years is None else frozenset(draft.years),
                decimals=decimals,
                zero=draft.zero,
            )
        )
    return tuple(topics)


def _level(draft: _Draft) -> Level:
    for name in (draft.stem, draft.title, draft.stem.removesuffix("VorigJaar")):
        key = levels.MEASURES.get(_norm(name))
        if key is not None:
            return levels.LEVELS[key]
    return levels.default_level(draft.unit)


def lot_of(topic: Topic) -> str:
    """What decides the lot of a topic: measures of one level move together, traps on their own."""
    own = topic.lot.startswith(("vorig:", "elders:", "extra:"))
    key = levels.MEASURES.get(_norm(topic.stem)) or levels.MEASURES.get(_norm(topic.title))
    return topic.lot if own or key is None else key


def _decimals(unit: str) -> int:
    text = unit.casefold()
    whole = text in ("aantal", "code", "naam", "omschrijving", "postcode") or text.startswith("aantal ")
    return 0 if whole else 1


def _norm(text: str) -> str:
    return re.sub(r"[^a-z0-9%]", "", text.casefold())


def camel(title: str) -> str:
    """Column name of a title: capitals instead of spaces, no signs, `k_` before a digit."""
    words = re.findall(r"[0-9A-Za-zÀ-ÿ]+", title.replace("'", ""))
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return f"k_{name}" if name[:1].isdigit() else name


def spaced(stem: str) -> str:
    """A readable title for a column name."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+", stem)
    text = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
    return text[:1].upper() + text[1:]
