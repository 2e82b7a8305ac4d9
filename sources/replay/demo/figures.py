"""Draw the figures of a table and write them as its TypedDataSet.

Every figure follows from the seed, the measure, the gemeente and the year by md5, in DuckDB SQL: gemeenten first, then
the totals of parts, then the country and the provinces as sums of these, and only then rounding and gaps. Nothing here
decides which columns, members or regions there are.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources.replay.demo.areas import Areas, Region
from sources.replay.demo.geography import PERIODE, Fact
from sources.replay.demo.levels import INWONERS, STEDELIJKHEID, Level, Member, TableProfile
from sources.replay.demo.shape import Dimension, Period, TableShape, Topic, lot_of

_FACT_COLUMNS = (
    "code VARCHAR, year INTEGER, inwoners DOUBLE, volwassenen DOUBLE, huishoudens DOUBLE, eenpersoons DOUBLE, "
    "leerlingen DOUBLE, urban DOUBLE, deprived DOUBLE, stedelijkheid DOUBLE, division VARCHAR"
)
_MOST = 0.985
_OWN_TREND, _WOBBLE = 0.25, 0.03
_SMALL = 60_000
_SPREAD_OF_SCORES = 1.5
_MACROS = """
    CREATE MACRO lot(key) AS (md5_number_lower(key) >> 11)::DOUBLE / 9007199254740992.0;
    CREATE MACRO logit(share) AS ln(share / (1 - share));
    CREATE MACRO draw(key) AS logit(0.0005 + 0.999 * lot(key)) / 1.8138;
"""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Gaps in a table of the police, by code of the gemeente and year.

    Attributes:
        unpublished: a gemeente without any row in a year.
        hidden: a gemeente, a year and a member (padded key) whose figure is hidden.
    """

    unpublished: tuple[str, int]
    hidden: tuple[str, int, str]


def open_database(areas: Areas, shapes: Iterable[TableShape], folder: Path) -> duckdb.DuckDBPyConnection:
    """A database with the facts that the tables need.

    Args:
        areas: regions and facts.
        shapes: tables that will be drawn.
        folder: for a file that passes the facts; removed with the folder.
    """
    needed: dict[int | None, set[int]] = {}
    for shape in shapes:
        needed.setdefault(shape.division, set()).update(shape.years)
    path = folder / "facts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for division, years in sorted(needed.items(), key=str):
            writer.writerows(_fact_row(fact, division) for fact in areas.facts(division, sorted(years)))
    connection = duckdb.connect(":memory:")
    # One thread: sums of doubles must not depend on who was first.
    connection.execute("SET threads = 1; SET temp_directory = ''")
    connection.execute(_MACROS)
    connection.execute(f"CREATE TABLE facts ({_FACT_COLUMNS})")
    connection.execute(f"COPY facts FROM '{_quoted(str(path))}' (FORMAT csv, HEADER false)")
    path.unlink()
    return connection


def _fact_row(fact: Fact, division: int | None) -> tuple[object, ...]:
    people = (fact.inwoners, fact.volwassenen, fact.huishoudens, fact.eenpersoons, fact.leerlingen)
    return (fact.code, fact.year, *people, fact.urban, fact.deprived, fact.stedelijkheid, _division(division))


def _division(division: int | None) -> str:
    return PERIODE if division is None else str(division)


def write_figures(
    connection: duckdb.DuckDBPyConnection, shape: TableShape, areas: Areas, target: Path, seed: int
) -> tuple[int, Secrets | None]:
    """Draw one table and write it.

    Returns:
        The number of rows, and the gaps that were put in on purpose.
    """
    drawing = _Drawing(shape, areas, seed)
    sql = drawing.sql()
    connection.execute(
        f"COPY ({sql}) TO '{_quoted(str(target))}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"
    )
    rows = connection.execute(f"SELECT count(*) FROM read_parquet('{_quoted(str(target))}')").fetchall()
    return int(rows[0][0]), drawing.secrets


class _Drawing:
    """The SQL of one table."""

    def __init__(self, shape: TableShape, areas: Areas, seed: int) -> None:
        self.shape = shape
        self.areas = areas
        self.seed = seed
        self.regions = areas.regions(shape)
        self.measures = [topic for topic in shape.topics if not topic.is_text]
        self.secrets = self._secrets() if shape.zero_absent else None

    def sql(self) -> str:
        """One SELECT: columns and order as the service has them."""
        return f"""
            WITH combination AS MATERIALIZED ({self._combinations()}),
            period AS ({self._periods()}),
            region AS ({self._regions()}),
            parent AS ({self._parents()}),
            fact AS (SELECT * FROM facts WHERE division = '{_division(self.shape.division)}'
                     AND year IN ({", ".join(str(year) for year in self.shape.years)})),
            gap AS MATERIALIZED (SELECT code, year, {", ".join(self._lots_of_gaps())} FROM fact),
            rated AS MATERIALIZED (SELECT *, {", ".join(self._rates())} FROM fact),
            leaf AS MATERIALIZED ({self._leaves()}),
            part AS MATERIALIZED ({self._totals()}),
            cell AS (SELECT * FROM part UNION ALL BY NAME ({self._larger()})),
            row AS ({self._rows()})
            SELECT (row_number() OVER (ORDER BY combination_order, region_order, period_order) - 1)::INTEGER AS "ID",
                   {", ".join(self._columns())}
            FROM row ORDER BY "ID"
        """

    # --- what there is ----------------------------------------------------------------------------

    def _combinations(self) -> str:
        dimensions = self.shape.dimensions
        types = {"combination_order": "INTEGER", "bound": "INTEGER", "fixed": "DOUBLE", "split": "DOUBLE"}
        types |= {"noise": "DOUBLE", "own": "VARCHAR", "is_total": "BOOLEAN", "sum_name": "VARCHAR"}
        types |= {f"k{place}": "VARCHAR" for place in range(len(dimensions))}
        types |= {f"f{number}": "DOUBLE" for number in self._numbers}
        rows = []
        for order, positions in enumerate(self.shape.combinations):
            members = [dimension.members[place] for dimension, place in zip(dimensions, positions, strict=True)]
            rows.append([order, *self._combination(members)])
        return _rows(types, rows)

    def _combination(self, members: Sequence[Member]) -> list[object]:
        pairs = list(zip(self.shape.dimensions, members, strict=True))
        is_total = any(dimension.total is member for dimension, member in pairs)
        noise = max((dimension.noise for dimension, _ in pairs), default=0.0)
        return [
            sum(member.bound for member in members),
            next((member.fixed for member in members if member.fixed is not None), None),
            _product(member.factor for dimension, member in pairs if dimension.role == "split"),
            0.0 if is_total else noise,
            "|".join(member.key for dimension, member in pairs if dimension.noise),
            is_total,
            self._sum_name(pairs),
            *(dimension.padded(member) for dimension, member in pairs),
            *(_factor(topic, pairs) for topic in self.measures),
        ]

    def _sum_name(self, pairs: Sequence[tuple[Dimension, Member]]) -> str:
        """Name that a total shares with the combinations it is the sum of."""
        return "|".join("*" if dimension.adds_up else member.key for dimension, member in pairs)

    def _periods(self) -> str:
        periods = self.shape.periods or (Period("", "", "", self.shape.year),)
        types = {"period_order": "INTEGER", "period_key": "VARCHAR", "year": "INTEGER", "fraction": "DOUBLE"}
        types |= {"national_only": "BOOLEAN", "empty": "BOOLEAN"}
        rows = [
            [order, period.key, period.year, period.fraction, period.national_only, period.empty]
            for order, period in enumerate(periods)
        ]
        return _rows(types, rows)

    def _regions(self) -> str:
        regions = self.regions or [Region("NL01", "Nederland")]
        absent = self._absent_codes()
        names = ("region_key", "code", "kind", "gemeente_naam", "sort")
        rows = [
            [order, region.key, region.code, region.kind, region.gemeente_naam, region.sort]
            for order, region in enumerate(regions)
            if region.code not in absent
        ]
        return _rows({"region_order": "INTEGER", **dict.fromkeys(names, "VARCHAR")}, rows)

    def _absent_codes(self) -> frozenset[str]:
        share = self.shape.profile.absent_regions
        if not share:
            return frozenset()
        small = self.areas.small_codes(self.shape)
        return frozenset(code for code in small if self._chance("afwezig", code) < share)

    def _parents(self) -> str:
        return _rows({"code": "VARCHAR", "larger": "VARCHAR"}, self.areas.parents(self.shape))

    # --- drawing ----------------------------------------------------------------------------------

    def _rates(self) -> list[str]:
        return [f"{self._rate(topic)} AS p{number}" for number, topic in enumerate(self.measures)]

    def _rate(self, topic: Topic) -> str:
        level = topic.level
        if level.base == STEDELIJKHEID:
            return "stedelijkheid"
        if level.mean == 1.0:
            return "1.0::DOUBLE"
        lot = lot_of(topic)
        own = max(1 - level.deprived**2 - level.urban**2, 0.15) ** 0.5
        shocks = " ".join(f"WHEN {year} THEN {shock}" for year, shock in level.shocks.items())
        # Deprivation and urbanity are shared by all measures: that is what makes related figures move together.
        position = (
            f"{level.spread} * ({level.deprived} * deprived + {level.urban} * urban"
            f" + {own} * draw({self._key(lot)} || code)"
            f" + {_OWN_TREND} * draw({self._key(lot, 'verloop')} || code) * (year - 2019) / 4)"
            f" + {level.trend} * (year - 2020)"
            f" + {f'CASE year {shocks} ELSE 0 END' if shocks else '0'}"
            f" + {_WOBBLE} * draw({self._key(lot, self.shape.source.table_id)} || code || '|' || year)"
        )
        if level.raw:
            return f"({level.mean} + {position})"
        return f"(1 / (1 + exp(-(logit({level.mean}) + {position}))))"

    def _leaves(self) -> str:
        """Every combination that is not a sum, per gemeente and period, before any rounding but that of counts."""
        numbers = ", ".join(f"{self._number(number)} AS n{number}" for number in range(len(self.measures)))
        weights = ", ".join(
            f"{_weight(topic.level)} * split AS w{number}" for number, topic in enumerate(self.measures)
        )
        noise = (
            f"CASE WHEN noise = 0 THEN 1.0 ELSE exp(noise * draw({self._key('soort')} || own || code)"
            f" + noise / 3 * draw({self._key('soort')} || own || code || '|' || period_key)) END"
        )
        return f"""
            SELECT combination_order, sum_name, period_order, code, {numbers}, {weights}, inwoners * split AS people
            FROM (SELECT *, {noise} AS m FROM rated JOIN period USING (year) CROSS JOIN combination
                  WHERE NOT is_total)
        """

    def _number(self, number: int) -> str:
        topic = self.measures[number]
        level = topic.level
        weight = f"{_weight(level)} * split"
        if level.mean == 1.0 and not level.raw:
            share = f"(f{number} * m)"
        elif level.raw:
            share = f"(p{number} * f{number})"
        else:
            share = f"coalesce(fixed, least(p{number} * f{number} * m, {_MOST}) * fraction)"
        value = f"{share} * {weight}"
        if not _is_count(topic) or self.shape.profile.round_to > 1:
            return value
        if level.mean == 1.0:
            return f"round({value})"
        return f"floor({value} + lot({self._key(lot_of(topic), 'heel')} || own || code || '|' || period_key))"

    def _totals(self) -> str:
        """The leaves, and the totals that are the sum of their parts."""
        plain = "SELECT * EXCLUDE (sum_name) FROM leaf"
        if not any(dimension.total for dimension in self.shape.dimensions):
            return plain
        sums = ", ".join(f"sum(n{number}) AS n{number}, any_value(w{number}) AS w{number}" for number in self._numbers)
        return f"""
            {plain} UNION ALL BY NAME (
                SELECT c.combination_order, l.period_order, l.code, {sums}, any_value(l.people) AS people
                FROM combination AS c JOIN leaf AS l USING (sum_name) WHERE c.is_total GROUP BY ALL)
        """

    def _larger(self) -> str:
        """Country, parts and provinces: the sum of their gemeenten."""
        sums = ", ".join(f"sum(n{number}) AS n{number}, sum(w{number}) AS w{number}" for number in self._numbers)
        return f"""
            SELECT combination_order, period_order, larger AS code, {sums}, sum(people) AS people
            FROM part JOIN parent USING (code) GROUP BY ALL
        """

    # --- what is served ---------------------------------------------------------------------------

    def _rows(self) -> str:
        join = "JOIN" if self.shape.zero_absent else "LEFT JOIN"
        return f"""
            SELECT * FROM combination CROSS JOIN region CROSS JOIN period
            {join} cell USING (combination_order, period_order, code) LEFT JOIN gap USING (code, year)
            WHERE {self._kept()}
        """

    def _kept(self) -> str:
        if self.secrets is None:
            return "TRUE"
        code, year = self.secrets.unpublished
        zero = next(number for number, topic in enumerate(self.measures) if topic.zero)
        return f"n{zero} > 0 AND NOT (code = {_text(code)} AND year = {year})"

    def _columns(self) -> list[str]:
        columns = [f'k{place} AS "{dimension.key}"' for place, dimension in enumerate(self.shape.dimensions)]
        if self.shape.region is not None:
            columns.append(f'region_key AS "{self.shape.region}"')
        if self.shape.periods:
            columns.append('period_key AS "Perioden"')
        number = 0
        for topic in self.shape.topics:
            if topic.is_text:
                columns.append(f'{self._area_text(topic)} AS "{topic.key}"')
            else:
                columns.append(f'{self._value(number)} AS "{topic.key}"')
                number += 1
        return columns

    def _area_text(self, topic: Topic) -> str:
        texts = {
            "Gemeentenaam": "rpad(gemeente_naam, 40, ' ')",
            "SoortRegio": "rpad(sort, 10, ' ')",
            "Codering": f"rpad(code, {self.shape.profile.codes_width}, ' ')",
        }
        postcode = f"lpad((1000 + floor(9000 * lot({self._key('postcode')} || code)))::INTEGER::VARCHAR, 10, ' ')"
        return texts.get(topic.stem, f"CASE WHEN kind = 'NL' THEN '.' ELSE {postcode} END")

    def _value(self, number: int) -> str:
        topic = self.measures[number]
        served = _served(topic, number, self.shape.profile)
        value = f"CASE WHEN {' OR '.join(self._gaps(number))} THEN NULL ELSE {served} END"
        return f"({value})::{'DOUBLE' if topic.decimals else 'INTEGER'}"

    @property
    def _numbers(self) -> range:
        return range(len(self.measures))

    def _gaps(self, number: int) -> list[str]:
        """Conditions under which a cell is empty."""
        topic, profile = self.measures[number], self.shape.profile
        gaps = [f"n{number} IS NULL", "empty", "(national_only AND kind <> 'NL')", f"w{number} = 0"]
        if topic.years is not None:
            gaps.append(f"year NOT IN ({', '.join(str(year) for year in sorted(topic.years))})")
        if self.secrets is not None and topic.zero:
            code, year, key = self.secrets.hidden
            gaps.append(f"(code = {_text(code)} AND year = {year} AND k0 = {_text(key)})")
        if topic.level.mean == 1.0:
            return [*gaps, "silent"]
        if profile.suppress_below:
            gaps.append(f"(kind IN ('GM', 'WK', 'BU') AND n{number} < {profile.suppress_below})")
        return [*gaps, "silent", f"g{number}"]

    def _lots_of_gaps(self) -> list[str]:
        """Which areas say nothing in a year, and which single cells are empty."""
        profile = self.shape.profile
        lots = [f"lot({self._key('niet geleverd')} || code || year) < {profile.not_delivered} AS silent"]
        for number, topic in enumerate(self.measures):
            lot = f"lot({self._key(topic.stem, self.shape.source.table_id)} || code || year)"
            lots.append(f"(inwoners < {_SMALL} AND {lot} < {profile.missing}) AS g{number}")
        return lots

    # --- lots -------------------------------------------------------------------------------------

    def _key(self, *parts: str) -> str:
        """SQL text that starts the key of a lot."""
        return _text("|".join([str(self.seed), *parts, ""]))

    def _chance(self, *parts: str) -> float:
        """A number from 0 to 1 that follows from the seed."""
        digest = hashlib.sha256("|".join([str(self.seed), self.shape.source.table_id, *parts]).encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def _secrets(self) -> Secrets:
        codes = sorted(region.code for region in self.regions if region.kind == "GM" and region.code < "GM0998")
        by_lot = sorted(codes, key=lambda code: self._chance("geheim", code))
        dimension = next(dimension for dimension in self.shape.dimensions if dimension.adds_up)
        largest = max((m for m in dimension.members if not m.total), key=lambda member: member.factor)
        wanted = next((m for m in dimension.members if m.key in ("1.4.5", "E35")), largest)
        years = self.shape.years
        return Secrets((by_lot[0], years[-4]), (by_lot[1], years[-2], dimension.padded(wanted)))


def _served(topic: Topic, number: int, profile: TableProfile) -> str:
    """SQL of the figure as published, by its unit; of a bound, as far from it as its respondents make it."""
    unit, share = topic.unit.casefold(), f"(n{number} / w{number})"
    respondents = f"({profile.respondents} * sqrt(people))"
    if topic.level.raw:
        return f"round({share} + bound * 1.96 * {_SPREAD_OF_SCORES} / sqrt({respondents}), {topic.decimals})"
    if unit == "%":
        margin = f"196 * sqrt(greatest({share} * (1 - {share}), 0.0004) / {respondents})"
        return f"least(greatest(round(100 * {share} + bound * {margin}, {topic.decimals}), 0), 100)"
    if unit.startswith("per 1 000"):
        return f"round(1000 * {share}, {topic.decimals})"
    if unit.startswith("per 10 000"):
        return f"round(10000 * {share}, {topic.decimals})"
    if unit == "x 1 000":
        return f"round(n{number} / 1000, {topic.decimals})"
    return f"round(n{number} / {profile.round_to}) * {profile.round_to}"


def _is_count(topic: Topic) -> bool:
    return topic.unit.casefold().startswith("aantal") and not topic.level.raw


def _weight(level: Level) -> str:
    return INWONERS if level.base == STEDELIJKHEID else level.base


def _factor(topic: Topic, pairs: Sequence[tuple[Dimension, Member]]) -> float:
    """What a combination of members does to the share of one measure."""
    factor = 1.0
    for dimension, member in pairs:
        if dimension.role == "part":
            factor *= member.factor
        elif dimension.role == "compare" and member.factor != 1.0:
            # Groups differ per measure: older people are lonelier, younger ones more stressed.
            digest = hashlib.sha256(f"{lot_of(topic)}|{dimension.key}".encode()).digest()
            factor *= member.factor ** (digest[0] / 64 - 2)
    return round(factor, 9)


def _product(factors: Iterable[float]) -> float:
    product = 1.0
    for factor in factors:
        product *= factor
    return round(product, 9)


def _rows(types: Mapping[str, str], rows: Iterable[Sequence[object]]) -> str:
    """SQL of a small table; one JSON literal, because a long list of VALUES takes longer to plan than to draw."""
    records = json.dumps([dict(zip(types, row, strict=True)) for row in rows], ensure_ascii=False)
    return f"SELECT unnest(from_json({_text(records)}, {_text(json.dumps([types]))}), recursive := true)"


def _text(value: str) -> str:
    return "'" + _quoted(value) + "'"


def _quoted(value: str) -> str:
    return value.replace("'", "''")
