"""The figures of one area in the shape that the page which compares reads: per KPI the newest figure and its series.

Every text is written here, with the words of the command line; the script of the page only puts them in place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from serving.newest import NEWEST
from serving.render import with_unit
from serving.site.by_area import ByArea
from serving.site.joins import joins
from serving.words import interval, marks, reason, trend, verdict

Row = Mapping[str, Any]

_FIGURES = f"select * from ({NEWEST}) where hoofduitsplitsing order by gemeente_code, kpi_id"
_SERIES = """
select
    point.gemeente_code, point.kpi_id, point.periode, point.jaar, point.waarde, point.eenheid,
    point.status is distinct from 'definitief' as is_open, point.variant, point.breuk, point.is_herleid
from kpi_waarde as point
inner join kpi on point.kpi_id = kpi.kpi_id and point.model_versie = kpi.model_versie and kpi.geldend
inner join kpi_gemeente as head
    on point.kpi_id = head.kpi_id and point.model_versie = head.model_versie
    and point.uitsplitsing = head.uitsplitsing and point.gemeente_code = head.gemeente_code and head.hoofduitsplitsing
where point.hoofdreeks
order by point.gemeente_code, point.kpi_id, point.jaar, point.periode
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one area.

    Attributes:
        teksten: Each sentence once; a figure names its sentences by their place here.
        kpis: By KPI [waarde, tekst, periode, oordeel, oordeel-zin, zekerheid-zin, trend-zin, reden, reeks], with a
            place in `teksten` or null for each sentence, and a point [waarde, getal, soort, open] or null for each
            period of the KPI; zeros and nulls at the end are left out.
    """

    teksten: list[str]
    kpis: dict[str, list[Any]]

    def as_record(self) -> dict[str, Any]:
        """Return what the script of the area holds."""
        return {"teksten": self.teksten, "kpis": self.kpis}


class AreaFigures:
    """Reads the figures of the areas, asked for in order of code, in one pass."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, periods: Mapping[str, list[str]]) -> None:
        self._figures = ByArea(connection, _FIGURES)
        self._series = ByArea(connection, _SERIES)
        self._periods = periods

    def take(self, code: str) -> Figures:
        """Return the figures of an area; without KPIs when it has none."""
        series: dict[str, list[Row]] = {}
        for point in self._series.take(code):
            series.setdefault(point["kpi_id"], []).append(point)
        texts: dict[str, int] = {}
        kpis = {}
        for row in self._figures.take(code):
            points = _points(series.get(row["kpi_id"], []), self._periods.get(row["kpi_id"], []))
            kpis[row["kpi_id"]] = [*_cell(row, texts), points]
        return Figures(list(texts), kpis)


def _cell(row: Row, texts: dict[str, int]) -> Iterator[Any]:
    has_figure = row["waarde"] is not None
    # What only the organisation counts has no counterpart in Nederland: saying so at each figure is noise.
    is_compared = has_figure and (row["familie"] == "impact" or row["nl_reden"] != "geen_benchmark")
    yield _short(row["waarde"]) if has_figure else None
    yield _value(row)
    yield row["periode"]
    yield row["nl_oordeel"] if is_compared else None
    yield _place(texts, _verdict(row) if is_compared else "")
    yield _place(texts, _firmness(row) if has_figure else "")
    yield _place(texts, trend(row, row["trend_sinds"]) if has_figure else "")
    yield _place(texts, "" if has_figure else reason(row["ontbreekt_reden"]))


def _value(row: Row) -> str:
    """The figure, and where it was compared in another unit, as with counts, also as it was compared."""
    value = with_unit(row["waarde"], row["eenheid"])
    compared = with_unit(row["nl_vergeleken"], row["nl_eenheid"])
    return f"{value} ({compared})" if compared and row["nl_eenheid"] != row["eenheid"] else value


def _place(texts: dict[str, int], text: str) -> int | None:
    return texts.setdefault(text, len(texts)) if text else None


def _verdict(row: Row) -> str:
    compared = {
        "oordeel": row["nl_oordeel"],
        "oordeel_reden": row["nl_reden"],
        "richting": row["richting"],
        "positie": row["nl_positie"],
        "benchmark_type": "nl",
    }
    unit = row["nl_eenheid"]
    return verdict(compared, with_unit(row["nl_vergeleken"], unit), with_unit(row["nl_benchmark"], unit))


def _firmness(row: Row) -> str:
    low, high = with_unit(row["oi_laag"], row["eenheid"]), with_unit(row["oi_hoog"], row["eenheid"])
    return "; ".join(part for part in (", ".join(marks(row)), interval(row, low, high)) if part)


def _points(series: list[Row], periods: list[str]) -> list[list[Any] | None]:
    """One point for each period of the KPI, without the empty ones at the end."""
    found: dict[str, list[Any]] = {}
    for row, join in zip(series, joins(series), strict=True):
        if join is not None:
            found[row["periode"]] = _without_zeros([_short(row["waarde"]), _bare(row), join, int(row["is_open"])])
    points = [found.get(period) for period in periods]
    while points and points[-1] is None:
        points.pop()
    return points


def _short(value: float) -> float | int:
    """The same number; a whole one without a decimal, which saves a tenth of a script."""
    return int(value) if value.is_integer() else value


def _bare(row: Row) -> str:
    """A figure as it is shown, without its unit, which is the same for the whole series."""
    return with_unit(row["waarde"], row["eenheid"]).partition(" ")[0]


def _without_zeros(point: list[Any]) -> list[Any]:
    while point[-1] == 0 and len(point) > 2:  # noqa: PLR2004 (the figure and its text always stay)
        point.pop()
    return point
