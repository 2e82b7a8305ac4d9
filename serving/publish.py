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
from serving.extras import DERIVED, Extras, hashes, write_extras
from serving.locations import SOORTEN, Soort
from serving.revision import REVISION, History, Revisions, write_revisions
from serving.tables import PublishedColumn, PublishedTable, published_tables

__all__ = ["PublicationResult", "PublishedColumn", "PublishedTable", "publish", "published_tables", "write_folder"]

MANIFEST = "manifest.json"
RECIPE = "bouw.json"
_WAREHOUSE = "warehouse"
# What of two manifests is held side by side to tell whether there is anything new to publish.
_SAME = ("contract_versie", "soort", "content_hash", "schema_hash", "kaart_hash", "site_hash")


@dataclass(frozen=True, slots=True)
class PublicationResult:
    """What publishing came to.

    Attributes:
        state: `gepubliceerd`, or `ongewijzigd` when the current publication already says the same.
        publicatie_id: The publication that is current now.
        folder: Its absolute folder.
        row_counts: Rows per published table, without `publicatie`.
        content_hash: Hash of the content, equal for equal content.
        revised: How many figures that were published before are different now; None when nothing was compared.
        pages: Pages of its site; None when it has none.
    """

    state: Literal["gepubliceerd", "ongewijzigd"]
    publicatie_id: str
    folder: Path
    row_counts: Mapping[str, int]
    content_hash: str
    revised: int | None = None
    pages: int | None = None


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
    recipe: Mapping[str, Any] | None = None,
    extras: Extras | None = None,
) -> PublicationResult:
    """Publish the listed tables, unless the current publication has the same content, map and pages.

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
        recipe: What it takes to build this publication again; kept beside it as `bouw.json`.
        extras: For the map, the CSV files, the workbooks and the site; None for the tables alone.

    Raises:
        PublicationError: when a table does not meet its contract, or a page or file cannot be made or written.
        BusyError: when another process is publishing here.
    """
    _check_arguments(tables, soort, now, keep)
    moment = now.astimezone(UTC).replace(microsecond=0)
    publicatie_id = f"{moment:%Y-%m-%dT%H%M%S}-{secrets.token_hex(3)}"
    stamp = Stamp(publicatie_id, moment, soort, software_version, run_id)
    try:
        with shelf.hold(publications):
            shelf.remove_leftovers(publications)
            current, history = _standing(publications, soort)
            with shelf.build_folder(publications, publicatie_id) as build:
                manifest = write_folder(
                    build,
                    warehouse,
                    tables,
                    stamp=stamp,
                    editions=editions,
                    recipe=recipe,
                    history=history,
                    current=current,
                    extras=extras,
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


def write_folder(
    build: Path,
    warehouse: Path,
    tables: Sequence[PublishedTable],
    *,
    stamp: Stamp,
    editions: Sequence[Mapping[str, Any]],
    recipe: Mapping[str, Any] | None,
    history: History,
    current: Mapping[str, Any] | None = None,
    extras: Extras | None = None,
) -> dict[str, Any] | None:
    """Write everything a publication consists of into a folder, and check it.

    Args:
        build: An empty folder.
        warehouse: DuckDB file of the build; nobody may be writing it.
        tables: What to publish.
        stamp: What the publication says of itself.
        editions: The source editions of this build.
        recipe: What it takes to build it again, if that is to be kept; becomes `bouw.json`.
        history: Which revisions it carries on.
        current: Manifest of the publication that stands, to stop when the content is the same.
        extras: For the map, the CSV files, the workbooks and the site; None for the tables alone.

    Returns:
        The manifest; None, with the folder half full, when `current` has the same content, map and pages.
    """
    with duckdb.connect() as connection:
        assemble.attach_read_only(connection, warehouse, _WAREHOUSE)
        types = assemble.check_contracts(connection, _WAREHOUSE, tables)
        assemble.write_parquet(connection, _WAREHOUSE, tables, build, stamp)
        contents = {table.name: assemble.measure(connection, build, table) for table in tables}
        manifest = _manifest(stamp, contents, editions)
        manifest["schema_hash"] = assemble.schema_hash(tables, types)
        if extras is not None:
            manifest.update(hashes(extras))
        if current is not None and _says_the_same(current, manifest):
            return None
        connection.execute(f"detach {_WAREHOUSE}")
        revisions = write_revisions(build, history, stamp)
        contents[REVISION.name] = assemble.measure(connection, build, REVISION)
        _add_revisions(manifest, revisions, contents[REVISION.name])
        assemble.write_stamp(connection, build, stamp, manifest["rijen"])
        contents[PUBLICATION.name] = assemble.measure(connection, build, PUBLICATION)
        all_tables = [*tables, REVISION, PUBLICATION]
        assemble.write_database(connection, build, all_tables)
        write_texts(
            connection,
            build,
            stamp,
            has_site=extras is not None,
            has_map=extras is not None and extras.boundaries is not None,
        )
    assemble.check_handout(build, all_tables, contents)
    if recipe is not None:
        _write_json(build / RECIPE, recipe)
    if extras is not None:
        manifest["bladzijden"] = write_extras(build, manifest, extras)
    manifest["bestanden"] = _fingerprints(build)
    _write_json(build / MANIFEST, manifest)
    return manifest


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _add_revisions(manifest: dict[str, Any], revisions: Revisions, content: Content) -> None:
    """Name the revisions in the manifest; they follow from the content, so its hash leaves them out."""
    manifest["rijen"][REVISION.name] = content.rows
    manifest["tabel_hashes"][REVISION.name] = content.digest
    manifest["revisie"] = revisions.as_record()


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
    return all(current.get(key) == fresh.get(key) for key in _SAME)


def _standing(publications: Path, soort: Soort) -> tuple[dict[str, Any] | None, History]:
    """Find what readers have: the manifest of the current publication, and the publication to carry on from.

    When the current one is damaged, its manifest is None and the newest of the others is carried on from.
    """
    current = shelf.current_folder(publications)
    manifest = read_intact(current) if current is not None else None
    if current is None:
        return None, History(note="Niets vergeleken: dit is de eerste publicatie.")
    if manifest is not None and manifest.get("soort") == soort:
        return manifest, History(previous=current)
    for folder in shelf.kept(publications):
        other = read_intact(folder) if folder != current else None
        if other is not None and other.get("soort") == soort:
            note = f"Publicatie {current.name} is niet te lezen of van een andere soort; vergeleken met {folder.name}."
            return manifest, History(previous=folder, note=note)
    return manifest, History(
        note=f"Niets vergeleken: publicatie {current.name} is niet te lezen of van een andere soort."
    )


def read_intact(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a publication; None when it has none or its files are not what they were.

    What is made of the tables (pages, workbooks, CSV files) is known by its size: a quiet night looks twice, and a lost
    or cut-off page is seen that way without reading hundreds of megabytes. The tables are read whole.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        intact = all(_is_as_it_was(folder, name, expected) for name, expected in manifest["bestanden"].items())
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    return manifest if intact else None


def _is_as_it_was(folder: Path, name: str, expected: Mapping[str, Any]) -> bool:
    if name.startswith(DERIVED):
        return (folder / name).stat().st_size == int(expected["bytes"])
    return _fingerprint(folder / name) == expected


def _unchanged(publications: Path) -> PublicationResult:
    folder = shelf.current_folder(publications)
    if folder is None:
        raise PublicationError(f"{publications / shelf.CURRENT} vanished while publishing: publish again")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return _result("ongewijzigd", folder, manifest)


def _result(
    state: Literal["gepubliceerd", "ongewijzigd"], folder: Path, manifest: Mapping[str, Any]
) -> PublicationResult:
    found = manifest.get("revisie", {})
    has_news = state == "gepubliceerd" and found.get("vergeleken_met") is not None
    revised = Revisions(counts=found["gewijzigd"]).figures if has_news else None
    return PublicationResult(
        state,
        folder.name,
        folder,
        manifest["rijen"],
        manifest["content_hash"],
        revised,
        manifest.get("bladzijden"),
    )


def _fingerprints(folder: Path) -> dict[str, dict[str, Any]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _fingerprint(path) for path in files}


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
