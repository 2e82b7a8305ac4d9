"""Boundaries of the gemeenten for maps: one simplified GeoJSON file per year of the division.

Only looks, checks and keeps the file as it came. What does not belong here: drawing, and which gemeenten there
are (the roster says so). Without boundaries there are no maps; every figure is published all the same.

The file is not pulled every week like the tables with a catalogue: what its server says of its version (or, without
that, the file itself) is asked every night, and no file changes without it. Stamps of tables are set by hand.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sources.errors import BadBodyError, RejectedError, SourceError
from sources.gebieden import Roster
from sources.gemeente_register import GemeenteRegister
from sources.http import Download, Transport
from sources.lake import Edition, commit_edition, new_edition
from sources.plain_files import (
    EXPECTED,
    Outcome,
    Run,
    Stamp,
    describe_edition,
    is_same_archive,
    join_remarks,
    no_progress,
    read_stamp,
    request_record,
    utc_now,
)
from sources.registry import Registry, SourceTable
from sources.results import OnProgress, TableResult
from sources.services import Services

BRON = "grenzen"
BOUNDARIES = "gemeente.geojson"

_CODE = re.compile(r"GM\d{4}")
# The European part of the country in degrees, with room for simplified coast lines: west, south, east, north.
_BOUNDS = (3.0, 50.5, 7.5, 53.9)
_EXAMPLES = 10
_NOT_FOUND = 404


class GrenzenError(SourceError):
    """The file is not a map of the gemeenten; the previous one stays in use."""


def check_boundaries(body: bytes, gemeenten: Collection[str], *, name: str) -> list[str]:
    """Hold a boundary file against what a map needs.

    Args:
        body: the file.
        gemeenten: codes of the roster.
        name: name of the file in messages.

    Returns:
        Warnings in Dutch: gemeenten without a shape, and shapes of no gemeente.

    Raises:
        GrenzenError: not a FeatureCollection, a feature without code or shape, a code twice, or a point outside
            the Netherlands (another projection).
    """
    features = _features(body, name)
    codes = [_check_feature(feature, f"{name}, vorm {number}") for number, feature in enumerate(features, start=1)]
    double = sorted(code for code, n in Counter(codes).items() if n > 1)
    if double:
        raise GrenzenError(f"{name}: verwacht elke gemeente één keer, gevonden dubbel: {_few(double)}")
    found, wanted = set(codes), set(gemeenten)
    if not found & wanted:
        raise GrenzenError(f"{name}: verwacht gemeenten van de indeling, gevonden geen enkele ({_few(sorted(found))})")
    missing, strange = sorted(wanted - found), sorted(found - wanted)
    warnings = []
    if missing:
        warnings.append(f"{len(missing)} gemeenten hebben geen grens op de kaart: {_few(missing)}")
    if strange:
        warnings.append(f"{len(strange)} grenzen horen bij geen gemeente van de indeling: {_few(strange)}")
    return warnings


def _features(body: bytes, name: str) -> list[Any]:
    try:
        document = json.loads(body)
    except ValueError as error:
        raise GrenzenError(
            f"{name}: verwacht GeoJSON, gevonden {len(body)} bytes die dat niet zijn ({error})"
        ) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection" or not features:
        raise GrenzenError(f"{name}: verwacht een FeatureCollection met vormen, gevonden iets anders")
    return features


def _check_feature(feature: Any, place: str) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("statcode") if isinstance(properties, dict) else None
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise GrenzenError(f"{place}: verwacht een statcode van GM en vier cijfers, gevonden '{code}'")
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise GrenzenError(f"{place} ({code}): verwacht een vlak, gevonden geen")
    west, south, east, north = _BOUNDS
    points = list(_points(geometry.get("coordinates")))
    outside = [point for point in points if not (west <= point[0] <= east and south <= point[1] <= north)]
    if outside or not points:
        raise GrenzenError(
            f"{place} ({code}): verwacht punten in graden binnen Nederland, "
            f"gevonden {outside[0] if outside else 'geen'}; is dit een andere projectie?"
        )
    return code


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    """All points of a nested list of coordinates; nothing for what is no list."""
    if not isinstance(coordinates, list):
        return
    if len(coordinates) > 1 and all(isinstance(number, int | float) for number in coordinates[:2]):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from _points(part)


def _few(codes: Sequence[str]) -> str:
    rest = len(codes) - _EXAMPLES
    return ", ".join(codes[:_EXAMPLES]) + (f" en nog {rest}" if rest > 0 else "")


# --- the refresh ----------------------------------------------------------------------------------


def refresh_grenzen(
    registry: Registry,
    services: Services,
    lake: Path,
    transport: Transport,
    *,
    register: GemeenteRegister,
    roster: Roster,
    on_progress: OnProgress = no_progress,
    now: Callable[[], datetime] = utc_now,
    force: bool = False,
) -> Iterator[TableResult]:
    """Bring the boundaries of a roster up to date: the file of its year, else of a year with the same gemeenten.

    Args:
        registry: the tables of this source; a table id is the stem of the file name (`gemeente`).
        services: where hosts are reached.
        lake: folder of the lake.
        transport: the way out.
        register: says which years have the same gemeenten.
        roster: the gemeenten that the maps are about.
        on_progress: told of each step.
        now: UTC clock.
        force: load also what is known to be unchanged.

    Yields:
        One result per table. Without any file the state is `ontbreekt` and there are no maps; nothing that a source
        can do wrong is raised.
    """
    run = Run(services=services, transport=transport, lake=lake.resolve(), now=now, on_progress=on_progress)
    newest = max([roster.indelingsjaar, *(int(t.indeling) for t in registry.tables.values() if t.indeling.isdigit())])
    years = [roster.indelingsjaar, *register.years_alike(roster.indelingsjaar, newest)]
    for table in registry.tables.values():
        if table.bron == BRON:
            yield _refresh_table(_Job(run, table, Outcome(run, table), roster, tuple(years), force=force))


@dataclass(frozen=True, slots=True)
class _Job:
    """One table on its way to an edition."""

    run: Run
    table: SourceTable
    outcome: Outcome
    roster: Roster
    years: tuple[int, ...]
    force: bool

    @property
    def key(self) -> str:
        asked = [self.table.bron_id, self.table.host, self.years, sorted(self.roster.codes)]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:32]

    def name(self, year: int) -> str:
        return f"{self.table.table_id}_{year}.geojson"

    def url(self, year: int) -> str:
        return self.run.url(self.table, f"/nl/wgs84/{self.name(year)}")


def _refresh_table(job: _Job) -> TableResult:
    job.outcome.start()
    current = job.outcome.current()
    if not job.force and current is not None and is_same_archive(job.run, current, job.key):
        return job.outcome.fresh("ongewijzigd", current, join_remarks(current.manifest.warnings))
    try:
        return _load(job, current)
    except EXPECTED as error:
        return job.outcome.stale("fout", _without_maps(str(error), current), edition=current)


def _without_maps(reason: str, current: Edition | None) -> str:
    return reason if current is not None else f"{reason.rstrip('.')}; er zijn geen kaarten, de cijfers zelf wel"


def _load(job: _Job, current: Edition | None) -> TableResult:
    """The first file there is, checked and committed."""
    with tempfile.TemporaryDirectory() as work:
        for year in job.years:
            try:
                return _load_year(job, current, year, Path(work))
            except RejectedError as error:
                if error.status != _NOT_FOUND:
                    raise
    tried = ", ".join(job.name(year) for year in job.years)
    # Shapes of another division would put figures of today in the borders of the past.
    kept = current if current is not None and current.manifest.indelingsjaar in job.years else None
    missing = f"{job.table.host} heeft geen van {tried}"
    return job.outcome.stale("fout" if kept else "ontbreekt", _without_maps(missing, kept), edition=kept)


def _load_year(job: _Job, current: Edition | None, year: int, work: Path) -> TableResult:
    """Download the file of one year; a RejectedError with 404 says that there is none."""
    run, table, name = job.run, job.table, job.name(year)
    comparable = None if job.force else _comparable(job, current, year)
    stamp = read_stamp(run, table.host, job.url(year))
    if comparable is not None and stamp.proves_unchanged(comparable.manifest):
        return job.outcome.fresh("ongewijzigd", comparable, join_remarks(comparable.manifest.warnings))
    answer = run.transport.download(
        job.url(year), work / name, service=table.host, accept="application/geo+json, */*;q=0.5", check=_check_json
    )
    job.outcome.count(answer)
    if comparable is not None and comparable.manifest.requests[0].sha256 == answer.sha256:
        return job.outcome.fresh("ongewijzigd", comparable, join_remarks(comparable.manifest.warnings))
    warnings = check_boundaries(answer.path.read_bytes(), job.roster.codes, name=name)
    edition = _commit(job, year, answer, stamp, warnings)
    return job.outcome.loaded(edition)


def _comparable(job: _Job, current: Edition | None, year: int) -> Edition | None:
    """The edition in use, if it answers the same question for the same year."""
    if current is None:
        return None
    manifest = current.manifest
    seen = (manifest.request_key, manifest.identity, manifest.indelingsjaar)
    return current if seen == (job.key, job.run.services.identity, year) else None


def _check_json(answer: Download) -> None:
    with answer.path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if not start.startswith(b"{"):
        raise BadBodyError(f"{answer.url}: verwacht GeoJSON, gevonden '{answer.content_type or 'geen type'}'")


def _commit(job: _Job, year: int, answer: Download, stamp: Stamp, warnings: Sequence[str]) -> Edition:
    run, table, now = job.run, job.table, job.run.now()
    features = len(_features(answer.path.read_bytes(), job.name(year)))
    manifest = replace(
        describe_edition(
            table,
            identity=run.services.identity,
            request_key=job.key,
            requests_made=[request_record(answer, features)],
            now=now,
        ),
        titel=f"{table.titel} {year}",
        modified=stamp.modified,
        metadata_modified=stamp.etag,
        rows=features,
        indelingsjaar=year,
        warnings=tuple(warnings),
    )
    with new_edition(run.lake, table.bron_id, now=now) as folder:
        shutil.copyfile(answer.path, folder / BOUNDARIES)
        return commit_edition(run.lake, table.bron_id, folder, manifest, unless_same=True)
