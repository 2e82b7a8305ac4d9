"""The lake: immutable editions of source tables on disk, and the pins that tell a dbt run which ones to read.

`<lake>/<bron_id>/<edition_id>/` holds one edition and its manifest, `<lake>/<bron_id>/current` names the one in use.
An edition is built in a hidden folder beside it, checked, flushed to disk and renamed; only then the pointer moves.
What ends up in an edition is the business of whoever fills it; this module refuses the ones that cannot be right.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from sources.edition_checks.model import CheckContext, EditionCheck
from sources.edition_checks.run import check_edition, refuse_failed
from sources.errors import LakeError
from sources.registry import SourceTable
from sources.results import SeriesProblem
from sources.same_content import changed_cells
from sources.whole_file import sync, write_whole

if TYPE_CHECKING:
    from sources.results import TableResult

CURRENT = "current"
MANIFEST = "manifest.json"
OBSERVATION = "observation"
SERIES = "series.parquet"
# When a table was last pulled without anything having changed; beside the pointer.
CHECKED = "gecontroleerd.json"
_BUSY = ".bezig-"
_STALE = "verouderd.json"


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request that an edition was made from.

    Attributes:
        url: as requested.
        status: HTTP status.
        bytes: on the wire, or None where the client does not tell.
        sha256: of the bytes on the wire for pages of rows, of the body for files, of the parsed answer where the client
            keeps no body.
        rows: rows in the answer, or None when it is no list.
    """

    url: str
    status: int
    bytes: int | None
    sha256: str | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where an edition comes from.

    Attributes:
        bron_id: source table.
        bron: source family.
        host: host of the service.
        table_id: id at the service.
        titel: title as published.
        edition_id: folder name.
        modified: stamp of the data as published, text.
        metadata_modified: stamp of the texts as published, text.
        loaded_at: UTC ISO time of the download.
        rows: source rows taken, those of the bounds of intervals not counted.
        observations: rows written.
        schema_fingerprint: hash of the columns of the table.
        indelingsjaar: layout year of the regions, or None when it is that of each period.
        licentie: licence of the source.
        bronvermelding: attribution.
        identity: what answered at that address (`live`, an archive).
        request_key: hash of what was asked.
        requests: every answer it was made from.
        warnings: Dutch sentences: what could not be proven.
        problems: series without figures.
        again: whether the next refresh has to load it again although nothing changed, because a series came back
            empty while the service says that it has rows.
        frequency: how often the source says that it renews the table (`Stopgezet`: no more); empty when unknown.
        checks: what was checked before the edition came into use, filled in by `commit_edition`; none in editions of
            before there were checks.
        sha256: of the files of the edition, filled in by `commit_edition`.
    """

    bron_id: str
    bron: str
    host: str
    table_id: str
    titel: str
    edition_id: str
    modified: str
    metadata_modified: str
    loaded_at: str
    rows: int
    observations: int
    schema_fingerprint: str
    indelingsjaar: int | None
    licentie: str
    bronvermelding: str
    identity: str
    request_key: str
    requests: tuple[RequestRecord, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[SeriesProblem, ...] = ()
    again: bool = False
    frequency: str = ""
    checks: tuple[EditionCheck, ...] = ()
    sha256: str = ""

    def to_json(self) -> str:
        """As stored."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """As stored; unknown members are left out.

        Raises:
            ValueError: no JSON object, or a member is missing.
        """
        stored: dict[str, Any] = json.loads(text)
        known = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        try:
            known["requests"] = tuple(RequestRecord(**request) for request in stored.get("requests", []))
            known["warnings"] = tuple(stored.get("warnings", []))
            known["problems"] = tuple(SeriesProblem(**problem) for problem in stored.get("problems", []))
            known["checks"] = tuple(EditionCheck.from_json(check) for check in stored.get("checks", []))
            return cls(**known)
        except TypeError as error:
            raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition on disk.

    Attributes:
        bron_id: source table.
        edition_id: folder name.
        folder: absolute path.
        manifest: where it comes from.
        recheck: the manifest of a pull that gave the very same and was dropped, or None.
    """

    bron_id: str
    edition_id: str
    folder: Path
    manifest: Manifest
    recheck: Manifest | None = field(default=None, compare=False)

    @property
    def observation_parts(self) -> list[Path]:
        """The Parquet parts with observations, in order."""
        return sorted((self.folder / OBSERVATION).glob("*.parquet"))

    @property
    def series(self) -> Path | None:
        """The file with the resolved series rows, where there is one."""
        path = self.folder / SERIES
        return path if path.exists() else None

    def series_ids(self) -> set[tuple[str, str]]:
        """(series_id, uitsplitsing) of every series that this edition gives."""
        if self.series is None:
            return set()
        query = "select distinct series_id, uitsplitsing from read_parquet(?)"
        with duckdb.connect(":memory:") as database:
            return {(str(one), str(two)) for one, two in database.execute(query, [str(self.series)]).fetchall()}


@dataclass(frozen=True, slots=True)
class Pins:
    """What `pin_editions` wrote: the path of the file and the editions in it."""

    path: Path
    editions: tuple[Edition, ...] = field(default=())


@contextmanager
def new_edition(lake: Path, bron_id: str, *, now: datetime | None = None) -> Iterator[Path]:
    """A folder to build an edition in; gone afterwards unless it was committed.

    Its edition id is in its name: see `edition_id_of`. What an earlier, killed attempt left behind is removed first.
    """
    home = lake / bron_id
    home.mkdir(parents=True, exist_ok=True)
    for leftover in home.glob(f"{_BUSY}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = home / f"{_BUSY}{_new_id(bron_id, now or datetime.now(UTC))}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def edition_id_of(folder: Path) -> str:
    """The id of the edition that is being built in `folder`."""
    return folder.name.removeprefix(_BUSY)


def commit_edition(
    lake: Path,
    bron_id: str,
    folder: Path,
    manifest: Manifest,
    *,
    rows_expected: bool = True,
    unless_same: bool = False,
    context: CheckContext | None = None,
) -> Edition:
    """Check an edition, put it in its place and make it the current one.

    With `unless_same`, an edition of the same release that holds the same figures is dropped: the current one stays
    and is returned, with `recheck` filled in. One with other figures says how many cells changed without a new stamp.

    Args:
        lake: the lake.
        bron_id: source table.
        folder: from `new_edition`; holds everything but the manifest.
        manifest: complete but for the hash.
        rows_expected: whether an edition without observations is wrong.
        unless_same: whether the current edition stays when nothing but its moment would be new.
        context: what the registry says of its series, for the checks that need it.

    Raises:
        EditionRefusedError: a check says that its figures would be wrong. Nothing has changed then.
    """
    previous = current_edition(lake, bron_id)
    checks = check_edition(
        folder,
        manifest,
        previous,
        observation=OBSERVATION,
        series=SERIES,
        pointer=lake / bron_id / CURRENT,
        context=context,
        rows_expected=rows_expected,
    )
    refuse_failed(bron_id, checks)
    remarks = tuple(check.melding for check in checks if not check.passed)
    if unless_same and previous is not None and _is_same_release(previous.manifest, manifest):
        difference = _difference(previous.folder, folder)
        if difference is None:
            write_whole(lake / bron_id / CHECKED, json.dumps({"op": manifest.loaded_at}))
            return replace(previous, recheck=manifest)
        manifest = replace(manifest, warnings=(*manifest.warnings, difference))
    manifest = replace(
        manifest,
        edition_id=edition_id_of(folder),
        checks=checks,
        warnings=(*manifest.warnings, *remarks),
        sha256=_hash_files(folder),
    )
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    _sync_tree(folder)
    final = lake / bron_id / manifest.edition_id
    folder.replace(final)
    sync(final.parent)
    _point(lake, bron_id, manifest.edition_id)
    return Edition(bron_id, manifest.edition_id, final, manifest)


def current_edition(lake: Path, bron_id: str) -> Edition | None:
    """The edition in use, or None when there never was one.

    Raises:
        LakeError: the pointer names an edition that is not there or cannot be read.
    """
    pointer = lake / bron_id / CURRENT
    try:
        edition_id = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    folder = lake / bron_id / edition_id
    try:
        manifest = Manifest.from_json((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LakeError(
            f"{pointer} noemt editie '{edition_id}', maar die is niet te lezen ({error}). "
            f"Zet er een van de andere edities in, of wis {pointer}: dan wordt de tabel opnieuw geladen"
        ) from error
    return Edition(bron_id, edition_id, folder, manifest)


def list_editions(lake: Path, bron_id: str) -> list[str]:
    """Ids of all complete editions of a table, oldest first."""
    home = lake / bron_id
    if not home.is_dir():
        return []
    return sorted(entry.name for entry in home.iterdir() if (entry / MANIFEST).exists() and entry.name[0] != ".")


def stale_since(lake: Path, bron_id: str) -> datetime | None:
    """Since when a table could not be checked or renewed, or None when the last refresh succeeded."""
    try:
        text = (lake / bron_id / _STALE).read_text(encoding="utf-8")
        return datetime.fromisoformat(json.loads(text)["sinds"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError) as error:
        raise LakeError(f"{lake / bron_id / _STALE} is niet te lezen ({error}). Wis dat bestand") from error


def mark_stale(lake: Path, bron_id: str, now: datetime) -> datetime:
    """Note that a table could not be checked or renewed; gives since when that is so.

    Where the note cannot be written it is from now on: a full disk must not take the edition in use along.
    """
    since = stale_since(lake, bron_id)
    if since is not None:
        return since
    with suppress(OSError):
        (lake / bron_id).mkdir(parents=True, exist_ok=True)
        write_whole(lake / bron_id / _STALE, json.dumps({"sinds": now.isoformat(timespec="seconds")}))
    return now


def mark_fresh(lake: Path, bron_id: str) -> None:
    """Note that a table was checked or renewed."""
    (lake / bron_id / _STALE).unlink(missing_ok=True)


def pin_editions(
    lake: Path,
    tables: Iterable[SourceTable],
    results: Iterable[TableResult],
    target: Path,
    *,
    problems: Iterable[SeriesProblem] = (),
    profile: Mapping[str, object] | None = None,
) -> Pins:
    """Write the file that fixes, for one dbt run, which editions are read.

    Args:
        lake: the lake; becomes absolute in the file.
        tables: every source table of the registry.
        results: outcome of the refresh per table. A table without one is pinned as it stands in the lake, unless the
            file that is replaced left it out: an edition that a newer one took over from is still on disk.
        target: file to write; replaced in one step.
        problems: series problems that belong to no table in `results`.
        profile: what the organisation chose (`Profile.to_pins`), or None without a profile.

    Raises:
        LakeError: a table without a result has a pointer that cannot be followed.
    """
    outcome = {result.bron_id: result for result in results}
    left_out = _left_out(target)
    lines: list[dict[str, Any]] = []
    pinned: list[Edition] = []
    found = list(problems)
    for table in tables:
        result = outcome.get(table.bron_id)
        if result is not None:
            edition = result.edition
        else:
            edition = None if table.bron_id in left_out else current_edition(lake, table.bron_id)
        lines.append(_pin(lake, table, result, edition))
        if edition is not None:
            pinned.append(edition)
        found.extend(result.problems if result is not None else edition.manifest.problems if edition else ())
    missing = [
        {name: line[name] for name in ("bron_id", "bron", "host", "table_id", "titel", "melding")}
        for line in lines
        if line["state"] == "ontbreekt"
    ]
    content = {
        "lake": str(lake.resolve()),
        "editions": lines,
        "problems": [asdict(problem) for problem in found],
        "missing": missing,
        "profiel": profile,
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return Pins(target, tuple(pinned))


def pin_instead(target: Path, lake: Path, table: SourceTable, edition: Edition) -> None:
    """Let an existing file of pins name another edition of one table; the rest stays as it is.

    Raises:
        LakeError: there is no such file, or it cannot be read.
    """
    try:
        content = json.loads(target.read_text(encoding="utf-8"))
        others = [line for line in content["editions"] if line["bron_id"] != table.bron_id]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LakeError(f"{target} is niet te lezen ({error}). Draai `impact-kpi refresh` opnieuw") from error
    content["editions"] = [*others, _pin(lake, table, None, edition)]
    write_whole(target, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _left_out(pins: Path) -> frozenset[str]:
    """Tables that an earlier file of pins names without an edition."""
    try:
        lines = json.loads(pins.read_text(encoding="utf-8"))["editions"]
        return frozenset(line["bron_id"] for line in lines if line["path"] is None)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return frozenset()


def _pin(lake: Path, table: SourceTable, result: TableResult | None, edition: Edition | None) -> dict[str, Any]:
    """One line of the pins: what the registry says of a table and what its edition is."""
    state = result.state if result is not None else "ongewijzigd" if edition is not None else "ontbreekt"
    since = result.verouderd_sinds if result is not None else None
    manifest = edition.manifest if edition is not None else None
    return {
        "bron_id": table.bron_id,
        "bron": table.bron,
        "host": table.host,
        "table_id": table.table_id,
        "titel": manifest.titel if manifest else table.titel,
        "edition_id": edition.edition_id if edition else None,
        "path": edition.folder.resolve().relative_to(lake.resolve()).as_posix() if edition else None,
        "modified": manifest.modified if manifest else None,
        "loaded_at": manifest.loaded_at if manifest else None,
        "rows": manifest.rows if manifest else None,
        "sha256": manifest.sha256 if manifest else None,
        "indelingsjaar": manifest.indelingsjaar if manifest else None,
        "licentie": table.licentie,
        "bronvermelding": table.bronvermelding,
        "state": state,
        "verouderd_sinds": since.isoformat(timespec="seconds") if since else None,
        "melding": result.melding if result is not None else None,
        "observation": bool(edition and edition.observation_parts),
        "series": bool(edition and edition.series),
    }


def _is_same_release(previous: Manifest, manifest: Manifest) -> bool:
    """Whether two editions were made of the same release, by the same question and of the same columns."""
    names = (
        "modified", "metadata_modified", "identity", "request_key", "schema_fingerprint", "indelingsjaar", "again",
    )  # fmt: skip
    return all(getattr(previous, name) == getattr(manifest, name) for name in names)


def _difference(old: Path, new: Path) -> str | None:
    """A remark when two editions of one release differ; None when they do not."""
    try:
        cells = changed_cells(old, new)
    except duckdb.Error as error:
        return f"de vorige editie is vervangen, want zij is niet te vergelijken ({type(error).__name__})"
    return f"zonder nieuwe datum gewijzigd: {cells} cellen" if cells else None


def _new_id(bron_id: str, now: datetime) -> str:
    salt = hashlib.sha256(f"{bron_id} {time.time_ns()} {os.getpid()}".encode()).hexdigest()[:8]
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{salt}"


def _hash_files(folder: Path) -> str:
    """Hash of all files of an edition, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            while chunk := file.read(1024 * 1024):
                digest.update(chunk)
    return digest.hexdigest()


def _point(lake: Path, bron_id: str, edition_id: str) -> None:
    write_whole(lake / bron_id / CURRENT, edition_id + "\n")


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)
