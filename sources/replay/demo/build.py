"""Put the demo archive together: all tables and files, the index, and the fingerprint that says what it was made of."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sources.registry import Registry, SourceTable, load_registry
from sources.replay.demo.areas import Areas
from sources.replay.demo.figures import Secrets, open_database, write_figures
from sources.replay.demo.gebieden import choose_rosters, write_roster
from sources.replay.demo.geography import Gemeente, Geography
from sources.replay.demo.herindeling import write_events
from sources.replay.demo.leefbaarometer import DIVISION, Scores
from sources.replay.demo.maps import Ring, boundaries, hexagons
from sources.replay.demo.metadata import write_json, write_metadata
from sources.replay.demo.organisation import (
    FOLDER,
    MAPPING,
    ORGANISATION,
    ORGANISATION_NAME,
    SCALE_FILE,
    write_delivery,
)
from sources.replay.demo.shape import TableShape, choose_tables, shape_table
from sources.whole_file import sync

DEFAULT_SEED = 20261121
TITLE = "Verzonnen voorbeeldcijfers (demo): geen enkel cijfer in dit archief is echt"
_REGISTRY_FILES = ("series.csv", "source_table.csv", "gemeente_register.csv", "herindeling.csv", SCALE_FILE)
_GEO_HOST, _MAP_HOST, _SCORES_HOST = "geo.leefbaarometer.nl", "cartomap.github.io", "www.leefbaarometer.nl"
_LAYER_QUERY = (
    "outputFormat=application/json&request=GetFeature&service=WFS&srsName=EPSG:4326"
    "&typeName=lbm3:gemeentescore24&version=2.0.0"
)
_ZIP = "resources/open-data-leefbaarometer-meting-2024.zip"


def generate(target: Path, registry_folder: Path, *, seed: int = DEFAULT_SEED) -> None:
    """Generate the demo archive; the target appears whole or not at all.

    The same seed, registry and version of this package give the same archive, byte for byte.

    Args:
        target: folder to make; one that is there is replaced.
        registry_folder: folder with the seeds of the registry.
        seed: of everything that is drawn by lot.

    Raises:
        RegistryError: the registry cannot be read.
    """
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    with _workplace(target) as work:
        _fill(work, registry_folder, seed)
        _move(work, target)


def ensure_demo_archive(target: Path, registry_folder: Path, *, seed: int = DEFAULT_SEED) -> Path:
    """The demo archive at `target`: reused when it was made of the same things, else generated anew.

    Returns:
        The absolute path of the archive.
    """
    target = target.resolve()
    with _only_one(target):
        if _fingerprint_of(target) != fingerprint(registry_folder, seed):
            generate(target, registry_folder, seed=seed)
    return target


def fingerprint(registry_folder: Path, seed: int) -> str:
    """Hash of what the archive is made of: the seed, the registry, the code of this package and its mapping."""
    digest = hashlib.sha256(str(seed).encode())
    package = Path(__file__).parent
    files = [*sorted(package.rglob("*.py")), *sorted(package.rglob(MAPPING))]
    files += [registry_folder / name for name in _REGISTRY_FILES]
    for file in files:
        digest.update(f"\n{file.name}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _fingerprint_of(archive: Path) -> str | None:
    try:
        about = json.loads((archive / "archive.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return about.get("fingerprint") if isinstance(about, dict) else None


@contextlib.contextmanager
def _only_one(target: Path) -> Iterator[None]:
    """Let one process at a time look and generate; a second one waits and finds the archive ready."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / f".{target.name}.slot").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """A folder beside the target, gone afterwards whatever happens."""
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-bezig-", dir=target.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _move(work: Path, target: Path) -> None:
    """Put the finished folder in the place of the old one."""
    work.chmod(0o755)
    if target.exists():
        old = work.with_name(work.name.replace("-bezig-", "-oud-"))
        target.rename(old)
        work.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        work.rename(target)
    sync(target.parent)


def _fill(work: Path, registry_folder: Path, seed: int) -> None:
    registry = load_registry(registry_folder)
    geography = Geography(registry_folder, seed)
    tables = _write_tables(work, registry, Areas(geography, seed), seed)
    tables += [_write_roster(work, source, geography) for source in choose_rosters(registry)]
    tables += [
        _write_events(work, source, geography) for source in registry.tables.values() if source.bron == "herindeling"
    ]
    files = _write_files(work, registry, geography, seed)
    delivery = _write_delivery(work, registry_folder, seed)
    about = {
        "kind": "demo",
        "title": TITLE,
        "seed": seed,
        "fingerprint": fingerprint(registry_folder, seed),
        "attribution": ["Verzonnen. Alleen de namen van gemeenten, provincies, tabellen en kolommen bestaan echt."],
        "fidelity": {"invented": "keys and shape as the service has them; every figure is invented"},
        "tables": tables,
        "files": files,
        "levering": delivery,
    }
    write_json(work / "archive.json", about)


def _write_tables(work: Path, registry: Registry, areas: Areas, seed: int) -> list[dict[str, Any]]:
    shapes = [shape_table(registry, bron_id) for bron_id in choose_tables(registry)]
    with open_database(areas, shapes, work) as connection:
        entries = []
        for shape in shapes:
            folder = _table_folder(work, shape.source)
            target = folder / "TypedDataSet.parquet"
            rows, secrets = write_figures(connection, shape, areas, target, seed)
            write_metadata(folder, shape, areas.regions(shape), rows)
            entries.append(_entry(shape, rows, secrets))
    return entries


def _entry(shape: TableShape, rows: int, secrets: Secrets | None) -> dict[str, Any]:
    columns = len(shape.dimensions) + bool(shape.region) + bool(shape.periods) + len(shape.topics)
    entry = {
        "host": shape.source.host,
        "table": shape.source.table_id,
        "title": shape.title,
        "rows": rows,
        "columns": columns,
        "fidelity": "invented",
    }
    if secrets is not None:
        code, year = secrets.unpublished
        hidden_code, hidden_year, key = secrets.hidden
        entry["note"] = (
            f"{code} has no row in {year}; the figure of {hidden_code} in {hidden_year} for '{key}' is hidden."
        )
        entry["unpublished"] = {"gemeente": code, "year": year}
        entry["hidden"] = {"gemeente": hidden_code, "year": hidden_year, "key": key}
    return entry


def _write_roster(work: Path, source: SourceTable, geography: Geography) -> dict[str, Any]:
    rows, columns = write_roster(_table_folder(work, source), source, geography)
    note = "List of gemeenten real, inhabitants invented."
    return {
        "host": source.host,
        "table": source.table_id,
        "title": source.titel,
        "rows": rows,
        "columns": columns,
        "fidelity": "invented",
        "note": note,
    }


def _write_events(work: Path, source: SourceTable, geography: Geography) -> dict[str, Any]:
    rows, columns = write_events(_table_folder(work, source), source, geography)
    return {
        "host": source.host,
        "table": source.table_id,
        "title": source.titel,
        "rows": rows,
        "columns": columns,
        "fidelity": "invented",
        "note": "Events real, hectares, homes and inhabitants invented; the descriptions have the form of the service.",
    }


def _table_folder(work: Path, source: SourceTable) -> Path:
    folder = work / "odata" / source.host / source.table_id
    folder.mkdir(parents=True)
    return folder


def _write_files(work: Path, registry: Registry, geography: Geography, seed: int) -> list[dict[str, Any]]:
    index: dict[str, dict[str, str]] = {}
    notes = []
    rings: dict[tuple[str, ...], dict[str, Ring]] = {}
    for source in choose_rosters(registry):
        year = int(source.indeling)
        gemeenten = sorted(geography.existing(year), key=lambda gemeente: gemeente.code)
        name = f"{_MAP_HOST}/nl/wgs84/gemeente_{year}.geojson"
        _write_compact(work / "files" / name, boundaries(gemeenten, _rings(rings, gemeenten), year))
        index[f"GET {name}"] = {"file": name, "content_type": "application/geo+json"}
        notes.append(
            {"url": f"https://{name}", "note": "A hexagon per gemeente, gathered by province: no real shapes."}
        )
    scores = Scores(geography, seed)
    zip_name = f"{_SCORES_HOST}/{_ZIP}"
    (work / "files" / zip_name).parent.mkdir(parents=True)
    scores.write_zip(work / "files" / zip_name)
    index[f"GET {zip_name}"] = {"file": zip_name, "content_type": "application/zip"}
    layer = f"{_GEO_HOST}/lbm3/ows/gemeentescore24.json"
    _write_compact(work / "files" / layer, scores.layer(_rings(rings, scores.gemeenten)))
    for path in ("lbm3/ows", "wfs"):
        index[f"GET {_GEO_HOST}/{path}?{_LAYER_QUERY}"] = {
            "file": layer,
            "content_type": "application/json;charset=UTF-8",
        }
    notes.append({"url": f"https://{zip_name}", "note": f"Scores of all gemeenten of {DIVISION}, invented."})
    notes.append(
        {"url": f"https://{_GEO_HOST}/lbm3/ows", "note": "The same scores in six digits, shapes are hexagons."}
    )
    write_json(work / "files" / "index.json", index)
    return [{**note, "fidelity": "invented"} for note in notes]


def _write_delivery(work: Path, registry_folder: Path, seed: int) -> dict[str, Any]:
    """The delivery of the invented organisation: not served over HTTP, but read from the folder."""
    delivered = write_delivery(work / FOLDER, registry_folder, seed)
    return {
        "folder": FOLDER,
        "mapping": f"{FOLDER}/{MAPPING}",
        "organisatie": ORGANISATION,
        "title": ORGANISATION_NAME,
        "files": list(delivered.files),
        "rows": {table: len(rows) for table, rows in delivered.records.tables.items()},
        "fidelity": "invented",
    }


def _rings(known: dict[tuple[str, ...], dict[str, Ring]], gemeenten: Sequence[Gemeente]) -> dict[str, Ring]:
    """Shapes of a list of gemeenten; years with the same list share them."""
    codes = tuple(gemeente.code for gemeente in gemeenten)
    if codes not in known:
        known[codes] = hexagons(gemeenten)
    return known[codes]


def _write_compact(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
