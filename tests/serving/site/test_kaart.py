"""The map on its grid: every gemeente stays, the shape is right, and nothing is in it that is not drawn."""

import json
from typing import Any

import pytest

from serving.site.kaart import MAP_WIDTH, map_file, svg_paths
from tests.serving.conftest import BOUNDARIES

SPECK = {
    "type": "Feature",
    "properties": {"statcode": "GM9001", "statnaam": "Stip", "jrstatcode": "2026GM9001"},
    "geometry": {
        "type": "MultiPolygon",
        "coordinates": [[[[4.80001, 51.7], [4.80002, 51.7], [4.80002, 51.70001], [4.80001, 51.7]]]],
    },
}


def _collection() -> dict[str, Any]:
    return json.loads(map_file(BOUNDARIES).content.partition(",")[2].rstrip().removesuffix(");"))  # type: ignore[no-any-return]


def test_a_block_is_drawn_with_the_shape_it_has_on_the_ground() -> None:
    """Failure: Nederland drawn in degrees is two thirds too wide."""
    drawn = svg_paths(BOUNDARIES, width=1000)

    # 0,7 degree wide at cos(52,2), 0,6 degree high.
    assert drawn.view_box == "0 0 1000 1399"
    assert drawn.paths["GM0758"] == "M714 1398l286 0 0-233-286 0z"


def test_a_gemeente_too_small_for_the_grid_stays() -> None:
    """Failure: the smallest gemeente vanishes from the map, without a word."""
    boundaries = {"type": "FeatureCollection", "features": [*BOUNDARIES["features"], SPECK]}

    drawn = svg_paths(boundaries, width=100)

    assert drawn.paths["GM9001"].endswith("l1 0 0 1-1 0z")


@pytest.mark.parametrize("width", [50, 5000])
def test_points_that_fall_together_are_dropped(width: int) -> None:
    """Failure: a coast of a thousand points in one pixel makes the page heavy."""
    bend = [[4.0, 52.0], [4.0001, 52.0], [4.0002, 52.0], [4.5, 52.0], [4.5, 52.5], [4.0, 52.0]]
    feature = {
        "type": "Feature",
        "properties": {"statcode": "GM1"},
        "geometry": {"type": "Polygon", "coordinates": [bend]},
    }

    path = svg_paths({"features": [feature]}, width=width).paths["GM1"]

    steps = path.partition("l")[2].removesuffix("z").replace("-", " -").split()
    assert len(steps) // 2 == (2 if width == 50 else 4)


def test_map_for_the_charts_has_whole_numbers_and_names_only() -> None:
    """Failure: the boundary service's own columns, or twelve decimals, make the map three times as heavy."""
    collection = _collection()

    breda = collection["features"][0]
    assert breda["properties"] == {"statcode": "GM0758", "statnaam": "Breda"}
    ring = breda["geometry"]["coordinates"][0][0]
    assert all(isinstance(number, int) for point in ring for number in point)
    assert collection["breedte"] == MAP_WIDTH
    assert max(y for _, y in ring) <= collection["hoogte"]


def test_north_is_up() -> None:
    """Failure: a map upside down, for the browser counts downwards."""
    breda, den_haag = (feature["geometry"]["coordinates"][0][0] for feature in _collection()["features"])

    assert min(y for _, y in den_haag) < min(y for _, y in breda)
