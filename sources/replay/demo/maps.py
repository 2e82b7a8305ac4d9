"""A map that nobody can mistake for the real one: a hexagon per gemeente, gathered by province.

Every hexagon lies within the box of the Netherlands, in degrees (WGS84), about where its province is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sources.replay.demo.geography import Gemeente

# Rough middle of each province: longitude, latitude.
_MIDDLES: Mapping[str, tuple[float, float]] = {
    "PV20": (6.75, 53.20), "PV21": (5.80, 53.10), "PV22": (6.65, 52.85), "PV23": (6.45, 52.42),
    "PV24": (5.60, 52.50), "PV25": (5.90, 52.05), "PV26": (5.15, 52.08), "PV27": (4.85, 52.62),
    "PV28": (4.45, 51.98), "PV29": (3.85, 51.45), "PV30": (5.10, 51.58), "PV31": (5.90, 51.25),
}  # fmt: skip
_WEST, _SOUTH, _EAST, _NORTH = 3.35, 50.75, 7.25, 53.55
_RADIUS = 0.058
# A degree of longitude is shorter than one of latitude here.
_NARROW = math.cos(math.radians(52.2))
Ring = list[list[float]]


def hexagons(gemeenten: Sequence[Gemeente]) -> dict[str, Ring]:
    """One hexagon per gemeente: each takes the free place nearest to the middle of its province."""
    free = list(_grid())
    places: dict[str, Ring] = {}
    for gemeente in sorted(gemeenten, key=lambda g: (_remoteness(g.provincie_code), g.code)):
        middle = _MIDDLES[gemeente.provincie_code]
        nearest = min(free, key=lambda place: (_distance(place, middle), place))
        free.remove(nearest)
        places[gemeente.code] = _ring(nearest)
    return places


def _remoteness(province: str) -> float:
    """Provinces at the edge choose first, so that those in the middle do not push them out of the country."""
    return -_distance(_MIDDLES[province], (5.3, 52.1))


def _grid() -> Iterable[tuple[float, float]]:
    high = _RADIUS * math.sqrt(3)
    for column in range(int((_EAST - _WEST) * _NARROW / (1.5 * _RADIUS))):
        for row in range(int((_NORTH - _SOUTH) / high)):
            longitude = _WEST + 1.5 * _RADIUS * column / _NARROW
            yield round(longitude, 5), round(_SOUTH + high * (row + 0.5 * (column % 2)), 5)


def _distance(place: tuple[float, float], other: tuple[float, float]) -> float:
    return math.hypot((place[0] - other[0]) * _NARROW, place[1] - other[1])


def _ring(middle: tuple[float, float]) -> Ring:
    longitude, latitude = middle
    corners = [math.radians(60 * number) for number in range(6)]
    ring = [
        [round(longitude + _RADIUS * math.cos(corner) / _NARROW, 4), round(latitude + _RADIUS * math.sin(corner), 4)]
        for corner in corners
    ]
    return [*ring, ring[0]]


def boundaries(gemeenten: Sequence[Gemeente], rings: Mapping[str, Ring], year: int) -> dict[str, Any]:
    """The boundary file of one year, with the property names of the real one."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [rings[gemeente.code]]},
            "properties": {
                "FID": f"gemeente_gegeneraliseerd.{number}",
                "id": number,
                "jrstatcode": f"{year}{gemeente.code}",
                "rubriek": "gemeente",
                "statcode": gemeente.code,
                "statnaam": gemeente.naam,
            },
            "id": gemeente.code,
        }
        for number, gemeente in enumerate(gemeenten, start=1)
    ]
    return {"type": "FeatureCollection", "features": features}
