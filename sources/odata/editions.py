"""Which editions to load: the chains of the registry held against what a service lists. Pure functions.

Rules: of a `recast` chain the newest usable edition gives all years; of a `year_table` chain every usable edition gives
its own; a series that stands in for another is taken only when no edition of that other one is usable. What was loaded
before stands in for what is no longer listed, or was listed but could not be loaded for the first time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sources.registry import Registry, SeriesRow, SourceTable
from sources.results import SeriesProblem, State

_NAMES_IN_MESSAGE = 6


@dataclass(frozen=True, slots=True)
class Supply:
    """What can be had of a service tonight, as bron_ids.

    Attributes:
        listed: in the catalogue.
        kept: with a current edition in the lake.
        unloadable: listed, but the load failed tonight and there is no edition to fall back on.
    """

    listed: frozenset[str]
    kept: frozenset[str] = frozenset()
    unloadable: frozenset[str] = frozenset()

    def usable(self, bron_id: str) -> bool:
        """Whether this table can give figures tonight."""
        return (bron_id in self.listed and bron_id not in self.unloadable) or bron_id in self.kept


@dataclass(frozen=True, slots=True)
class EditionChoice:
    """What to take from one service.

    Attributes:
        rows: per table the series rows it is to give. A table that is not listed is here when its edition in the lake
            has to stand in.
        notes: per table in `rows`, a Dutch sentence when it is not simply the newest edition.
        idle: per table that gives nothing tonight: its state (`ontbreekt` or `niet_nodig`) and the reason in Dutch.
        problems: series without any usable edition.
    """

    rows: Mapping[str, tuple[SeriesRow, ...]]
    notes: Mapping[str, str]
    idle: Mapping[str, tuple[State, str]]
    problems: tuple[SeriesProblem, ...]


@dataclass(slots=True)
class _Work:
    """The choice while it is being made."""

    rows: dict[str, list[SeriesRow]] = field(default_factory=lambda: defaultdict(list))
    stands_in: dict[str, dict[tuple[str, ...], set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    problems: list[SeriesProblem] = field(default_factory=list)


def choose_editions(registry: Registry, tables: Iterable[SourceTable], supply: Supply) -> EditionChoice:
    """Choose the tables to take from one service and the series rows each of them gives.

    Args:
        registry: all series; rows of tables outside `tables` are left alone.
        tables: the tables of this service.
        supply: what can be had tonight.
    """
    mine = {table.bron_id: table for table in tables}
    work = _Work()
    wanted = [row for row in registry.series if row.is_loaded and row.bron_id in mine]
    for series_id, rows in _by_series(wanted).items():
        original = rows[0].terugval_voor
        if original is not None and not _stand_in_needed(registry, mine, original, rows, supply):
            continue
        _choose_series(series_id, rows, mine, supply, work)
    return EditionChoice(
        rows={bron_id: tuple(rows) for bron_id, rows in work.rows.items()},
        notes={bron_id: _note(work.stands_in[bron_id]) for bron_id in work.rows if bron_id in work.stands_in},
        idle={
            bron_id: _idle(table, wanted, supply, work, mine)
            for bron_id, table in mine.items()
            if bron_id not in work.rows
        },
        problems=tuple(work.problems),
    )


def _by_series(rows: Iterable[SeriesRow]) -> dict[str, list[SeriesRow]]:
    grouped: dict[str, list[SeriesRow]] = defaultdict(list)
    for row in rows:
        grouped[row.series_id].append(row)
    return grouped


def _stand_in_needed(
    registry: Registry, mine: Mapping[str, SourceTable], original: str, rows: list[SeriesRow], supply: Supply
) -> bool:
    """Whether a series that stands in for `original` has to be loaded."""
    editions = {row.bron_id for row in registry.series if row.series_id == original and row.rol != "noemer"}
    if not editions <= mine.keys():
        # Another service lists that series; its absence cannot be seen from here.
        return False
    if any(supply.usable(bron_id) for bron_id in editions):
        return False
    # Listed yet unloadable: only what stood in before goes on standing in; a first load does not change the method.
    return not (editions & supply.listed) or any(row.bron_id in supply.kept for row in rows)


def _choose_series(
    series_id: str, rows: list[SeriesRow], mine: Mapping[str, SourceTable], supply: Supply, work: _Work
) -> None:
    for rol in dict.fromkeys(row.rol for row in rows):
        chain = [row for row in rows if row.rol == rol]
        chosen = _years(chain, supply) if chain[0].chain == "year_table" else _newest(chain, supply)
        for row in chosen:
            work.rows[row.bron_id].append(row)
        if not chosen:
            work.problems.extend(_without_edition(chain, mine))
            continue
        passed_over = _passed_over(chain, chosen, mine, supply)
        if passed_over:
            work.stands_in[chosen[0].bron_id][passed_over].add(series_id)


def _years(chain: list[SeriesRow], supply: Supply) -> list[SeriesRow]:
    return [row for row in chain if supply.usable(row.bron_id)]


def _newest(chain: list[SeriesRow], supply: Supply) -> list[SeriesRow]:
    """All parts of the newest usable edition: a listed one, else one that the lake still has."""
    orders = sorted({row.edition_order for row in chain})
    editions = [[row for row in chain if row.edition_order == order] for order in orders]
    gave_way = False
    for rows in editions:
        bron_ids = {row.bron_id for row in rows}
        if not bron_ids <= supply.listed:
            continue
        if bron_ids & supply.unloadable:
            gave_way = True
            continue
        if not gave_way or bron_ids <= supply.kept:
            return rows
    return next((rows for rows in editions if {row.bron_id for row in rows} <= supply.kept), [])


def _passed_over(
    chain: list[SeriesRow], chosen: list[SeriesRow], mine: Mapping[str, SourceTable], supply: Supply
) -> tuple[str, ...]:
    """Why the chosen edition is not the newest: the newer ones, each with what is wrong with it."""
    if chain[0].chain == "year_table":
        return ()
    newer = [row for row in chain if row.edition_order < chosen[0].edition_order]
    reasons = {
        mine[row.bron_id].table_id: "niet geladen" if row.bron_id in supply.listed else "niet in de catalogus"
        for row in sorted(newer, key=lambda row: row.edition_order)
    }
    return tuple(f"{table_id} ({reason})" for table_id, reason in reasons.items())


def _without_edition(chain: list[SeriesRow], mine: Mapping[str, SourceTable]) -> Iterable[SeriesProblem]:
    host = mine[chain[0].bron_id].host
    for uitsplitsing in dict.fromkeys(row.uitsplitsing for row in chain):
        rows = sorted((row for row in chain if row.uitsplitsing == uitsplitsing), key=lambda row: row.edition_order)
        ids = list(dict.fromkeys(mine[row.bron_id].table_id for row in rows))
        first = rows[0]
        yield SeriesProblem(
            series_id=first.series_id,
            uitsplitsing=uitsplitsing,
            bron_id=first.bron_id,
            table_id=mine[first.bron_id].table_id,
            reden="tabel_ontbreekt",
            melding=f"geen tabel voor de {first.rol} van {first.series_id}: {_few(ids)} niet beschikbaar bij {host}",
        )


def _note(stands_in: Mapping[tuple[str, ...], set[str]]) -> str:
    return "; ".join(
        f"gebruikt voor {_few(sorted(series))} omdat nieuwere uitgaven ontbreken: {', '.join(newer)}"
        for newer, series in sorted(stands_in.items())
    )


def _idle(
    table: SourceTable, wanted: list[SeriesRow], supply: Supply, work: _Work, mine: Mapping[str, SourceTable]
) -> tuple[State, str]:
    rows = [row for row in wanted if row.bron_id == table.bron_id]
    if not rows:
        return "niet_nodig", "staat alleen voor controle of context in het register"
    if table.bron_id not in supply.listed:
        return "ontbreekt", f"{table.table_id} staat niet in de catalogus van {table.host}"
    if table.bron_id in supply.unloadable:
        return "fout", f"{table.table_id} kon niet worden geladen"
    series = {row.series_id for row in rows}
    used = [
        mine[bron_id].table_id
        for bron_id, chosen in work.rows.items()
        if any(row.series_id in series for row in chosen)
    ]
    if used:
        return "niet_nodig", f"nieuwere uitgave in gebruik: {_few(used)}"
    originals = sorted({row.terugval_voor for row in rows if row.terugval_voor})
    return "niet_nodig", f"terugval niet nodig: {_few(originals)} is er zelf"


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    rest = len(listed) - _NAMES_IN_MESSAGE
    return ", ".join(listed[:_NAMES_IN_MESSAGE]) + (f" en nog {rest}" if rest > 0 else "")
