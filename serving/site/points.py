"""The aandachtspunten of an area, and what is favourable beside them, as a page shows them.

Reads the table `aandachtspunten`; what is a point, and on what ground, was decided in the mart. The same sentences and
the same order as on the terminal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from serving.points import brief_remarks, ground_of, remarks, sentence
from serving.site.by_area import ByArea
from serving.words import GROUND, POINT

Row = Mapping[str, Any]

# What only has a place among the gemeenten is shown when asked for: there is much of it, and nothing was tested.
_FOLDED = "positie"

_POINTS = """
select
    a.*, k.label, k.gekozen, k.soort, k.kanttekening,
    a.uitsplitsing = coalesce(k.hoofduitsplitsing, a.uitsplitsing) as is_hoofd
from aandachtspunten as a inner join kpi as k using (kpi_id, model_versie)
order by a.gemeente_code, a.leefgebied nulls last, split_part(a.kpi_id, ' ', 1),
    try_cast(split_part(a.kpi_id, ' ', 2) as integer) nulls last, a.kpi_id, a.uitsplitsing
"""


@dataclass(frozen=True, slots=True)
class Point:
    """One aandachtspunt or favourable point.

    Attributes:
        kpi_id: Id of the KPI.
        uitsplitsing: Code; None for the one that stands for the KPI.
        zin: The point in a sentence.
        opmerkingen: What a stand-in measures, trend, how firm the figure is, and what to lay beside it.
        kort: Of those what may not be missing in a short list.
    """

    kpi_id: str
    uitsplitsing: str | None
    zin: str
    opmerkingen: tuple[str, ...]
    kort: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Points on one ground.

    Attributes:
        titel: How firm they are.
        is_open: Shown at once.
        hoofd: Points of what stands for its KPI.
        groepen: Points of the other uitsplitsingen.
    """

    titel: str
    is_open: bool
    hoofd: tuple[Point, ...]
    groepen: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Aandachtspunten, or what is favourable.

    Attributes:
        titel: Heading.
        aantal: Number of points.
        gronden: The firmest first.
        buiten: Points of KPIs that the organisation did not choose.
    """

    titel: str
    aantal: int
    gronden: tuple[Ground, ...]
    buiten: tuple[Point, ...]


class Points:
    """The points of every area, for whoever asks for the areas in order of code."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._rows = ByArea(connection, _POINTS)

    def take(self, code: str) -> list[Kind]:
        """Return aandachtspunten and favourable points of an area; both always there, though they may be empty."""
        rows = self._rows.take(code)
        return [_kind(title, [row for row in rows if row["soort_punt"] == kind]) for kind, title in POINT.items()]


def _kind(title: str, rows: Sequence[Row]) -> Kind:
    chosen = [row for row in rows if row["gekozen"]]
    grounds = (_ground(ground, why, chosen) for ground, why in GROUND.items())
    return Kind(
        titel=title,
        aantal=len(chosen),
        gronden=tuple(ground for ground in grounds if ground.hoofd or ground.groepen),
        buiten=_points(row for row in rows if not row["gekozen"]),
    )


def _ground(code: str, title: str, rows: Iterable[Row]) -> Ground:
    found = [row for row in rows if ground_of(row) == code]
    return Ground(
        titel=title,
        is_open=code != _FOLDED,
        hoofd=_points(row for row in found if row["is_hoofd"]),
        groepen=_points(row for row in found if not row["is_hoofd"]),
    )


def _points(rows: Iterable[Row]) -> tuple[Point, ...]:
    return tuple(map(_point, rows))


def _point(row: Row) -> Point:
    return Point(
        kpi_id=row["kpi_id"],
        uitsplitsing=None if row["is_hoofd"] else row["uitsplitsing"],
        zin=sentence(row),
        opmerkingen=remarks(row),
        kort=brief_remarks(row),
    )
