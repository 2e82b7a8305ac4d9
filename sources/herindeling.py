"""Herindelingen from CBS table 70739ned: who went into whom on which day, and how many inhabitants moved along.

The table has a row per gemeente since 1830; the events stand in the descriptions of its regions. Only its metadata is
fetched. What does not belong here: how a description is read, shares, and the registry's own list of events, which
stands in for everything that this table does not give.

Nobody could try this against the live service. Unconfirmed, and coped with either way: whether the descriptions are
served by the old interface (an edition without any event is refused), whether line breaks survive (they are not relied
on), how numbers above 999 are written (with a point, a space or nothing), whether a gemeente that ends under a new name
is told as `Opgeheven` or as `Naamswijziging`, and under which key the region dimension stands. See docs/live.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sources.errors import BadBodyError, EditionRefusedError, SchemaError, SilentEmptyError
from sources.gemeente_register import GemeenteRegister
from sources.herindeling_events import FIRST_DAY, Events, collect_events
from sources.herindeling_text import read_description
from sources.http import Transport
from sources.lake import Edition, Manifest, RequestRecord, commit_edition, new_edition
from sources.odata.catalogue import CatalogueRecord, Catalogues, is_as_listed
from sources.odata.client import Client, Record
from sources.odata.metadata import GEO, TableMetadata, read_metadata
from sources.plain_files import (
    EXPECTED,
    Outcome,
    Run,
    describe_edition,
    no_progress,
    utc_now,
    write_table,
)
from sources.registry import Registry, SourceTable
from sources.results import OnProgress, TableResult
from sources.services import Services

BRON = "herindeling"
EVENTS = "herindeling.parquet"

_REGION = "RegioS"
_GEMEENTE = "GM"
_SHOWN = 3
# Part of the request key: raise it when the same answer would be written differently.
_FORMAT = 1
_EVENT_TYPES = {
    "source_id": "VARCHAR",
    "ingangsdatum": "DATE",
    "oude_code": "VARCHAR",
    "nieuwe_code": "VARCHAR",
    "soort": "VARCHAR",
    "inwoners": "BIGINT",
}


@dataclass(frozen=True, slots=True)
class _Job:
    """The table on its way to an edition."""

    run: Run
    table: SourceTable
    outcome: Outcome
    register: GemeenteRegister
    catalogues: Catalogues
    force: bool

    @property
    def client(self) -> Client:
        return Client(self.table.host, self.run.services, self.run.transport)

    @property
    def key(self) -> str:
        """What is asked; the registry's list decides which events are taken."""
        known = sorted(
            (code, str(gemeente.geldig_van), str(gemeente.geldig_tot))
            for code, gemeente in self.register.gemeenten.items()
        )
        asked = json.dumps([_FORMAT, self.table.bron_id, self.table.host, known])
        return hashlib.sha256(asked.encode()).hexdigest()[:32]


def refresh_herindeling(
    registry: Registry,
    services: Services,
    lake: Path,
    transport: Transport,
    *,
    register: GemeenteRegister,
    catalogues: Catalogues | None = None,
    on_progress: OnProgress = no_progress,
    now: Callable[[], datetime] = utc_now,
    force: bool = False,
) -> Iterator[TableResult]:
    """Bring the events up to date.

    A table that cannot be loaded keeps the edition it had; without one the registry's own events are used.

    Args:
        registry: the tables.
        services: where hosts are reached.
        lake: folder of the lake.
        transport: the way out.
        register: the registry's own list of gemeenten, which every event must fit.
        catalogues: shared with the other families on the same host; by default of these tables alone.
        on_progress: told of each step.
        now: UTC clock.
        force: load also what the catalogue calls unchanged.

    Yields:
        One result per table of this family. Nothing that a source can do wrong is raised.
    """
    run = Run(services=services, transport=transport, lake=lake.resolve(), now=now, on_progress=on_progress)
    tables = [table for table in registry.tables.values() if table.bron == BRON]
    asked = catalogues or Catalogues.of_tables(services, transport, tables)
    for table in tables:
        yield _refresh_table(_Job(run, table, Outcome(run, table), register, asked, force))


def _refresh_table(job: _Job) -> TableResult:
    """Refresh one table; what goes wrong becomes its result."""
    job.outcome.start()
    current = job.outcome.current()
    try:
        record = _listed(job, current)
    except EXPECTED as error:
        return job.outcome.stale("fout", str(error), edition=current)
    if record is None:
        missing = (
            f"{job.table.table_id} staat niet in de catalogus van {job.table.host}; "
            "de herindelingen van het register gelden (herindeling.csv)"
        )
        return job.outcome.fresh("ontbreekt", None, missing)
    identity = job.run.services.identity
    as_listed = (
        current is not None
        and not job.force
        and is_as_listed(current.manifest, record, identity=identity, request_key=job.key)
    )
    return job.outcome.renew(current, lambda: _load(job, record), as_listed=as_listed)


def _listed(job: _Job, current: Edition | None) -> CatalogueRecord | None:
    record = job.catalogues.of(job.table.host).get(job.table.table_id)
    if record is None and current is not None:
        raise SilentEmptyError(
            f"{job.table.table_id} staat niet meer in de catalogus van {job.table.host}, terwijl hij eerder is geladen"
        )
    return record


def _load(job: _Job, record: CatalogueRecord) -> Edition:
    """Read all descriptions, check what they say and commit it."""
    now = job.run.now()
    metadata = read_metadata(job.client, job.table.table_id, [_REGION])
    dimension = _region_dimension(metadata)
    members = job.client.table_meta(job.table.table_id, dimension)
    requests = _requests(job, metadata, dimension, members)
    job.outcome.requests += len(requests)
    found = _read_members(job, members)
    manifest = describe_edition(
        job.table, identity=job.run.services.identity, request_key=job.key, requests_made=requests, now=now
    )
    return _commit(job, found, _complete(manifest, metadata, record, found))


def _region_dimension(metadata: TableMetadata) -> str:
    """Key of the one dimension with gemeenten.

    Raises:
        SchemaError: there is none, or more than one.
    """
    keys = [dimension.key for dimension in metadata.dimensions]
    found = [d.key for d in metadata.dimensions if d.kind in GEO or d.key == _REGION]
    if len(found) == 1:
        return found[0]
    raise SchemaError(
        f"{metadata.table_id}: verwacht één dimensie met gemeenten ({_REGION}), gevonden {len(found)} in "
        f"{', '.join(keys) or 'geen enkele dimensie'}"
    )


def _read_members(job: _Job, members: Iterable[Record]) -> Events:
    """The events that the descriptions tell.

    Raises:
        BadBodyError: a member has no key.
        EditionRefusedError: it is unclear what became of a gemeente that ended, or nothing is told at all.
    """
    table_id = job.table.table_id
    try:
        texts = {str(member["Key"]).strip(): str(member.get("Description") or "") for member in members}
    except (KeyError, AttributeError) as error:
        raise BadBodyError(f"{table_id}: een gebied zonder sleutel ({error})") from error
    readings = {code: read_description(text) for code, text in texts.items() if code.startswith(_GEMEENTE)}
    found = collect_events(readings, job.register)
    if found.refused:
        raise EditionRefusedError(
            f"{table_id}: van {len(found.refused)} opgeheven gemeenten is niet te begrijpen waarin ze zijn opgegaan: "
            f"{'; '.join(text[:200] for text in found.refused[:_SHOWN])}. Pas sources/herindeling_text.py aan deze "
            "schrijfwijze aan; tot die tijd blijft de vorige editie of herindeling.csv in gebruik"
        )
    if not found.events:
        filled = sum(bool(text.strip()) for text in texts.values())
        raise EditionRefusedError(
            f"{table_id}: geen enkele herindeling sinds {FIRST_DAY:%d-%m-%Y} in de omschrijvingen van {len(texts)} "
            f"gebieden ({filled} met tekst); herindeling.csv blijft in gebruik"
        )
    return found


def _requests(
    job: _Job, metadata: TableMetadata, dimension: str, members: Sequence[Record]
) -> tuple[RequestRecord, ...]:
    """What was asked; the client keeps no body, so the hash is that of the parsed answer."""
    answer = json.dumps(members, ensure_ascii=False, sort_keys=True).encode()
    base = f"/ODataApi/odata/{metadata.table_id}"
    columns = len(metadata.dimensions) + len(metadata.topics)
    return (
        RequestRecord(job.run.url(job.table, f"{base}/DataProperties"), 200, None, None, columns),
        RequestRecord(
            job.run.url(job.table, f"{base}/{dimension}"),
            200,
            None,
            hashlib.sha256(answer).hexdigest(),
            len(members),
        ),
    )


def _complete(manifest: Manifest, metadata: TableMetadata, record: CatalogueRecord, found: Events) -> Manifest:
    return replace(
        manifest,
        titel=metadata.info.title or manifest.titel,
        modified=record.modified,
        metadata_modified=record.metadata_modified,
        rows=len(found.events),
        schema_fingerprint=metadata.fingerprint,
        warnings=found.remarks,
    )


def _commit(job: _Job, found: Events, manifest: Manifest) -> Edition:
    bron_id = job.table.bron_id
    lines = [
        (bron_id, event.ingangsdatum, event.oude_code, event.nieuwe_code, event.soort, event.inwoners)
        for event in found.events
    ]
    with new_edition(job.run.lake, bron_id, now=job.run.now()) as folder:
        write_table(folder / EVENTS, _EVENT_TYPES, lines)
        return commit_edition(job.run.lake, bron_id, folder, manifest, unless_same=True)
