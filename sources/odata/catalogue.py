"""What a service lists: one request per night for all tables of the registry on that host.

Answers which editions exist and whether they changed. Follows no link of a record: those of the guest services can
name a host that does not resolve.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sources.errors import CorruptError, RejectedError, SchemaError, SourceError
from sources.http import Transport
from sources.lake import Manifest
from sources.odata.client import Client, Record
from sources.registry import SourceTable
from sources.services import Services

FIELDS = [
    "Identifier",
    "Title",
    "Modified",
    "MetaDataModified",
    "Updated",
    "RecordCount",
    "Period",
    "Frequency",
    "OutputStatus",
]


@dataclass(frozen=True, slots=True)
class CatalogueRecord:
    """One table as the service lists it.

    Attributes:
        table_id: as published; ids are case-sensitive.
        title: Title.
        modified: stamp of the data, naive local time, kept as text.
        metadata_modified: stamp of the texts.
        updated: the later of the two.
        record_count: rows of the whole table, or None when the service does not say.
        period: Period, free text.
        frequency: Frequency; `Stopgezet` marks a table that is no longer renewed.
        output_status: OutputStatus.
    """

    table_id: str
    title: str
    modified: str
    metadata_modified: str
    updated: str
    record_count: int | None
    period: str
    frequency: str
    output_status: str


class Catalogues:
    """What every service lists, asked once per night however many families of tables want to know. Thread-safe.

    Args:
        services: where hosts are reached.
        transport: the way out.
        table_ids: what to ask for, per host.
    """

    def __init__(self, services: Services, transport: Transport, table_ids: Mapping[str, Iterable[str]]) -> None:
        self._hosts = {
            host: _HostCatalogue(Client(host, services, transport), tuple(ids)) for host, ids in table_ids.items()
        }

    @classmethod
    def of_tables(cls, services: Services, transport: Transport, tables: Iterable[SourceTable]) -> Catalogues:
        """The catalogues that list these tables."""
        ids: dict[str, list[str]] = {}
        for table in tables:
            ids.setdefault(table.host, []).append(table.table_id)
        return cls(services, transport, ids)

    def of(self, host: str) -> Mapping[str, CatalogueRecord]:
        """The records of a host by table id; a table that is not listed is absent.

        Raises:
            SourceError: the catalogue could not be read; every later call says so again, without asking.
            KeyError: nothing was to be asked of this host.
        """
        return self._hosts[host].records()


@dataclass(slots=True)
class _HostCatalogue:
    """The catalogue of one host: the answer, or why there is none."""

    client: Client
    table_ids: Sequence[str]
    answer: Mapping[str, CatalogueRecord] | SourceError | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def records(self) -> Mapping[str, CatalogueRecord]:
        with self.lock:
            if self.answer is None:
                try:
                    self.answer = read_catalogue(self.client, self.table_ids)
                except SourceError as error:
                    self.answer = error
        if isinstance(self.answer, SourceError):
            raise self.answer
        return self.answer


def is_as_listed(manifest: Manifest, record: CatalogueRecord, *, identity: str, request_key: str) -> bool:
    """Whether an edition was made of what the service lists now, by the same service and with the same request.

    Never for a record without a stamp (there is no telling whether anything changed) and never for an edition that
    asked to be loaded again.

    Args:
        manifest: of the edition.
        record: what the service lists.
        identity: of the services that are asked now; another archive never looks unchanged.
        request_key: of what would be asked now.
    """
    seen = (manifest.modified, manifest.metadata_modified, manifest.identity, manifest.request_key)
    listed = (record.modified, record.metadata_modified, identity, request_key)
    return seen == listed and bool(record.modified) and not manifest.again


def read_catalogue(client: Client, table_ids: Iterable[str]) -> Mapping[str, CatalogueRecord]:
    """Ask one service which of these tables it has, in one request as long as the service takes one.

    Some services answer a long filter with 500, or refuse it: it is then halved until it is taken.

    Returns:
        The records found, by table id. A table that is not listed is absent.

    Raises:
        SourceError: the catalogue could not be read, or a record is not of the expected shape.
    """
    wanted = sorted(set(table_ids))
    try:
        return _ask(client, wanted)
    except (RejectedError, CorruptError):
        if len(wanted) == 1:
            raise
    half = len(wanted) // 2
    return {**read_catalogue(client, wanted[:half]), **read_catalogue(client, wanted[half:])}


def _ask(client: Client, table_ids: Sequence[str]) -> dict[str, CatalogueRecord]:
    found: dict[str, CatalogueRecord] = {}
    filters = " or ".join(f"Identifier eq '{table_id}'" for table_id in table_ids)
    for record in client.table_list(FIELDS, filters) if table_ids else []:
        try:
            entry = _record(record)
        except (TypeError, ValueError, AttributeError) as error:
            raise SchemaError(f"{client.host}: onleesbaar record in de catalogus: {record} ({error})") from error
        if entry.table_id in table_ids:
            found[entry.table_id] = entry
    return found


def _record(record: Record) -> CatalogueRecord:
    count = record.get("RecordCount")
    return CatalogueRecord(
        table_id=_text(record, "Identifier"),
        title=_text(record, "Title"),
        modified=_text(record, "Modified"),
        metadata_modified=_text(record, "MetaDataModified"),
        updated=_text(record, "Updated"),
        record_count=int(count) if count is not None else None,
        period=_text(record, "Period"),
        frequency=_text(record, "Frequency"),
        output_status=_text(record, "OutputStatus"),
    )


def _text(record: Record, name: str) -> str:
    return str(record.get(name) or "").strip()
