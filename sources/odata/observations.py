"""Turn raw pages of rows into observations on disk, inside DuckDB, one page at a time.

A page never becomes Python objects and never lives longer than its conversion: memory is that of the pages in
flight, whatever the size of the table. Types are named explicitly: inferred ones lose values without an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources.edition_checks.perioden import refuse_unlisted
from sources.errors import FilterIgnoredError, SchemaError
from sources.odata.envelope import Envelope, read_whole
from sources.odata.predicate import ReadPlan, sql_name, sql_text

NATIONAL = "NL01"
OBSERVATION_TYPES: Mapping[str, str] = {
    "source_id": "varchar",
    "table_id": "varchar",
    "edition": "varchar",
    "ref_area": "varchar",
    "time_period": "varchar",
    "measure": "varchar",
    "dimensions": "varchar",
    "obs_value": "double",
    "obs_status": "varchar",
    "unit_measure": "varchar",
}
# Of one row; with more DuckDB sets aside a larger buffer.
_ROW_LIMIT = 1024 * 1024
# Of a list that is parsed in one go, which takes many times its size.
_LIST_LIMIT = 4 * 1024 * 1024
_MEMORY_LIMIT = "256MB"
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What was written of one page.

    Attributes:
        rows: of the page as served.
        next_link: `odata.nextLink` of the page, or None.
        observations: rows of the part.
        kept: source rows that satisfy the predicate and lie in a wanted year.
        ids: lowest ID, highest ID and number of different IDs; None without rows.
        unequal: per pair of twin columns the rows in which they differ.
        combinations: per combination of codes (the column `dimensions`) the source rows that satisfy the predicate,
            and those of them in a wanted year.
    """

    rows: int
    next_link: str | None
    observations: int
    kept: int
    ids: tuple[int, int, int] | None
    unequal: Mapping[tuple[str, str], int]
    combinations: Mapping[str, tuple[int, int]]


CheckRows = Callable[[int, str | None], None]


@contextmanager
def open_database(work: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database with a small memory limit that spills to `work`."""
    connection = duckdb.connect(
        ":memory:", config={"memory_limit": _MEMORY_LIMIT, "threads": 1, "temp_directory": str(work / "spill")}
    )
    try:
        yield connection
    finally:
        connection.close()


class Converter:
    """Writes the observations of one table; thread-safe, one cursor per page."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, plan: ReadPlan, *, source_id: str, edition: str) -> None:
        self._connection = connection
        self._plan = plan
        self._source_id = source_id
        self._edition = edition
        # The periods of the time dimension: their status, and whether any series wants their year.
        connection.execute("create table period (code varchar, status varchar, wanted boolean)")
        if plan.periods:
            rows = [[code, status, wanted] for code, (status, wanted) in plan.periods.items()]
            connection.executemany("insert into period values (?, ?, ?)", rows)

    @property
    def plan(self) -> ReadPlan:
        """What is read."""
        return self._plan

    def write(self, page: Envelope, part: Path, where: str, check: CheckRows) -> PartFacts:
        """Convert one page into one part of observations.

        Args:
            page: received whole.
            part: file to write.
            where: what was asked, for messages.
            check: told the number of rows and the link before anything is written.

        Raises:
            BadBodyError: no JSON, cut off, or without a list of rows.
            FilterIgnoredError: a row does not satisfy the filter that the service was sent.
            SchemaError: a column that was asked for is not in every row, or a value has not the type of its column.
            EditionRefusedError: a period is not in the time dimension.
        """
        with self._connection.cursor() as cursor:
            rows = page.rows(cursor, where)
            try:
                cursor.execute(self._stage(rows.files))
            except duckdb.InvalidInputException as error:
                raise explain(cursor, page, self._plan.columns, where, error) from error
            read, without, fitting, unknown, kept, lowest, highest, different, *unequal = _one(cursor, self._facts())
            if without:
                raise SchemaError(f"{where}: {without} rijen zonder ID")
            check(read, rows.next_link)
            if self._plan.on_service and fitting < read:
                raise FilterIgnoredError(self._describe_stray(cursor, where, read, read - fitting))
            if unknown:
                raise refuse_unlisted(where, unknown)
            (observations,) = _one(cursor, f"copy ({self._observations()}) to {sql_text(str(part))} (format parquet)")
            combinations = {str(codes): counts for codes, *counts in cursor.execute(self._combinations()).fetchall()}
        return PartFacts(
            rows=read,
            next_link=rows.next_link,
            observations=observations,
            kept=kept,
            ids=(lowest, highest, different) if read else None,
            unequal=dict(zip(self._plan.twins, unequal, strict=True)),
            combinations={codes: (int(fit), int(wanted)) for codes, (fit, wanted) in combinations.items()},
        )

    def write_empty(self, part: Path) -> None:
        """Write a part without rows, so that an edition without rows has its columns all the same."""
        columns = ", ".join(f"null::{type_} as {name}" for name, type_ in OBSERVATION_TYPES.items())
        with self._connection.cursor() as cursor:
            cursor.execute(f"copy (select {columns} where false) to {sql_text(str(part))} (format parquet)")

    def _stage(self, files: Iterable[Path]) -> str:
        """The rows of a page as a temporary table: dimensions as text, measures as float64."""
        dimensions = set(self._plan.dimensions)
        types = {
            name: "BIGINT" if name == "ID" else "VARCHAR" if name in dimensions else "DOUBLE"
            for name in self._plan.columns
        }
        return f"""
            create or replace temp table page as
            with rows as ({rows_query(files, types)})
            select *, {self._plan.predicate.sql()} as _fits from rows
        """

    def _facts(self) -> str:
        known = "true" if self._plan.predicate.time is None else "period.code is not null"
        unequal = "".join(
            f", count(*) filter (_fits and {sql_name(one)} is distinct from {sql_name(other)})"
            for one, other in self._plan.twins
        )
        return f"""
            select count(*), count(*) filter (ID is null), count(*) filter (_fits),
                count(*) filter (_fits and not {known}), count(*) filter (_fits and {self._wanted()}),
                min(ID), max(ID), count(distinct ID){unequal}
            from page {self._join()}
        """

    def _combinations(self) -> str:
        return f"""
            select {self._dimensions()} as dimensions, count(*), count(*) filter ({self._wanted()})
            from page {self._join()} where _fits group by all
        """

    def _wanted(self) -> str:
        """Whether a row lies in a year that any series wants."""
        return "true" if self._plan.predicate.time is None else "coalesce(period.wanted, false)"

    def _observations(self) -> str:
        """The part: one row per source row and measure, types explicit."""
        plan = self._plan
        time = plan.predicate.time
        period = sql_text(f"{plan.year}JJ00") if time is None else f"trim({sql_name(time)})"
        region = plan.predicate.region
        area = sql_text(NATIONAL) if region is None else f"trim({sql_name(region)})"
        values = ", ".join(
            f"{{'measure': {sql_text(t.key)}, 'unit': {sql_text(t.unit)}, 'value': {sql_name(t.key)}}}"
            for t in plan.measures
        )
        return f"""
            select {sql_text(self._source_id)} as source_id, {sql_text(plan.table_id)} as table_id,
                {sql_text(self._edition)} as edition, ref_area, time_period, cell.measure as measure, dimensions,
                cell.value::double as obs_value, obs_status, cell.unit as unit_measure
            from (
                select {area} as ref_area, {period} as time_period, {self._dimensions()} as dimensions,
                    {"null::varchar" if time is None else "period.status"} as obs_status, unnest([{values}]) as cell
                from page {self._join()}
                where _fits and {self._wanted()}
            )
        """

    def _dimensions(self) -> str:
        """The other dimensions as compact JSON with sorted keys, codes trimmed."""
        if not self._plan.others:
            return "'{}'"
        pairs = [sql_text(f'"{name}":') + f" || to_json(trim({sql_name(name)}))" for name in self._plan.others]
        return "'{' || " + " || ',' || ".join(pairs) + " || '}'"

    def _join(self) -> str:
        time = self._plan.predicate.time
        return "" if time is None else f"left join period on period.code = trim({sql_name(time)})"

    def _describe_stray(self, cursor: duckdb.DuckDBPyConnection, where: str, rows: int, stray: int) -> str:
        names = ", ".join(sql_name(name) for name in self._plan.dimensions)
        examples = cursor.execute(f"select {names} from page where not _fits limit {_EXAMPLES}").fetchall()
        shown = "; ".join(" ".join(str(code).strip() for code in row) for row in examples)
        return (
            f"{where}: {stray} van {rows} rijen voldoen niet aan het filter {self._plan.filter} (zoals {shown}). "
            f"De dienst negeert het filter: zet filter_op_dienst=false voor {self._source_id} in source_table.csv"
        )


def rows_query(files: Iterable[Path], types: Mapping[str, str]) -> str:
    """The rows of a page, in their order, columns typed as named; fails when a row lacks one of them.

    `read_json` would give null for a name that is not there. `read_json_objects` parses each row to find its end, after
    which it is parsed again: only for a list that could not be cut.
    """
    listed = tuple(files)
    if max(file.stat().st_size for file in listed) > _LIST_LIMIT:
        return (
            f"select unnest(json_transform_strict(json, {sql_text(json.dumps(types))})) from "
            f"read_json_objects({sql_files(listed)}, format = 'array', maximum_object_size = {_ROW_LIMIT})"
        )
    shape = sql_text(json.dumps([types]))
    return f"select unnest(json_transform_strict(content, {shape}), max_depth := 2) from read_text({sql_files(listed)})"


def sql_files(files: Iterable[Path]) -> str:
    """Files as an argument of DuckDB's readers."""
    return "[" + ", ".join(sql_text(str(file)) for file in files) + "]"


def explain(
    connection: duckdb.DuckDBPyConnection, page: Envelope, columns: Iterable[str], where: str, error: Exception
) -> SchemaError:
    """Why the rows of a page could not be read: the error to raise when its JSON is sound.

    Raises:
        BadBodyError: it is not.
    """
    with page.whole() as body:
        rows, _ = read_whole(connection, body, where)
    with connection.cursor() as cursor:
        # A row that is no object has no names.
        shapes = cursor.execute(
            "select distinct coalesce(json_keys(row), []) from (select unnest(?::json[]) as row)", [rows]
        ).fetchall()
    asked = tuple(columns)
    missing = {name for (shape,) in shapes for name in asked if name not in shape}
    if missing:
        return SchemaError(f"{where}: gevraagd {', '.join(asked)}; niet in alle rijen: {', '.join(sorted(missing))}")
    return SchemaError(f"{where}: onverwacht type ({_first_line(error)})")


def _one(cursor: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    row = cursor.execute(query).fetchone()
    if row is None:
        raise RuntimeError(f"query without a row: {query}")
    return tuple(row)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
