"""An edition as the checks see it: a summary per column, codes and period, made in one scan with little memory."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from sources.edition_checks.model import CheckContext

if TYPE_CHECKING:
    from sources.lake import Edition, Manifest

_MEMORY_LIMIT = "512MB"
_READ = "read_parquet(?, union_by_name = true)"
# Steps to which sources round, largest first; a value that is no multiple of the last one is taken as exact.
_STEPS = (10, 5, 1, 0.1, 0.01)


@dataclass(frozen=True, slots=True)
class Subject:
    """One edition in the making.

    Attributes:
        database: in memory; holds the tables `cell` (new edition) and `cell_before` once they were asked for.
        manifest: what is known of the edition.
        parts: its observations; empty for a table that has none.
        series: its resolved series rows, or None.
        previous: the edition in use.
        context: what the registry says; None for tables that are not made from series.
        pointer: file that names the edition in use, for the remedy.
        rows_expected: whether an edition without observations is wrong.
    """

    database: duckdb.DuckDBPyConnection
    manifest: Manifest
    parts: tuple[str, ...]
    series: Path | None
    previous: Edition | None
    context: CheckContext | None
    pointer: Path
    rows_expected: bool

    @property
    def table(self) -> str:
        """The table, as messages name it."""
        return f"tabel {self.manifest.table_id}"

    @property
    def comparable(self) -> Edition | None:
        """The edition in use, when it answers the same question."""
        before = self.previous
        return before if before is not None and before.manifest.request_key == self.manifest.request_key else None

    @property
    def accept(self) -> str:
        """What to do when the new edition is right after all."""
        return f"Vergelijk met de bron (StatLine); klopt het toch, wis dan {self.pointer} en ververs opnieuw"

    def rows(self, query: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """The answer to a query."""
        return self.database.execute(query, list(parameters)).fetchall()

    def one(self, query: str, parameters: Iterable[Any] = ()) -> tuple[Any, ...]:
        """The only row of an answer."""
        (row,) = self.rows(query, parameters)
        return row


@contextmanager
def open_subject(spill: Path, **fields: Any) -> Iterator[Subject]:
    """The subject with a database of its own, that spills to `spill` when its memory is full."""
    try:
        with duckdb.connect(
            ":memory:", config={"threads": 1, "memory_limit": _MEMORY_LIMIT, "temp_directory": str(spill)}
        ) as database:
            subject = Subject(database=database, **fields)
            if subject.context is not None and subject.series is not None and subject.parts:
                _summarise(subject, subject.context, "cell", subject.parts, subject.series)
            yield subject
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def summarise_previous(subject: Subject) -> bool:
    """Make `cell_before` of the edition in use, where that can be compared."""
    before = subject.comparable
    if subject.context is None or before is None or before.series is None or not before.observation_parts:
        return False
    parts = tuple(str(part) for part in before.observation_parts)
    _summarise(subject, subject.context, "cell_before", parts, before.series)
    return True


def _summarise(subject: Subject, context: CheckContext, name: str, parts: tuple[str, ...], series: Path) -> None:
    """One row per series part, codes and period: what the country has, and the gemeenten together."""
    database = subject.database
    database.execute("create or replace temp table unit (series_id varchar, rol varchar, measure_unit varchar)")
    units = {(row.series_id, row.rol, row.eenheid) for row in context.rows}
    if units:
        database.executemany("insert into unit values (?, ?, ?)", [list(unit) for unit in sorted(units)])
    columns = [column for column, *_ in subject.rows("describe from read_parquet(?)", [str(series)])]
    figures = "where grens = 'waarde'" if "grens" in columns else ""
    steps = " ".join(
        f"when bool_and(abs(obs_value / {step} - round(obs_value / {step})) < 1e-6) filter (gm) then {step}"
        for step in _STEPS
    )
    database.execute(
        f"""
        create or replace temp table {name} as
        with part as (
            select distinct series_id, uitsplitsing, rol, onderdeel, measure, dimensions, absent
            from read_parquet(?) {figures}
        ),
        figure as (
            select *, starts_with(ref_area, 'GM') as gm, starts_with(ref_area, 'NL') as nl
            from {_READ}
            semi join part using (measure, dimensions)
        ),
        summary as (
            select measure, dimensions, time_period, min(obs_value) as lowest, max(obs_value) as highest,
                max(obs_value) filter (nl) as national, min(obs_value) filter (gm) as low,
                max(obs_value) filter (gm) as high, count(obs_value) filter (gm) as filled,
                sum(obs_value) filter (gm) as total, (case {steps} else 0 end)::double as step
            from figure group by all
        )
        select part.*, unit.measure_unit as eenheid, summary.* exclude (measure, dimensions)
        from part
        inner join summary using (measure, dimensions)
        left join unit using (series_id, rol)
        """,
        [str(series), list(parts)],
    )
