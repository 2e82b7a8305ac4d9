"""What the sources without OData share: is it new, the shapes of the lake, and how a refresh ended.

Serves the Leefbaarometer, the roster, the boundaries and the hand-supplied figures. What does not belong here: what is
in a file, and anything only one of them needs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import monotonic

import duckdb
import requests

from sources.errors import EditionRefusedError, LakeError, PermanentError, SourceError
from sources.http import Download, Transport, ca_bundle, raise_for_status, translated, user_agent
from sources.lake import (
    OBSERVATION,
    SERIES,
    Edition,
    Manifest,
    RequestRecord,
    current_edition,
    mark_fresh,
    mark_stale,
)
from sources.recheck import failed_recheck, is_recheck_due
from sources.registry import SeriesRow, SourceTable
from sources.results import OnProgress, Progress, SeriesProblem, State, TableResult
from sources.services import Services

_OBSERVATION_TYPES: Mapping[str, str] = {
    "ref_area": "VARCHAR",
    "time_period": "VARCHAR",
    "measure": "VARCHAR",
    "dimensions": "VARCHAR",
    "obs_value": "VARCHAR",
    "unit_measure": "VARCHAR",
}
_SERIES_TYPES: Mapping[str, str] = {
    "source_id": "VARCHAR",
    "edition": "VARCHAR",
    "series_id": "VARCHAR",
    "uitsplitsing": "VARCHAR",
    "rol": "VARCHAR",
    "onderdeel": "INTEGER",
    "edition_order": "INTEGER",
    "measure": "VARCHAR",
    "dimensions": "VARCHAR",
    "multiplier": "DOUBLE",
    "periode_soort": "VARCHAR",
    "jaren": "VARCHAR",
    "absent": "VARCHAR",
    "indelingsjaar": "INTEGER",
    "n_codes": "INTEGER",
}


# What a source, a network or a disk can do wrong; anything else is a mistake in this program and surfaces.
EXPECTED = (SourceError, OSError, duckdb.IOException, duckdb.OutOfMemoryException)


def utc_now() -> datetime:
    """The clock of a run."""
    return datetime.now(UTC)


def no_progress(step: Progress) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRun:
    """What a refresh of files on this machine needs.

    Attributes:
        lake: folder of the lake, absolute.
        now: UTC clock.
        on_progress: told of each step.
    """

    lake: Path
    now: Callable[[], datetime] = utc_now
    on_progress: OnProgress = no_progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(LocalRun):
    """What a refresh from a network needs.

    Attributes:
        services: where hosts are reached.
        transport: the way out.
    """

    services: Services
    transport: Transport

    def url(self, table: SourceTable, path: str) -> str:
        """Address of a path on the host of a table."""
        return f"{self.services.base_url(table.host)}{path}"


# --- is it new ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a server says about the version of a file, as far as it says anything.

    Set by the server itself, unlike the stamps of a catalogue: what it vouches for needs no weekly pull.

    Attributes:
        modified: Last-Modified as UTC ISO text, or an empty text.
        etag: ETag, or an empty text.
    """

    modified: str = ""
    etag: str = ""

    def proves_unchanged(self, manifest: Manifest) -> bool:
        """Whether the file is the one that an edition was made from."""
        if self.etag and manifest.metadata_modified:
            return self.etag == manifest.metadata_modified
        return bool(self.modified) and self.modified == manifest.modified


def read_stamp(run: Run, host: str, url: str) -> Stamp:
    """Ask a server for the version of a file without its body.

    Asked before the download, never after: a file renewed in between is then loaded twice, not missed for ever. A
    server that refuses the question gives an empty stamp.

    Raises:
        TransientError: the server cannot be reached.
    """
    settings = run.transport.settings

    def once() -> Stamp:
        with translated(url), requests.Session() as session:
            session.headers["User-Agent"] = user_agent(settings.contact)
            timeout = (settings.connect_timeout, settings.read_timeout)
            response = session.head(url, timeout=timeout, verify=ca_bundle(), allow_redirects=True)
            raise_for_status(response, f"HEAD {url}")
            return Stamp(_iso(response.headers.get("Last-Modified")), response.headers.get("ETag", "").strip())

    try:
        return run.transport.attempt(host, f"HEAD {url}", once)
    except PermanentError:
        return Stamp()


def _iso(value: str | None) -> str:
    try:
        return parsedate_to_datetime(value or "").astimezone(UTC).isoformat(timespec="seconds")
    except ValueError:
        return ""


def is_same_archive(run: Run, edition: Edition | None, request_key: str) -> bool:
    """Whether an edition answers the same question, put to the same archive.

    An archive cannot change without its identity, so nothing is downloaded again. The live services have no identity
    that says anything, and a bare base address none that can be trusted.
    """
    if edition is None or run.services.is_live or run.services.identity == run.services.sources:
        return False
    manifest = edition.manifest
    return manifest.identity == run.services.identity and manifest.request_key == request_key


# --- the shapes of the lake -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlainObservation:
    """One figure of a file: see the observation shape of the lake; the value as text, so that nothing is lost."""

    ref_area: str
    time_period: str
    measure: str
    dimensions: str
    obs_value: str | None
    unit_measure: str


def write_observations(
    folder: Path, observations: Iterable[PlainObservation], *, source_id: str, table_id: str, edition: str
) -> int:
    """Write observations as one Parquet part of an edition, with explicit types.

    Returns:
        The number of observations.
    """
    part = folder / OBSERVATION / "part-00000.parquet"
    part.parent.mkdir()
    beside = folder / "observation.ndjson"
    lines = [json.dumps(asdict(observation), ensure_ascii=False) + "\n" for observation in observations]
    beside.write_text("".join(lines), encoding="utf-8")
    query = f"""
        COPY (
            SELECT $source_id::VARCHAR AS source_id, $table_id::VARCHAR AS table_id, $edition::VARCHAR AS edition,
                ref_area, time_period, measure, dimensions, obs_value::DOUBLE AS obs_value,
                NULL::VARCHAR AS obs_status, unit_measure
            FROM read_json({_text(str(beside))}, format = 'newline_delimited', columns = {_columns(_OBSERVATION_TYPES)})
            ORDER BY ref_area, time_period, measure, dimensions
        ) TO {_text(str(part))} (FORMAT parquet)
    """
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(query, {"source_id": source_id, "table_id": table_id, "edition": edition})
    beside.unlink()
    return len(lines)


def holds_same_figures(edition: Edition, observations: Iterable[PlainObservation]) -> bool:
    """Whether an edition holds exactly these figures: for answers that carry the time of the request."""
    parts = [str(part) for part in edition.observation_parts]
    if not parts:
        return False
    query = "SELECT ref_area, time_period, measure, dimensions, obs_value, unit_measure FROM read_parquet(?)"
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        known = set(connection.execute(query, [parts]).fetchall())
    return known == {
        (o.ref_area, o.time_period, o.measure, o.dimensions, _number(o.obs_value), o.unit_measure) for o in observations
    }


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def write_series(
    folder: Path, rows: Sequence[SeriesRow], *, source_id: str, edition: str, indelingsjaar: int | None
) -> None:
    """Write which column serves which series: for files the column is the stem itself and there are no codes."""
    lines = [
        (
            source_id,
            edition,
            row.series_id,
            row.uitsplitsing,
            row.rol,
            row.onderdeel,
            row.edition_order,
            row.measure_stem,
            "{}",
            float(row.multiplier),
            row.periode_soort,
            str(row.jaren),
            row.absent,
            indelingsjaar,
            1,
        )
        for row in rows
    ]
    write_table(folder / SERIES, _SERIES_TYPES, lines)


def write_table(path: Path, types: Mapping[str, str], lines: Sequence[Sequence[object]]) -> None:
    """Write a small table as Parquet with explicit types."""
    columns = ", ".join(f"{name} {type_}" for name, type_ in types.items())
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(f"CREATE TABLE lines ({columns})")
        if lines:
            connection.executemany(f"INSERT INTO lines VALUES ({', '.join('?' for _ in types)})", lines)
        connection.execute(f"COPY lines TO {_text(str(path))} (FORMAT parquet)")


def _columns(types: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_text(name)}: {_text(type_)}" for name, type_ in types.items()) + "}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def describe_edition(
    table: SourceTable, *, identity: str, request_key: str, requests_made: Iterable[RequestRecord], now: datetime
) -> Manifest:
    """The manifest of a new edition with all that comes from the registry and the run; the rest is zero or empty."""
    return Manifest(
        bron_id=table.bron_id,
        bron=table.bron,
        host=table.host,
        table_id=table.table_id,
        titel=table.titel,
        edition_id="",
        modified="",
        metadata_modified="",
        loaded_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        rows=0,
        observations=0,
        schema_fingerprint="",
        indelingsjaar=int(table.indeling) if table.indeling.isdigit() else None,
        licentie=table.licentie,
        bronvermelding=table.bronvermelding,
        identity=identity,
        request_key=request_key,
        requests=tuple(requests_made),
    )


def series_problem(table: SourceTable, row: SeriesRow, reden: str, melding: str) -> SeriesProblem:
    """Why one series of a table gives no figures; `reden` is of the closed list `ontbreekt_reden`."""
    return SeriesProblem(row.series_id, row.uitsplitsing, table.bron_id, table.table_id, reden, melding)


def request_record(answer: Download, rows: int | None) -> RequestRecord:
    """A download as the manifest has it."""
    return RequestRecord(answer.url, answer.status, answer.bytes, answer.sha256, rows)


# --- how it ended ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Outcome:
    """Collects what one table cost and says how it ended.

    Attributes:
        run: the run.
        table: the table.
        bytes: received so far.
        requests: answered so far.
    """

    run: LocalRun
    table: SourceTable
    bytes: int = 0
    requests: int = 0
    _started: float | None = None

    def start(self) -> None:
        """Start the clock and say that the table is being looked at."""
        self._started = monotonic()
        self.run.on_progress(Progress(self.table.bron_id, "metadata"))

    def count(self, answer: Download) -> Download:
        """Add one download; gives it back."""
        self.bytes += answer.bytes
        self.requests += 1
        return answer

    def current(self) -> Edition | None:
        """The edition in use; None when there is none, or none that can be read."""
        try:
            return current_edition(self.run.lake, self.table.bron_id)
        except LakeError:
            return None

    def fresh(self, state: State, edition: Edition | None, melding: str | None = None) -> TableResult:
        """The table was checked or renewed, or nothing of it is wanted."""
        mark_fresh(self.run.lake, self.table.bron_id)
        return self._result(state, edition, melding, None)

    def loaded(self, edition: Edition) -> TableResult:
        """The table was pulled: into a new edition, or nothing in it had changed and the one there was stays."""
        state: State = "ververst" if edition.recheck is None else "ongewijzigd"
        return self.fresh(state, edition, join_remarks(edition.manifest.warnings))

    def renew(self, current: Edition | None, load: Callable[[], Edition], *, as_listed: bool) -> TableResult:
        """Pull a table of a service with a catalogue, unless that vouches for the edition in use and no check is due.

        Args:
            current: the edition in use.
            load: pulls and commits.
            as_listed: whether the catalogue lists the very release that `current` was made of.
        """
        vouched = current if as_listed else None
        remarks = current.manifest.warnings if current is not None else ()
        if vouched is not None and not is_recheck_due(vouched, self.run.now()):
            return self.fresh("ongewijzigd", vouched, join_remarks(remarks))
        try:
            return self.loaded(load())
        except EXPECTED as error:
            missed = failed_recheck(error) if vouched is not None else None
            if missed:
                return self.fresh("ongewijzigd", vouched, join_remarks([*remarks, missed]))
            result = self.stale("fout", str(error), edition=current)
            return replace(result, checks=error.checks) if isinstance(error, EditionRefusedError) else result

    def stale(self, state: State, melding: str, *, edition: Edition | None = None) -> TableResult:
        """The table could not be checked or renewed; `edition` stays in use."""
        since = None
        if edition is not None:
            since = mark_stale(self.run.lake, self.table.bron_id, self.run.now())
            kept = f"de editie van {edition.manifest.loaded_at[:10]} blijft in gebruik"
            melding = join_remarks([melding, kept]) or kept
        return self._result(state, edition, melding, since)

    def _result(
        self,
        state: State,
        edition: Edition | None,
        melding: str | None,
        since: datetime | None,
    ) -> TableResult:
        self.run.on_progress(Progress(self.table.bron_id, "klaar"))
        return TableResult(
            bron_id=self.table.bron_id,
            state=state,
            edition=edition,
            melding=melding,
            problems=edition.manifest.problems if edition is not None else (),
            rows=edition.manifest.rows if edition is not None else 0,
            bytes=self.bytes,
            requests=self.requests,
            seconds=0.0 if self._started is None else round(monotonic() - self._started, 3),
            verouderd_sinds=since,
        )


def join_remarks(parts: Iterable[str | None]) -> str | None:
    """Remarks in one line, or None when there are none."""
    return "; ".join(part.rstrip(".") for part in parts if part) or None
