"""Publishing: from the tables of a finished dbt build to an immutable folder that `actueel` points to.

Reads the warehouse read-only, after dbt has ended. Decides what happens in which order; writing and checking the files
is in `assemble`, moving the folders in `shelf`, which tables there are in `tables`.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from serving import assemble, shelf
from serving.accompany import write_texts
from serving.assemble import CONTRACT_VERSION, PUBLICATION, Content, Stamp
from serving.errors import PublicationError
from serving.locations import SOORTEN, Soort
from serving.tables import PublishedColumn, PublishedTable, published_tables

__all__ = ["PublicationResult", "PublishedColumn", "PublishedTable", "publish", "published_tables"]

MANIFEST = "manifest.json"
_WAREHOUSE = "warehouse"


@dataclass(frozen=True, slots=True)
class PublicationResult:
    """What publishing came to.

    Attributes:
        state: `gepubliceerd`, or `ongewijzigd` when the current publication already says the same.
        publicatie_id: The publication that is current now.
        folder: Its absolute folder.
        row_counts: Rows per published table, without `publicatie`.
        content_hash: Hash of the content, equal for equal content.
    """

    state: Literal["gepubliceerd", "ongewijzigd"]
    publicatie_id: str
    folder: Path
    row_counts: Mapping[str, int]
    content_hash: str


def publish(
    warehouse: Path,
    tables: Sequence[PublishedTable],
    publications: Path,
    *,
    soort: Soort,
    software_version: str,
    editions: Sequence[Mapping[str, Any]],
    run_id: str,
    now: datetime,
    keep: int = 14,
) -> PublicationResult:
    """Publish the listed tables, unless the current publication has the same content.

    Whatever goes wrong, the current publication stays as it is; an interrupted one leaves at most a hidden folder
    that the next one removes.

    Args:
        warehouse: DuckDB file of the build; nobody may be writing it.
        tables: What to publish, see `published_tables`.
        publications: Folder `data/<soort>/publicatie`.
        soort: Kind of data.
        software_version: Version of this project.
        editions: The source editions of this build, as they stand in the pins; kept in the manifest.
        run_id: Run that built the tables.
        now: Moment of publication, with a time zone.
        keep: How many publications stay, the current one included.

    Raises:
        PublicationError: when a table does not meet its contract, or the files cannot be written.
        BusyError: when another process is publishing here.
    """
    _check_arguments(tables, soort, now, keep)
    moment = now.astimezone(UTC).replace(microsecond=0)
    publicatie_id = f"{moment:%Y-%m-%dT%H%M%S}-{secrets.token_hex(3)}"
    stamp = Stamp(publicatie_id, moment, soort, software_version, run_id)
    try:
        with shelf.hold(publications):
            shelf.remove_leftovers(publications)
            with shelf.build_folder(publications, publicatie_id) as build:
                manifest = _build(
                    build,
                    warehouse,
                    tables,
                    stamp=stamp,
                    editions=editions,
                    current=_current_manifest(publications),
                )
                if manifest is None:
                    return _unchanged(publications)
                folder = shelf.place(build, publications, publicatie_id)
            shelf.keep_last(publications, keep)
    except (OSError, duckdb.Error) as error:
        raise PublicationError(
            f"publishing to {publications} failed, the publication before it still stands: {error}"
        ) from error
    return _result("gepubliceerd", folder, manifest)


def _check_arguments(tables: Sequence[PublishedTable], soort: str, now: datetime, keep: int) -> None:
    if soort not in SOORTEN:
        raise ValueError(f"soort is {soort!r}, expected one of {SOORTEN}")
    if now.tzinfo is None:
        raise ValueError(f"now is {now}, expected a moment with a time zone")
    if keep < 1:
        raise ValueError(f"keep is {keep}, expected 1 or more: the current publication always stays")
    if not tables:
        raise ValueError("no tables to publish")


def _build(
    build: Path,
    warehouse: Path,
    tables: Sequence[PublishedTable],
    *,
    stamp: Stamp,
    editions: Sequence[Mapping[str, Any]],
    current: Mapping[str, Any] | None,
) -> dict[str, Any] | None:
    """Fill the build folder; None, with the folder half full, when the current publication has the same content."""
    with duckdb.connect() as connection:
        assemble.attach_read_only(connection, warehouse, _WAREHOUSE)
        types = assemble.check_contracts(connection, _WAREHOUSE, tables)
        assemble.write_parquet(connection, _WAREHOUSE, tables, build, stamp)
        contents = {table.name: assemble.measure(connection, build, table) for table in tables}
        manifest = _manifest(stamp, contents, editions)
        manifest["schema_hash"] = assemble.schema_hash(tables, types)
        if current is not None and _says_the_same(current, manifest):
            return None
        connection.execute(f"detach {_WAREHOUSE}")
        assemble.write_stamp(connection, build, stamp, manifest["rijen"])
        contents[PUBLICATION.name] = assemble.measure(connection, build, PUBLICATION)
        all_tables = [*tables, PUBLICATION]
        assemble.write_database(connection, build, all_tables)
        write_texts(connection, build, stamp)
    assemble.check_handout(build, all_tables, contents)
    manifest["bestanden"] = _fingerprints(build)
    (build / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest


def _manifest(stamp: Stamp, contents: Mapping[str, Content], editions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "contract_versie": CONTRACT_VERSION,
        "publicatie_id": stamp.publicatie_id,
        "published_at": stamp.published_at.isoformat(),
        "soort": stamp.soort,
        "software_versie": stamp.software_version,
        "run_id": stamp.run_id,
        "melding": stamp.notice,
        "duckdb_version": duckdb.__version__,
        "content_hash": assemble.content_hash(contents),
        "rijen": {name: content.rows for name, content in sorted(contents.items())},
        "tabel_hashes": {name: content.digest for name, content in sorted(contents.items())},
        "edities": [dict(edition) for edition in editions],
    }


def _says_the_same(current: Mapping[str, Any], fresh: Mapping[str, Any]) -> bool:
    return all(current.get(key) == fresh[key] for key in ("contract_versie", "soort", "content_hash", "schema_hash"))


def _current_manifest(publications: Path) -> dict[str, Any] | None:
    """Return the manifest of the current publication; None when there is none or its files are not what they were."""
    folder = shelf.current_folder(publications)
    if folder is None:
        return None
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        intact = all(_fingerprint(folder / name) == expected for name, expected in manifest["bestanden"].items())
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    return manifest if intact else None


def _unchanged(publications: Path) -> PublicationResult:
    folder = shelf.current_folder(publications)
    if folder is None:
        raise PublicationError(f"{publications / shelf.CURRENT} vanished while publishing: publish again")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return _result("ongewijzigd", folder, manifest)


def _result(
    state: Literal["gepubliceerd", "ongewijzigd"], folder: Path, manifest: Mapping[str, Any]
) -> PublicationResult:
    return PublicationResult(state, folder.name, folder, manifest["rijen"], manifest["content_hash"])


def _fingerprints(folder: Path) -> dict[str, dict[str, Any]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _fingerprint(path) for path in files}


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
