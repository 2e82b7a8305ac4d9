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
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from sources.errors import EditionRefusedError, LakeError
from sources.registry import SourceTable
from sources.results import SeriesProblem

if TYPE_CHECKING:
    from sources.results import TableResult

CURRENT = "current"
MANIFEST = "manifest.json"
OBSERVATION = "observation"
SERIES = "series.parquet"
# A re-pull of the same request with fewer than this share of the rows before it is refused.
SMALLEST_SHARE = 0.5
_BUSY = ".bezig-"
_STALE = "verouderd.json"
_KEY = "ref_area, time_period, measure, dimensions"
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request that an edition was made from.

    Attributes:
        url: as requested.
        status: HTTP status.
        bytes: on the wire, or None where the client does not tell.
        sha256: of the body, decompressed, or of the parsed answer where the client keeps no body.
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
    """

    bron_id: str
    edition_id: str
    folder: Path
    manifest: Manifest

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
    lake: Path, bron_id: str, folder: Path, manifest: Manifest, *, rows_expected: bool = True
) -> Edition:
    """Check an edition, put it in its place and make it the current one.

    Args:
        lake: the lake.
        bron_id: source table.
        folder: from `new_edition`; holds everything but the manifest.
        manifest: complete but for the hash.
        rows_expected: whether an edition without observations is wrong.

    Raises:
        EditionRefusedError: no observations where some are expected, double keys, or far fewer rows than the current
            edition of the same request. Nothing has changed then.
    """
    previous = current_edition(lake, bron_id)
    _refuse_bad(folder, manifest, previous, rows_expected=rows_expected)
    manifest = replace(manifest, edition_id=edition_id_of(folder), sha256=_hash_files(folder))
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    _sync_tree(folder)
    final = lake / bron_id / manifest.edition_id
    folder.replace(final)
    _sync(final.parent)
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
    """Note that a table could not be checked or renewed; gives since when that is so."""
    since = stale_since(lake, bron_id)
    if since is not None:
        return since
    (lake / bron_id).mkdir(parents=True, exist_ok=True)
    _write(lake / bron_id / _STALE, json.dumps({"sinds": now.isoformat(timespec="seconds")}))
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
    _write(target, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
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
    _write(target, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


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


def _refuse_bad(folder: Path, manifest: Manifest, previous: Edition | None, *, rows_expected: bool) -> None:
    """Refuse an edition that cannot be right."""
    if (folder / OBSERVATION).is_dir():
        if rows_expected and manifest.observations == 0:
            raise EditionRefusedError(f"{manifest.bron_id}: geen enkele waarneming, terwijl er rijen horen te zijn")
        _refuse_doubles(folder, manifest.bron_id)
    if previous is None or previous.manifest.request_key != manifest.request_key:
        return
    if manifest.rows < SMALLEST_SHARE * previous.manifest.rows:
        raise EditionRefusedError(
            f"{manifest.bron_id}: {manifest.rows} rijen, de vorige keer {previous.manifest.rows} voor dezelfde vraag "
            f"({previous.edition_id}); minder dan {SMALLEST_SHARE:.0%} wordt niet overgenomen. Klopt het toch: wis "
            f"{previous.folder.parent / CURRENT} en ververs opnieuw"
        )


def _refuse_doubles(folder: Path, bron_id: str) -> None:
    parts = [str(part) for part in sorted((folder / OBSERVATION).glob("*.parquet"))]
    if not parts:
        raise EditionRefusedError(f"{bron_id}: de map {OBSERVATION} bevat geen enkel Parquet-bestand")
    spill = str(folder.parent / f"{folder.name}-spill")
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "512MB", "temp_directory": spill}) as db:
        doubles = db.execute(
            f"select {_KEY}, count(*) from read_parquet(?, union_by_name = true) "
            f"group by all having count(*) > 1 order by all limit {_EXAMPLES}",
            [parts],
        ).fetchall()
    shutil.rmtree(spill, ignore_errors=True)
    if doubles:
        shown = "; ".join(" ".join(str(value) for value in double) for double in doubles)
        raise EditionRefusedError(f"{bron_id}: dubbele sleutels ({_KEY}, aantal): {shown}")


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
    _write(lake / bron_id / CURRENT, edition_id + "\n")


def _write(path: Path, text: str) -> None:
    """Write a small file beside its place, flush it and rename it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync(path.parent)


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Flush a file or a folder to disk; Windows cannot open a folder and needs no such flush."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
