"""Invented scores of the Leefbaarometer: the zip with a CSV per gemeente, and the map layer.

The arithmetic of the real ones holds to the printed digit: the deviation is the sum of its five parts, and score minus
deviation is one constant.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sources.replay.demo.geography import Fact, Gemeente, Geography
from sources.replay.demo.maps import Ring

DIVISION = 2024
YEARS = (2002, 2008, 2012, 2014, 2016, 2018, 2020, 2022, 2024)
YEARS_WITH_PARTS = frozenset({2014, 2018, 2020, 2022, 2024})
REFERENCE = Decimal("4.10226485")
PARTS = ("fys", "onv", "soc", "vrz", "won")
_STEP = Decimal("1e-12")
_FOLDER = "Leefbaarometer 3.0 - Meting 2024 - open data"
_CLASS_CUTS = (-0.2352, -0.1568, -0.0784, -0.0392, 0.0392, 0.0784, 0.1568, 0.2352)
_SCORE_CUTS = (-0.4284, -0.3538, -0.2815, -0.1640, -0.1030, 0.0102, 0.0896, 0.1680)
_JUNK = bytes.fromhex("00051607000200004d6163204f532058") + bytes(88)
_ZIP_TIME = (2026, 1, 5, 12, 0, 0)
# Part -> (mean, weight of urbanity, weight of deprivation, spread by lot).
_SHAPES: Mapping[str, tuple[float, float, float, float]] = {
    "fys": (0.012, -0.012, -0.010, 0.020),
    "onv": (0.046, -0.045, -0.028, 0.018),
    "soc": (0.022, -0.025, -0.010, 0.015),
    "vrz": (-0.020, 0.075, 0.002, 0.030),
    "won": (0.012, -0.012, -0.018, 0.014),
}


@dataclass(frozen=True, slots=True)
class Score:
    """Scores of one area in one year; the parts are None in years that have the total only."""

    code: str
    naam: str
    year: int
    afw: Decimal
    parts: Mapping[str, Decimal] | None

    @property
    def lbm(self) -> Decimal:
        """The score itself."""
        return self.afw + REFERENCE


class Scores:
    """All scores, drawn once."""

    def __init__(self, geography: Geography, seed: int) -> None:
        self.gemeenten = sorted(geography.existing(DIVISION), key=lambda gemeente: gemeente.code)
        facts = {fact.code: fact for fact in geography.facts(DIVISION, [DIVISION])}
        self.scores = [score for gemeente in self.gemeenten for score in _scores(gemeente, facts[gemeente.code], seed)]

    def write_zip(self, path: Path) -> None:
        """Write the zip, with the debris that the real one carries."""
        gemeente_name = "Leefbaarometer-scores gemeenten 2002-2024.csv"
        wijk_name = "Leefbaarometer-scores wijken 2002-2024.csv"
        wijken = [score for score in self.scores if score.code == self.gemeenten[0].code]
        members: dict[str, bytes] = {
            f"{_FOLDER}/": b"",
            f"{_FOLDER}/{gemeente_name}": _csv("gm", self.scores),
            f"__MACOSX/{_FOLDER}/._{gemeente_name}": _JUNK,
            f"{_FOLDER}/{wijk_name}": _csv("wk", [_as_wijk(score) for score in wijken]),
            f"__MACOSX/{_FOLDER}/._{wijk_name}": _JUNK,
            f"__MACOSX/._{_FOLDER}": _JUNK,
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in members.items():
                file.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)

    def layer(self, rings: Mapping[str, Ring]) -> dict[str, Any]:
        """The map layer of the newest year: six significant digits, classes, no score of its own."""
        newest = [score for score in self.scores if score.year == DIVISION]
        features = [_feature(number, score, rings[score.code]) for number, score in enumerate(newest, start=1)]
        return {
            "type": "FeatureCollection",
            "features": features,
            "totalFeatures": len(features),
            "numberMatched": len(features),
            "numberReturned": len(features),
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}},
        }


def _scores(gemeente: Gemeente, fact: Fact, seed: int) -> Iterator[Score]:
    lot = random.Random(f"{seed}|leefbaarometer|{gemeente.code}")  # noqa: S311  invented figures
    levels = {
        part: mean + urban * fact.urban + deprived * fact.deprived + spread * lot.gauss(0, 1)
        for part, (mean, urban, deprived, spread) in _SHAPES.items()
    }
    trends = {part: 0.0012 * lot.gauss(0.3, 1) for part in PARTS}
    for year in YEARS:
        parts = {
            part: _printed(levels[part] + trends[part] * (year - DIVISION) + 0.003 * lot.gauss(0, 1)) for part in PARTS
        }
        total = sum(parts.values(), Decimal(0))
        yield Score(gemeente.code, gemeente.naam, year, total, parts if year in YEARS_WITH_PARTS else None)


def _printed(value: float) -> Decimal:
    return Decimal(value).quantize(_STEP)


def _as_wijk(score: Score) -> Score:
    return Score(f"WK{score.code[2:]}00", f"{score.naam}-Centrum", score.year, score.afw, score.parts)


def _csv(level: str, scores: Sequence[Score]) -> bytes:
    header = [f"{level}_code", f"{level}_naam", "jaar", "lbm", "afw", *PARTS]
    lines = [",".join(f'"{name}"' for name in header)]
    for score in scores:
        parts = [_digits(score.parts[part]) if score.parts else "NA" for part in PARTS]
        name = score.naam.replace('"', '""')
        lines.append(
            ",".join([f'"{score.code}"', f'"{name}"', str(score.year), _digits(score.lbm), _digits(score.afw), *parts])
        )
    return ("\n".join(lines) + "\n").encode()


def _digits(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _feature(number: int, score: Score, ring: Ring) -> dict[str, Any]:
    parts = score.parts or {}
    six = {part: float(f"{value:.6g}") for part, value in parts.items()}
    afw = float(f"{score.afw:.6g}")
    properties: dict[str, Any] = {
        "id": score.code,
        "name": score.naam,
        "gemeente": score.naam,
        "scale": "gemeente",
        "year": str(score.year),
        "kscore": _class(afw, _SCORE_CUTS),
        "kafw": _class(afw, _CLASS_CUTS),
    }
    order = ("won", "fys", "vrz", "soc", "onv")
    properties |= {f"k{part}": _class(six[part], _CLASS_CUTS) for part in order}
    properties |= {"afw": afw, **{part: six[part] for part in order}}
    return {
        "type": "Feature",
        "id": f"gemeentescore24.{number}",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "geometry_name": "geom",
        "properties": properties,
    }


def _class(value: float, cuts: Sequence[float]) -> int:
    return 1 + sum(value >= cut for cut in cuts)
