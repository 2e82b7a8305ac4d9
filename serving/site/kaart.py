"""The map of the gemeenten on a flat grid of whole numbers: small enough to ship, and the same for every drawing."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from serving.site.embed import script_text
from serving.site.page import File

MAP_WIDTH = 1000
MAP_PATH = "assets/kaart.js"

# A ring closes on its first point: three corners and that one again.
_SMALLEST_RING = 4

# Half way up Nederland: there a degree east is this part of a degree north.
_SHRINK = math.cos(math.radians(52.2))

Point = tuple[int, int]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class SvgMap:
    """A map as SVG.

    Attributes:
        view_box: For the `viewBox` of the svg element.
        paths: The `d` of the path of each gemeente, by code, in order of the boundaries.
    """

    view_box: str
    paths: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Grid:
    west: float
    north: float
    scale: float
    width: int
    height: int

    def point(self, position: list[float]) -> Point:
        east, north = position[0], position[1]
        return round((east - self.west) * _SHRINK * self.scale), round((self.north - north) * self.scale)


def svg_paths(boundaries: Mapping[str, Any], width: int = MAP_WIDTH) -> SvgMap:
    """Draw each gemeente as one path of relative whole numbers.

    Args:
        boundaries: GeoJSON FeatureCollection in degrees, `statcode` in its properties.
        width: Width of the drawing in its own units; more units keep more of each bend.
    """
    grid = _grid(boundaries, width)
    paths = {
        feature["properties"]["statcode"]: "".join(
            _path(ring) for polygon in _flat_polygons(feature["geometry"], grid) for ring in polygon
        )
        for feature in boundaries["features"]
    }
    return SvgMap(f"0 0 {grid.width} {grid.height}", paths)


def map_file(boundaries: Mapping[str, Any]) -> File:
    """Write the map for the charts: GeoJSON on the flat grid, so that the browser need not project it.

    The page gets it as `kaart`: a FeatureCollection with `breedte` and `hoogte` of the grid beside it.

    Args:
        boundaries: As for `svg_paths`, with `statnaam` too.
    """
    grid = _grid(boundaries, MAP_WIDTH)
    features = [
        {
            "type": "Feature",
            "properties": {name: feature["properties"][name] for name in ("statcode", "statnaam")},
            "geometry": {"type": "MultiPolygon", "coordinates": _flat_polygons(feature["geometry"], grid)},
        }
        for feature in boundaries["features"]
    ]
    collection = {"type": "FeatureCollection", "breedte": grid.width, "hoogte": grid.height, "features": features}
    return File(MAP_PATH, script_text("kaart", collection))


def _grid(boundaries: Mapping[str, Any], width: int) -> _Grid:
    positions = [
        position
        for feature in boundaries["features"]
        for polygon in _polygons(feature["geometry"])
        for ring in polygon
        for position in ring
    ]
    east, north = [position[0] for position in positions], [position[1] for position in positions]
    west, top = min(east), max(north)
    scale = width / ((max(east) - west) * _SHRINK)
    return _Grid(west, top, scale, width, math.ceil((top - min(north)) * scale))


def _polygons(geometry: Mapping[str, Any]) -> list[list[list[list[float]]]]:
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def _flat_polygons(geometry: Mapping[str, Any], grid: _Grid) -> list[list[Ring]]:
    """The polygons on the grid without what is too small to see there; of a gemeente something always stays."""
    polygons = [[_flat(ring, grid) for ring in polygon] for polygon in _polygons(geometry)]
    seen = [
        [ring for ring in polygon if len(ring) >= _SMALLEST_RING]
        for polygon in polygons
        if len(polygon[0]) >= _SMALLEST_RING
    ]
    return seen or [[_dot(polygons[0][0][0])]]


def _flat(ring: list[list[float]], grid: _Grid) -> Ring:
    return list(_without_repeats(grid.point(position) for position in ring))


def _without_repeats(points: Iterator[Point]) -> Iterator[Point]:
    previous = None
    for point in points:
        if point != previous:
            yield point
        previous = point


def _dot(point: Point) -> Ring:
    x, y = point
    return [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]


def _path(ring: Ring) -> str:
    (x, y), *rest = ring
    steps = []
    for next_x, next_y in rest[:-1]:
        steps.append(f"{next_x - x} {next_y - y}")
        x, y = next_x, next_y
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z".replace(" -", "-")
