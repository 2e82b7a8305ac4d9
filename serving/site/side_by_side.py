"""The figures of one area in the shape that the page which compares reads: per KPI the newest figure and its series.

Every text is written here, with the words of the command line; the script of the page only puts them in place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from serving.render import with_unit
from serving.site.by_area import ByArea
from serving.words import interval, marks, reason, trend, verdict

Row = Mapping[str, Any]

_FIGURES = """
select
    figure.*,
    nl.oordeel as oordeel_nl,
    nl.reden as oordeel_nl_reden,
    nl.positie as positie_nl,
    nl.vergelijkingswaarde as vergeleken,
    nl.vergelijkingseenheid as vergeleken_eenheid,
    nl.benchmark_waarde as benchmark_nl,
    kpi_trend.van_periode as trend_sinds
from kpi_gemeente as figure
inner join kpi on figure.kpi_id = kpi.kpi_id and figure.model_versie = kpi.model_versie and kpi.geldend
left join kpi_vergelijking as nl
    on figure.kpi_id = nl.kpi_id and figure.model_versie = nl.model_versie and figure.uitsplitsing = nl.uitsplitsing
    and figure.gemeente_code = nl.gemeente_code and figure.periode = nl.periode and nl.benchmark_type = 'nl'
left join kpi_trend
    on figure.kpi_id = kpi_trend.kpi_id and figure.model_versie = kpi_trend.model_versie
    and figure.uitsplitsing = kpi_trend.uitsplitsing and figure.gemeente_code = kpi_trend.gemeente_code
where figure.hoofduitsplitsing
order by figure.gemeente_code, figure.kpi_id
"""
# A figure of which the territory, the method or the calculation is another one does not go on in the same line.
_SERIES = """
select
    point.gemeente_code, point.kpi_id, point.periode, point.jaar, point.waarde, point.eenheid,
    point.status is distinct from 'definitief' as is_open,
    (point.variant, point.is_herleid, point.breuk) as deel
from kpi_waarde as point
inner join kpi on point.kpi_id = kpi.kpi_id and point.model_versie = kpi.model_versie and kpi.geldend
inner join kpi_gemeente as head
    on point.kpi_id = head.kpi_id and point.model_versie = head.model_versie
    and point.uitsplitsing = head.uitsplitsing and point.gemeente_code = head.gemeente_code and head.hoofduitsplitsing
where point.hoofdreeks
order by point.gemeente_code, point.kpi_id, point.jaar, point.periode
"""
_GOES_ON, _AFTER_BREAK, _AFTER_GAP = 0, 1, 2


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
    is_compared = has_figure and (row["familie"] == "impact" or row["oordeel_nl_reden"] != "geen_benchmark")
    yield _short(row["waarde"]) if has_figure else None
    yield _value(row)
    yield row["periode"]
    yield row["oordeel_nl"] if is_compared else None
    yield _place(texts, _verdict(row) if is_compared else "")
    yield _place(texts, _firmness(row) if has_figure else "")
    yield _place(texts, trend(row, row["trend_sinds"]) if has_figure else "")
    yield _place(texts, "" if has_figure else reason(row["ontbreekt_reden"]))


def _value(row: Row) -> str:
    """The figure, and where it was compared in another unit, as with counts, also as it was compared."""
    value = with_unit(row["waarde"], row["eenheid"])
    compared = with_unit(row["vergeleken"], row["vergeleken_eenheid"])
    return f"{value} ({compared})" if compared and row["vergeleken_eenheid"] != row["eenheid"] else value


def _place(texts: dict[str, int], text: str) -> int | None:
    return texts.setdefault(text, len(texts)) if text else None


def _verdict(row: Row) -> str:
    compared = {
        "oordeel": row["oordeel_nl"],
        "oordeel_reden": row["oordeel_nl_reden"],
        "richting": row["richting"],
        "positie": row["positie_nl"],
        "benchmark_type": "nl",
    }
    unit = row["vergeleken_eenheid"]
    return verdict(compared, with_unit(row["vergeleken"], unit), with_unit(row["benchmark_nl"], unit))


def _firmness(row: Row) -> str:
    low, high = with_unit(row["oi_laag"], row["eenheid"]), with_unit(row["oi_hoog"], row["eenheid"])
    return "; ".join(part for part in (", ".join(marks(row)), interval(row, low, high)) if part)


def _points(series: list[Row], periods: list[str]) -> list[list[Any] | None]:
    """One point for each period of the KPI, without the empty ones at the end."""
    found: dict[str, list[Any]] = {}
    previous: Row | None = None
    is_missing = False
    for row in series:
        if row["waarde"] is None:
            is_missing = True
            continue
        kind = _kind(previous, row, is_missing=is_missing)
        found[row["periode"]] = _without_zeros([_short(row["waarde"]), _bare(row), kind, int(row["is_open"])])
        previous, is_missing = row, False
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


def _kind(previous: Row | None, row: Row, *, is_missing: bool) -> int:
    if previous is None:
        return _GOES_ON
    if is_missing or previous["deel"] != row["deel"]:
        return _AFTER_BREAK
    return _AFTER_GAP if row["jaar"] - previous["jaar"] > 1 else _GOES_ON
