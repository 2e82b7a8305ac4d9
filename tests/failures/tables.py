"""The three tables: their releases, every figure of which follows from its number, and how a service serves them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sources.registry import Expectations, Registry, UnitRange
from tests.archives import CBS, DERDEN, Dim, Top, periods, regions, write_table
from tests.registries import by_key, registry, row, table
from tests.stage import product

HURT, SIBLING, GUEST = "80001NED", "80002NED", "50001NED"
"""The table that is hurt, a healthy one of the same service, and one of the other service."""
HOSTS = {HURT: CBS, SIBLING: CBS, GUEST: DERDEN}
TABLES = [table(HURT), table(SIBLING), table(GUEST, bron="rivm", host=DERDEN)]
BRON_IDS = {item.table_id: item.bron_id for item in TABLES}
LARGE_ROWS = 25_000
_KINDS = {"E35   ": "openbare dronkenschap", "E38   ": "alcohol"}
_ABOLISHED = "GM0999"
_AREAS = ("NL01", "GM0001", "GM0002", "GM0003", _ABOLISHED)
_YEARS = ("2024JJ00", "2025JJ00")
_OTHER_AREA = "PV20"
_UNIT = "misdrijven"

Figures = list[tuple[str, str, str, float | None]]
"""Area, period, other dimensions and value of every figure of an edition, in order."""


def asked() -> Registry:
    """What the registry asks of the three tables."""
    series = {HURT: "gekwetst", SIBLING: "gezond", GUEST: "gast"}
    rows = [
        row(key, name, bron_id=BRON_IDS[key], eenheid=_UNIT, dimension_filters={"Soort": by_key("E35")})
        for key, name in series.items()
    ]
    kpis = {name: (f"I 9.9.{number}",) for number, name in enumerate(series.values(), start=1)}
    expected = Expectations({_UNIT: UnitRange(_UNIT, 0, 10_000_000, "geen")})
    return replace(registry(TABLES, rows, kpis), expectations=expected)


@dataclass(frozen=True)
class Release:
    """One release of a table as a service has it; no two releases have a figure in common.

    Attributes:
        number: counts up; every figure and the stamp follow from it.
        large: 25,000 areas (three pages) instead of five.
        stamp: release whose stamp it carries; its own unless history is corrected in silence.
    """

    number: int
    large: bool = False
    stamp: int | None = None

    @property
    def modified(self) -> str:
        return f"2026-{(self.stamp or self.number):02}-13T02:00:00"

    def areas(self) -> list[str]:
        return [f"GM{i:05}" for i in range(LARGE_ROWS)] if self.large else list(_AREAS)

    def years(self) -> list[str]:
        return list(_YEARS[:1] if self.large else _YEARS)

    def value(self, table_id: str, kind: str, place: int) -> float:
        """A figure that is another one as a Single of the database (7888.2)."""
        step = 100_000 if self.large else 1_000
        whole = (self.number * 10 + list(HOSTS).index(table_id) + 1) * step + place
        return float(f"{whole + (step // 2 if kind.strip() == 'E38' else 0)}.2")

    def truth(self, table_id: str) -> Figures:
        """Every figure that an edition of this release has to hold, and no other."""
        places = [(area, year) for area in self.areas() for year in self.years()]
        return in_order(
            (area, year, '{"Soort":"E35"}', None if area == _ABOLISHED and not self.large else value)
            for (area, year), value in zip(
                places, (self.value(table_id, "E35", n) for n in range(len(places))), strict=True
            )
        )


@dataclass(frozen=True)
class Shape:
    """How a release is served; the defaults are how it ought to be.

    Attributes:
        measure: column of the figures.
        other: a column that nobody asks for.
        datatype: of the column of the figures.
        row_keys: key of each kind as it stands in the rows, where it is not the key of the list.
        rows: which rows are served, as a condition on (kind, area, year).
        doubled: every figure a second time, with another value.
        added: columns beside the others, each with figures of its own.
        factor: what every figure is multiplied with.
    """

    measure: str = "Waarde_7"
    other: str = "Aantal_8"
    datatype: str = "Double"
    row_keys: Mapping[str, str] = field(default_factory=dict)
    rows: Callable[[str, str, str], bool] = lambda *_: True
    doubled: bool = False
    added: tuple[Top, ...] = ()
    factor: float = 1


def in_order(figures: Iterable[tuple[str, str, str, float | None]]) -> Figures:
    """By what they are of; of two values of one thing the known one first."""
    return sorted(figures, key=lambda one: (one[:3], one[3] is None, one[3] or 0.0))


def serve_release(archive: Path, table_id: str, release: Release, shape: Shape) -> None:
    """Write one release into the archive: two kinds of which one is asked, and an area that nobody asks for."""
    dimensions = [
        Dim("Soort", dict(_KINDS)),
        regions("NL01", "GM0001", _OTHER_AREA),
        periods(*release.years()),
    ]
    topics = [
        Top(shape.measure, _UNIT, shape.datatype, "Waarde"),
        Top(shape.other, "aantal", "Long"),
        Top("Postcode_9", "", "String"),
        *shape.added,
    ]
    stamp = release.modified
    write_table(
        archive, table_id, dimensions, topics, _rows(table_id, release, shape),
        host=HOSTS[table_id], modified=stamp, metadata_modified=stamp,
    )  # fmt: skip


def _rows(table_id: str, release: Release, shape: Shape) -> list[list[Any]] | str:
    if release.large:
        first = release.value(table_id, "E35", 0)
        return f"""
            select i::integer as ID, 'E35   ' as Soort, if(i < {LARGE_ROWS}, 'GM' || lpad(i::varchar, 5, '0'), 'PV20')
                as RegioS, '{_YEARS[0]}' as Perioden, ((({int(first)} + i)::varchar) || '.2')::double as Waarde_7,
                i as Aantal_8, '     .' as Postcode_9
            from range({LARGE_ROWS + 1}) as t(i)
        """
    rows = []
    for kind in _KINDS:
        for place, (area, year) in enumerate(product([*release.areas(), _OTHER_AREA], release.years())):
            if not shape.rows(kind.strip(), area, year):
                continue
            value = None if area == _ABOLISHED else release.value(table_id, kind, place) * shape.factor
            line = [
                shape.row_keys.get(kind, kind),
                area.ljust(6),
                year,
                value,
                place,
                "     .",
                *(float(place) for _ in shape.added),
            ]
            rows.append(line)
            if shape.doubled:
                rows.append([*line[:3], 0.5, *line[4:]])
    return rows
