"""Bring the scores of the Leefbaarometer up to date: the zip first, the map layer to check it and to stand in.

Decides what is downloaded, and turns what goes wrong into a state; how a file is read and checked is
`leefbaarometer_scores`. Series rows are written by the one source that carries them, so that no figure stands twice.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from sources.edition_checks import somregel
from sources.edition_checks.model import CheckContext, EditionCheck
from sources.errors import BadBodyError, EditionRefusedError, RejectedError, SourceError
from sources.http import Download, Transport
from sources.lake import Edition, commit_edition, edition_id_of, new_edition
from sources.leefbaarometer_scores import (
    MEASURES,
    WFS_MEASURES,
    GemeenteScore,
    compare_with_wfs,
    extract_gemeente_csv,
    parse_wfs,
    read_scores,
)
from sources.odata.table import request_key
from sources.plain_files import (
    EXPECTED,
    Outcome,
    PlainObservation,
    Run,
    Stamp,
    describe_edition,
    holds_same_figures,
    is_same_archive,
    join_remarks,
    no_progress,
    read_stamp,
    request_record,
    series_problem,
    utc_now,
    write_observations,
    write_series,
)
from sources.registry import Registry, SeriesRow, SourceTable, series_for_table
from sources.results import OnProgress, TableResult
from sources.services import Services

BRON = "leefbaarometer"

_TABLE_ID = re.compile(r"(meting|wfs)-(\d{4})")
_UNIT = "score"
_NOT_FOUND = 404
_LAST = 10_000


def refresh_leefbaarometer(
    registry: Registry,
    services: Services,
    lake: Path,
    transport: Transport,
    *,
    on_progress: OnProgress = no_progress,
    now: Callable[[], datetime] = utc_now,
    force: bool = False,
) -> Iterator[TableResult]:
    """Bring the Leefbaarometer up to date.

    The tables are tried in the order of the registry's editions. The first that has an edition carries the series and
    the others are not needed: an old edition of the zip goes before a new one of the map layer, which has one year.

    Args:
        registry: tables and series; a table id is `meting-<year>` (zip) or `wfs-<year>` (map layer).
        services: where hosts are reached.
        lake: folder of the lake.
        transport: the way out.
        on_progress: told of each step.
        now: UTC clock.
        force: load also what is known to be unchanged.

    Yields:
        One result per table of this source. Nothing that a source can do wrong is raised.
    """
    run = Run(services=services, transport=transport, lake=lake.resolve(), now=now, on_progress=on_progress)
    tables = [table for table in registry.tables.values() if table.bron == BRON]
    carrier: SourceTable | None = None
    results: list[TableResult] = []
    for table in sorted(tables, key=lambda table: _order(registry, table)):
        if carrier is not None:
            unneeded = f"niet nodig: {carrier.titel} is gebruikt"
            results.append(Outcome(run, table).fresh("niet_nodig", None, unneeded))
            continue
        results.append(_refresh_table(run, registry, table, force=force))
        if results[-1].edition is not None:
            carrier = table
    yield from results if carrier is not None else _with_problems(registry, results)


def _with_problems(registry: Registry, results: Sequence[TableResult]) -> Iterator[TableResult]:
    """Say of every series of this source that it has no figures; a source that stood in would have had them."""
    told: set[tuple[str, str]] = set()
    for result in results:
        table = registry.tables[result.bron_id]
        rows = series_for_table(registry, table.bron_id)
        new = [row for row in rows if (row.series_id, row.uitsplitsing) not in told]
        told.update((row.series_id, row.uitsplitsing) for row in new)
        melding = result.melding or "niet geladen"
        yield replace(result, problems=tuple(series_problem(table, row, "tabel_ontbreekt", melding) for row in new))


def _order(registry: Registry, table: SourceTable) -> int:
    return min((row.edition_order for row in registry.series if row.bron_id == table.bron_id), default=_LAST)


def _refresh_table(run: Run, registry: Registry, table: SourceTable, *, force: bool) -> TableResult:
    """Refresh one zip or layer; what goes wrong becomes its result."""
    outcome = Outcome(run, table)
    outcome.start()
    rows = series_for_table(registry, table.bron_id)
    job = _Job(run, table, rows, outcome, outcome.current(), registry, force=force)
    try:
        kind, year = _kind(table)
        if not force and is_same_archive(run, job.current, job.key):
            return job.unchanged()
        return _load_zip(job, year) if kind == "meting" else _load_layer(job, year)
    except EXPECTED as error:
        # What is in use and no longer offered is out of date; what never was there is missing.
        missing = isinstance(error, RejectedError) and error.status == _NOT_FOUND and job.current is None
        result = outcome.stale("ontbreekt" if missing else "fout", str(error), edition=job.current)
        return replace(result, checks=error.checks) if isinstance(error, EditionRefusedError) else result


def _kind(table: SourceTable) -> tuple[str, int]:
    match = _TABLE_ID.fullmatch(table.table_id)
    if match is None:
        raise SourceError(
            f"{table.bron_id}: verwacht een table_id als meting-2024 of wfs-2024, gevonden '{table.table_id}'. "
            "Verbeter source_table.csv"
        )
    return match[1], int(match[2])


@dataclass(frozen=True, slots=True)
class _Job:
    """One table on its way to an edition."""

    run: Run
    table: SourceTable
    rows: tuple[SeriesRow, ...]
    outcome: Outcome
    current: Edition | None
    registry: Registry
    force: bool

    def somregel(self, scores: Sequence[GemeenteScore], rules: Sequence[somregel.Rule], name: str) -> EditionCheck:
        """Hold the scores against the identities of the Leefbaarometer."""
        kpis = {kpi for row in self.rows for kpi in self.registry.kpis.get(row.series_id, ())}
        return somregel.check(scores, rules, name=name, kpis=kpis)

    @property
    def key(self) -> str:
        return request_key(self.table, self.rows)

    @property
    def comparable(self) -> Edition | None:
        """The edition in use, if it answers the same question put to the same service."""
        if self.force or self.current is None:
            return None
        manifest = self.current.manifest
        same = manifest.request_key == self.key and manifest.identity == self.run.services.identity
        return self.current if same else None

    def unchanged(self) -> TableResult:
        edition = self.current
        remarks = join_remarks(edition.manifest.warnings) if edition is not None else None
        return self.outcome.fresh("ongewijzigd", edition, remarks)


# --- the zip --------------------------------------------------------------------------------------


def _load_zip(job: _Job, year: int) -> TableResult:
    """Download the zip, check it, hold it against the map layer, and commit it."""
    table, run = job.table, job.run
    name = f"open-data-leefbaarometer-{table.table_id}.zip"
    url = run.url(table, f"/resources/{name}")
    stamp = read_stamp(run, table.host, url)
    if job.comparable is not None and stamp.proves_unchanged(job.comparable.manifest):
        return job.unchanged()
    with tempfile.TemporaryDirectory() as work:
        answer = run.transport.download(
            url, Path(work) / name, service=table.host, accept="application/zip, */*;q=0.5", check=_check_zip
        )
        job.outcome.count(answer)
        if job.comparable is not None and answer.sha256 == job.comparable.manifest.requests[0].sha256:
            return job.unchanged()
        member = extract_gemeente_csv(answer.path, Path(work) / "scores.csv", name=name)
        scores = read_scores(Path(work) / "scores.csv", name=f"{name}, {Path(member).name}")
    sums = job.somregel(scores, (somregel.SUM_RULE, somregel.REFERENCE_RULE), name)
    warnings = _cross_check(job, scores, year)
    edition = _commit(job, scores, MEASURES, answer=answer, stamp=stamp, warnings=warnings, sums=sums)
    return job.outcome.loaded(edition)


def _check_zip(answer: Download) -> None:
    if not zipfile.is_zipfile(answer.path):
        raise BadBodyError(
            f"{answer.url}: verwacht een zip, gevonden {answer.path.stat().st_size} bytes "
            f"'{answer.content_type or 'zonder type'}'"
        )


def _cross_check(job: _Job, scores: Sequence[GemeenteScore], year: int) -> list[str]:
    """Hold the zip against the map layer of its year; a layer that cannot be read is itself a remark."""
    layers = [t for t in job.registry.tables.values() if t.bron == BRON and t.table_id == f"wfs-{year}"]
    if not layers:
        return []
    try:
        with tempfile.TemporaryDirectory() as work:
            layer, _ = _read_layer(job.run, job.outcome, layers[0], year, Path(work))
    except EXPECTED as error:
        return [f"de zip is niet met de kaartlaag vergeleken: {error}"]
    return compare_with_wfs(scores, layer, year=year)


# --- the map layer --------------------------------------------------------------------------------


def _load_layer(job: _Job, year: int) -> TableResult:
    """Read the map layer as stand-in for the zip: one year, no total score."""
    with tempfile.TemporaryDirectory() as work:
        scores, answer = _read_layer(job.run, job.outcome, job.table, year, Path(work))
    if job.comparable is not None and holds_same_figures(job.comparable, _observations(scores, WFS_MEASURES)):
        return job.unchanged()
    sums = job.somregel(scores, (somregel.SUM_RULE,), job.table.titel)
    warnings = [f"de zip met alle jaren is er niet: van de kaartlaag is alleen {year} gebruikt"]
    edition = _commit(job, scores, WFS_MEASURES, answer=answer, stamp=Stamp(), warnings=warnings, sums=sums)
    return job.outcome.loaded(edition)


def _read_layer(
    run: Run, outcome: Outcome, table: SourceTable, year: int, work: Path
) -> tuple[list[GemeenteScore], Download]:
    name = f"lbm3:gemeentescore{year % 100:02d}"
    query = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeName": name,
        "outputFormat": "application/json",
        "srsName": "EPSG:4326",
    }
    url = run.url(table, f"/lbm3/ows?{urlencode(query, safe='/:')}")
    answer = outcome.count(run.transport.download(url, work / "layer.json", service=table.host))
    body = answer.path.read_bytes()
    return parse_wfs(body, answer.content_type, year=year, name=f"{table.host} {name}"), answer


# --- the edition ----------------------------------------------------------------------------------


def _observations(scores: Sequence[GemeenteScore], measures: Sequence[str]) -> list[PlainObservation]:
    """One observation per gemeente, year and measure; an empty score stays an observation without a value."""
    return [
        PlainObservation(
            ref_area=score.gemeente_code,
            time_period=f"{score.jaar}JJ00",
            measure=measure,
            dimensions="{}",
            obs_value=None if (value := score.values.get(measure)) is None else str(value),
            unit_measure=_UNIT,
        )
        for score in scores
        for measure in measures
    ]


def _commit(
    job: _Job,
    scores: Sequence[GemeenteScore],
    measures: Sequence[str],
    *,
    answer: Download,
    stamp: Stamp,
    warnings: Sequence[str],
    sums: EditionCheck,
) -> Edition:
    table, run, now = job.table, job.run, job.run.now()
    served = [row for row in job.rows if row.measure_stem in measures]
    unserved = [row for row in job.rows if row.measure_stem not in measures]
    known = ", ".join(measures)
    problems = [
        series_problem(table, row, "niet_gepubliceerd", f"kolom {row.measure_stem} is er niet; wel: {known}")
        for row in unserved
    ]
    manifest = describe_edition(
        table,
        identity=run.services.identity,
        request_key=job.key,
        requests_made=[request_record(answer, len(scores))],
        now=now,
    )
    with new_edition(run.lake, table.bron_id, now=now) as folder:
        edition = edition_id_of(folder)
        observations = write_observations(
            folder,
            _observations(scores, measures),
            source_id=table.bron_id,
            table_id=table.table_id,
            edition=edition,
        )
        write_series(
            folder,
            served,
            source_id=table.bron_id,
            edition=edition,
            indelingsjaar=manifest.indelingsjaar,
        )
        manifest = replace(
            manifest,
            modified=stamp.modified,
            metadata_modified=stamp.etag,
            rows=len(scores),
            observations=observations,
            warnings=tuple(warnings),
            problems=tuple(problems),
        )
        context = CheckContext(job.rows, job.registry.kpis, job.registry.expectations, found=(sums,))
        return commit_edition(run.lake, table.bron_id, folder, manifest, unless_same=True, context=context)
