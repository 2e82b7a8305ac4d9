"""Refresh all tables of one OData service: what changed is loaded, what failed keeps its previous edition.

Decides per table and catches what a source can do wrong, so that one table never takes another along. How a table is
loaded is `sources.odata.table`; which tables and series are wanted is `sources.odata.editions`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from sources.errors import CorruptError, EditionRefusedError, LakeError, SilentEmptyError, SourceError
from sources.http import Transport
from sources.lake import Edition, current_edition, mark_fresh, mark_stale
from sources.odata.catalogue import CatalogueRecord, Catalogues, is_as_listed
from sources.odata.editions import EditionChoice, Supply, choose_editions
from sources.odata.narrow import narrow_edition
from sources.odata.pause import forget_unreadable, note_unreadable, reason_to_wait
from sources.odata.table import NothingResolvedError, Surroundings, TableJob, load_table
from sources.recheck import failed_recheck, is_recheck_due
from sources.registry import Registry, SeriesRow, SourceTable
from sources.results import OnProgress, Progress, SeriesProblem, TableResult
from sources.services import Services

__all__ = ["ODATA_FAMILIES", "Progress", "SeriesProblem", "TableResult", "refresh_odata_host"]

# Families whose tables are rows of observations; the lists of gemeenten on the same host are read by another module.
ODATA_FAMILIES = frozenset({"cbs", "rivm", "politie"})
TABLES_AT_ONCE = 4
_STOPPED = "stopgezet"
_REGULAR = "regulier"
# What a source, a network or a disk can do wrong; anything else is a mistake in this program and surfaces.
_EXPECTED = (SourceError, OSError, duckdb.IOException, duckdb.OutOfMemoryException)


def refresh_odata_host(
    host: str,
    registry: Registry,
    services: Services,
    lake: Path,
    transport: Transport,
    *,
    catalogues: Catalogues | None = None,
    on_progress: OnProgress = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    force: bool = False,
) -> Iterator[TableResult]:
    """Bring all tables of one service up to date.

    Args:
        host: bare host name.
        registry: tables and series.
        services: where hosts are reached.
        lake: folder of the lake; made when it is not there.
        transport: the way out; its limits hold for the host as a whole.
        catalogues: shared with the other families on this host, so that it is asked once; by default of these alone.
        on_progress: told of every page; called from several threads.
        now: UTC clock.
        force: load also what the catalogue calls unchanged.

    Yields:
        One result per table of the registry on this host, in registry order, after all of them are done.
    """
    tables = {
        bron_id: table
        for bron_id, table in registry.tables.items()
        if table.host == host and table.bron in ODATA_FAMILIES
    }
    asked = catalogues or Catalogues.of_tables(services, transport, tables.values())
    around = Surroundings(services, transport, lake.resolve(), on_progress, now)
    run = _Run(host, registry, tables, asked, around, force)
    if tables:
        yield from run.refresh()


@dataclass(slots=True)
class _Run:
    """One refresh of one host."""

    host: str
    registry: Registry
    tables: Mapping[str, SourceTable]
    catalogues: Catalogues
    around: Surroundings
    force: bool

    def refresh(self) -> Iterator[TableResult]:
        tables = self.tables
        kept = self._kept(tables)
        try:
            catalogue = self._catalogue(tables, kept)
        except SourceError as error:
            results = self._without_catalogue(tables, kept, str(error))
        else:
            results = self._with_catalogue(tables, kept, catalogue)
        for bron_id in tables:
            yield results[bron_id]

    def _kept(self, tables: Mapping[str, SourceTable]) -> dict[str, Edition]:
        """The editions in use; one that cannot be read counts as none, and loading that table says why."""
        kept: dict[str, Edition] = {}
        for bron_id in tables:
            try:
                edition = current_edition(self.around.lake, bron_id)
            except LakeError:
                continue
            if edition is not None:
                kept[bron_id] = edition
        return kept

    def _catalogue(self, tables: Mapping[str, SourceTable], kept: Mapping[str, Edition]) -> dict[str, CatalogueRecord]:
        listed = self.catalogues.of(self.host)
        found = {bron_id: listed[table.table_id] for bron_id, table in tables.items() if table.table_id in listed}
        if kept and not found:
            raise SilentEmptyError(
                f"{self.host}: de catalogus noemt geen enkele van {len(tables)} tabellen, terwijl er eerder "
                f"{len(kept)} zijn geladen"
            )
        return found

    def _with_catalogue(
        self,
        tables: Mapping[str, SourceTable],
        kept: Mapping[str, Edition],
        catalogue: Mapping[str, CatalogueRecord],
    ) -> dict[str, TableResult]:
        supply = Supply(frozenset(catalogue), frozenset(kept))
        choice = choose_editions(self.registry, tables.values(), supply)
        # Tables never loaded before go first: when one fails, the editions it would replace still stand.
        first = [bron_id for bron_id in choice.rows if bron_id not in kept]
        results = self._load_all(first, choice, kept, catalogue)
        failed = frozenset(bron_id for bron_id in first if results[bron_id].edition is None)
        if failed:
            supply = Supply(supply.listed, supply.kept, failed)
            choice = choose_editions(self.registry, tables.values(), supply)
        rest = [bron_id for bron_id in choice.rows if bron_id not in results]
        results |= self._load_all(rest, choice, kept, catalogue)
        for bron_id, (state, reason) in choice.idle.items():
            results.setdefault(bron_id, TableResult(bron_id, state, None, reason))
        return _with_problems(results, choice)

    def _without_catalogue(
        self, tables: Mapping[str, SourceTable], kept: Mapping[str, Edition], reason: str
    ) -> dict[str, TableResult]:
        """The service cannot be asked: the newest editions that are there go on, marked as out of date."""
        choice = choose_editions(self.registry, tables.values(), Supply(frozenset(), frozenset(kept)))
        results = {
            bron_id: self._stand_in(bron_id, kept[bron_id], rows, reason) for bron_id, rows in choice.rows.items()
        }
        for bron_id, (state, why) in choice.idle.items():
            if state != "niet_nodig" and bron_id not in kept:
                results[bron_id] = TableResult(bron_id, "fout", None, reason)
            else:
                passed_over = "een nieuwere uitgave is in gebruik" if bron_id in kept else why
                results[bron_id] = TableResult(bron_id, "niet_nodig", None, passed_over)
        return _with_problems(results, choice)

    def _load_all(
        self,
        bron_ids: list[str],
        choice: EditionChoice,
        kept: Mapping[str, Edition],
        catalogue: Mapping[str, CatalogueRecord],
    ) -> dict[str, TableResult]:
        """Refresh several tables side by side."""
        results: dict[str, TableResult] = {}
        with ThreadPoolExecutor(TABLES_AT_ONCE, thread_name_prefix="table") as pool:
            futures = [
                pool.submit(
                    self._refresh_table, bron_id, choice.rows[bron_id], choice.notes.get(bron_id),
                    kept.get(bron_id), catalogue.get(bron_id),
                )
                for bron_id in bron_ids
            ]  # fmt: skip
            try:
                for future in as_completed(futures):
                    result = future.result()
                    results[result.bron_id] = result
            except BaseException:
                self.around.stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return results

    def _refresh_table(
        self,
        bron_id: str,
        rows: tuple[SeriesRow, ...],
        note: str | None,
        edition: Edition | None,
        record: CatalogueRecord | None,
    ) -> TableResult:
        """Refresh one table; what goes wrong becomes its result."""
        started = time.monotonic()
        table = self.registry.tables[bron_id]
        if record is not None:
            job = TableJob(table, rows, record, self.registry.kpis, self.registry.expectations)
            result = self._load(job, edition, _message(note, record))
        else:
            missing = f"{table.table_id} staat niet meer in de catalogus van {self.host}"
            result = self._stand_in(bron_id, edition, rows, missing)
        self.around.on_progress(Progress(bron_id, "klaar"))
        return replace(result, seconds=round(time.monotonic() - started, 3))

    def _load(self, job: TableJob, edition: Edition | None, note: str | None) -> TableResult:
        bron_id = job.table.bron_id
        home, now = self.around.lake / bron_id, self.around.now()
        vouched = edition if edition is not None and not self.force and self._is_as_listed(job, edition) else None
        if vouched is not None and not is_recheck_due(vouched, now):
            return self._unchanged(vouched, note)
        wait = None if self.force else reason_to_wait(home, job.record, now)
        if wait is not None:
            return self._stand_in(bron_id, edition, job.rows, wait)
        try:
            loaded = load_table(job, self.around)
            mark_fresh(self.around.lake, bron_id)
            forget_unreadable(home)
        except _EXPECTED as error:
            if vouched is not None and (missed := failed_recheck(error)):
                return self._unchanged(vouched, _joined(note, missed))
            if isinstance(error, CorruptError):
                note_unreadable(home, job.record, now)
            problems = error.problems if isinstance(error, NothingResolvedError) else ()
            result = self._stand_in(bron_id, edition, job.rows, str(error), problems)
            return replace(result, checks=error.checks) if isinstance(error, EditionRefusedError) else result
        return _loaded(loaded, note)

    def _is_as_listed(self, job: TableJob, edition: Edition) -> bool:
        identity = self.around.services.identity
        return is_as_listed(edition.manifest, job.record, identity=identity, request_key=job.request_key)

    def _unchanged(self, edition: Edition, note: str | None) -> TableResult:
        mark_fresh(self.around.lake, edition.bron_id)
        manifest = edition.manifest
        return TableResult(edition.bron_id, "ongewijzigd", edition, note, manifest.problems, manifest.rows)

    def _stand_in(
        self,
        bron_id: str,
        edition: Edition | None,
        rows: tuple[SeriesRow, ...],
        reason: str,
        problems: tuple[SeriesProblem, ...] = (),
    ) -> TableResult:
        """The previous edition goes on, out of date; without one there is nothing, and `problems` say of what."""
        if edition is None:
            return TableResult(bron_id, "fout", None, reason, problems)
        try:
            edition = narrow_edition(self.around.lake, edition, rows, self.around.now())
            since = mark_stale(self.around.lake, bron_id, self.around.now())
        except _EXPECTED as error:
            return TableResult(bron_id, "fout", None, f"{reason}; en de vorige editie is niet bruikbaar: {error}")
        manifest = edition.manifest
        return TableResult(bron_id, "fout", edition, reason, manifest.problems, manifest.rows, verouderd_sinds=since)


def _loaded(edition: Edition, note: str | None) -> TableResult:
    """What a pull gave: a new edition, or the one there was when nothing in it had changed."""
    manifest, pulled = edition.manifest, edition.recheck or edition.manifest
    return TableResult(
        bron_id=edition.bron_id,
        state="ververst" if edition.recheck is None else "ongewijzigd",
        edition=edition,
        melding=_joined(note, *(manifest.warnings if edition.recheck is None else ())),
        problems=manifest.problems,
        rows=manifest.rows,
        bytes=sum(request.bytes or 0 for request in pulled.requests),
        requests=len(pulled.requests),
    )


def _joined(*remarks: str | None) -> str | None:
    return "; ".join(remark for remark in remarks if remark) or None


def _message(note: str | None, record: CatalogueRecord) -> str | None:
    """What an advisor should know of a table that loads well."""
    stopped = record.frequency.casefold() == _STOPPED
    unusual = record.output_status.casefold() not in {"", _REGULAR}
    return _joined(
        note,
        "de dienst vernieuwt deze tabel niet meer (Stopgezet)" if stopped else None,
        f"status bij de dienst: {record.output_status}" if unusual else None,
    )


def _with_problems(results: dict[str, TableResult], choice: EditionChoice) -> dict[str, TableResult]:
    """Add the series without any edition to the result of their newest table."""
    for problem in choice.problems:
        result = results[problem.bron_id]
        known = {(other.series_id, other.uitsplitsing) for other in result.problems}
        if (problem.series_id, problem.uitsplitsing) not in known:
            results[problem.bron_id] = replace(result, problems=(*result.problems, problem))
    return results
