"""Archives and a night for the sources that are plain files: what a server answers, and one refresh against it."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sources.gemeente_register import GemeenteRegister, load_gemeente_register
from sources.http import HttpSettings, Transport
from sources.registry import Registry, load_registry
from sources.replay import Fault, ReplayServer, RequestRecord, archive_identity
from sources.results import TableResult
from sources.services import Services

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds" / "registry"
LEEFBAAROMETER = "www.leefbaarometer.nl"
LAYERS = "geo.leefbaarometer.nl"
ZIP = "open-data-leefbaarometer-meting-2024.zip"
CARTOMAP = "cartomap.github.io"
NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
FAST = HttpSettings(connect_timeout=1, read_timeout=1, total_timeout=5, attempts=2, backoff=0.001)
Refresh = Callable[[Services, Path, Transport], Iterable[TableResult]]
_LAYER_QUERY = (
    "outputFormat=application/json&request=GetFeature&service=WFS&srsName=EPSG:4326"
    "&typeName=lbm3:gemeentescore24&version=2.0.0"
)


def real_registry() -> Registry:
    """The registry as it is shipped."""
    return load_registry(SEEDS)


def real_register() -> GemeenteRegister:
    """The list of gemeenten as it is shipped."""
    return load_gemeente_register(SEEDS)


@dataclass
class Night:
    """One archive, one lake, and refreshes of the one against the other.

    Attributes:
        folder: where both are.
        faults: what goes wrong on the way.
        bare: serve as a base address without an identity that says anything.
        etag: whether the server sends validators.
    """

    folder: Path
    faults: tuple[Fault, ...] = ()
    bare: bool = False
    etag: bool = False
    log: list[RequestRecord] = field(default_factory=list)
    port: int = 0

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def lake(self) -> Path:
        return self.folder / "lake"

    def rename(self, name: str) -> None:
        """Give the archive an identity."""
        (self.archive / "files").mkdir(parents=True, exist_ok=True)
        about = {"kind": "test", "title": name, "tables": [], "files": []}
        (self.archive / "archive.json").write_text(json.dumps(about), encoding="utf-8")

    def serve(self, url: str, content: bytes, content_type: str) -> None:
        """Let a GET of `host/path?query` (query sorted) answer with these bytes."""
        files = self.archive / "files"
        files.mkdir(parents=True, exist_ok=True)
        index = self._index()
        name = f"answer-{len(index)}" if f"GET {url}" not in index else index[f"GET {url}"]["file"]
        (files / name).write_bytes(content)
        index[f"GET {url}"] = {"file": name, "content_type": content_type}
        (files / "index.json").write_text(json.dumps(index), encoding="utf-8")

    def withdraw(self, url: str) -> None:
        """Let a GET answer 404 again."""
        index = self._index()
        del index[f"GET {url}"]
        (self.archive / "files" / "index.json").write_text(json.dumps(index), encoding="utf-8")

    def _index(self) -> dict[str, dict[str, str]]:
        path = self.archive / "files" / "index.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def run(self, refresh: Refresh) -> dict[str, TableResult]:
        """Refresh once over real HTTP; gives the results by bron_id and keeps the log of the server."""
        replay = ReplayServer(self.archive, port=self.port, faults=self.faults, etag=self.etag)
        with replay as server, Transport(FAST) as transport:
            # A bare address is its own identity: the next run has to find the server there again.
            self.port = int(server.base_url.rpartition(":")[2]) if self.bare else 0
            identity = None if self.bare else archive_identity(self.archive)
            results = list(refresh(Services.at(server.base_url, identity), self.lake, transport))
            self.log = list(server.requests)
        return {result.bron_id: result for result in results}

    def downloaded(self) -> list[str]:
        """Paths that were fetched with a body in the last run."""
        return [request.path for request in self.log if request.method == "GET" and request.status == 200]


# --- the Leefbaarometer ---------------------------------------------------------------------------

MEMBER = "Leefbaarometer 3.0 - Meting 2024 - open data/Leefbaarometer-scores gemeenten 2002-2024.csv"
ZIP_URL = f"{LEEFBAAROMETER}/resources/{ZIP}"
LAYER_URL = f"{LAYERS}/lbm3/ows?{_LAYER_QUERY}"
_DIMENSIONS = ("fys", "onv", "soc", "vrz", "won")


def scores(codes: Iterable[str], years: Iterable[int] = (2022, 2024)) -> list[dict[str, str]]:
    """Rows of the CSV that obey both rules, six significant digits, 2002 without dimension scores."""
    rng = random.Random(20241121)
    rows = []
    for code in codes:
        rows.append(
            {"gm_code": code, "gm_naam": f"Gemeente {code}", "jaar": "2002", "lbm": "4.11226485", "afw": "0.01"}
        )
        for year in years:
            parts = [rng.randrange(100_000, 200_000) for _ in _DIMENSIONS]
            total = sum(parts)
            row = {"gm_code": code, "gm_naam": f"Gemeente {code}", "jaar": str(year)}
            row["lbm"] = f"{4.10226485 + total / 1e6:.8f}"
            row["afw"] = f"{total / 1e6:.6f}"
            row |= {name: f"{part / 1e6:.6f}" for name, part in zip(_DIMENSIONS, parts, strict=True)}
            rows.append(row)
    return rows


def scores_csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    """The CSV as published: quoted texts, bare numbers, bare NA."""
    lines = ['"gm_code","gm_naam","jaar","lbm","afw","fys","onv","soc","vrz","won"']
    for row in rows:
        numbers = [row.get(name, "NA") for name in ("jaar", "lbm", "afw", *_DIMENSIONS)]
        lines.append(",".join([f'"{row["gm_code"]}"', f'"{row["gm_naam"]}"', *numbers]))
    return ("\n".join(lines) + "\n").encode()


def zipped(folder: Path, members: Mapping[str, bytes]) -> bytes:
    """A zip of these members."""
    path = folder / "made.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path.read_bytes()


def layer_of(rows: Iterable[Mapping[str, str]], year: int = 2024) -> bytes:
    """The map layer that says the same as the rows of one year."""
    features = [
        {
            "type": "Feature",
            "geometry": None,
            "properties": {
                "id": row["gm_code"],
                "year": str(year),
                **{name: float(row[name]) for name in ("afw", *_DIMENSIONS)},
            },
        }
        for row in rows
        if row["jaar"] == str(year)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, "numberMatched": len(features)}).encode()
