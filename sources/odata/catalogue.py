"""What a service lists: one request for all tables of the registry on that host.

Answers which editions exist and whether they changed. Follows no link of a record: those of the guest services can
name a host that does not resolve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sources.errors import SchemaError
from sources.lake import Manifest
from sources.odata.client import Client, Record

# Long or-lists are answered with 500; this keeps a filter under 1.5 kB.
IDS_PER_REQUEST = 40
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


def is_as_listed(manifest: Manifest, record: CatalogueRecord, *, identity: str, request_key: str) -> bool:
    """Whether an edition was made of what the service lists now, by the same service and with the same request.

    Args:
        manifest: of the edition.
        record: what the service lists.
        identity: of the services that are asked now; another archive never looks unchanged.
        request_key: of what would be asked now.
    """
    seen = (manifest.modified, manifest.metadata_modified, manifest.identity, manifest.request_key)
    return seen == (record.modified, record.metadata_modified, identity, request_key)


def read_catalogue(client: Client, table_ids: Iterable[str]) -> Mapping[str, CatalogueRecord]:
    """Ask one service which of these tables it has.

    Returns:
        The records found, by table id. A table that is not listed is absent.

    Raises:
        SourceError: the catalogue could not be read, or a record is not of the expected shape.
    """
    wanted = sorted(set(table_ids))
    found: dict[str, CatalogueRecord] = {}
    for start in range(0, len(wanted), IDS_PER_REQUEST):
        ids = wanted[start : start + IDS_PER_REQUEST]
        filters = " or ".join(f"Identifier eq '{table_id}'" for table_id in ids)
        for record in client.table_list(FIELDS, filters):
            try:
                entry = _record(record)
            except (TypeError, ValueError, AttributeError) as error:
                raise SchemaError(f"{client.host}: onleesbaar record in de catalogus: {record} ({error})") from error
            if entry.table_id in ids:
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
