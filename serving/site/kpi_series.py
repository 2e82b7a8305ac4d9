"""The series of one KPI in every area, with its breaks: for the line of its page, and for the table beside it.

How one figure follows the other is told by `serving.site.joins`, as on every page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import duckdb

from serving.render import with_unit
from serving.site.by_area import ByArea
from serving.site.joins import Join, joins
from serving.site.kpi_figures import drawn
from serving.words import STATUS, reason

Row = Mapping[str, Any]

_SERIES = """
select
    w.kpi_id, w.uitsplitsing, w.gemeente_code, w.periode, w.jaar, w.waarde, w.eenheid, w.oi_laag, w.oi_hoog, w.status,
    w.variant, w.breuk, w.is_herleid, w.ontbreekt_reden, v.vergelijkingswaarde, v.vergelijkingseenheid,
    v.oi_laag as vergelijking_laag, v.oi_hoog as vergelijking_hoog
from kpi_waarde as w
inner join kpi as k on w.kpi_id = k.kpi_id and w.model_versie = k.model_versie and k.geldend
left join kpi_vergelijking as v
    on w.kpi_id = v.kpi_id and w.model_versie = v.model_versie and w.variant = v.variant
    and w.uitsplitsing = v.uitsplitsing and w.gemeente_code = v.gemeente_code and w.periode = v.periode
    and v.benchmark_type = 'nl'
where w.hoofdreeks
order by w.kpi_id, w.uitsplitsing, w.gemeente_code, w.jaar, w.periode
"""
_FINAL = {None, "definitief"}

Period = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Moment:
    """One period of a series.

    Attributes:
        periode: As it is called.
        jaar: For its place.
        waarde: Number as it is drawn; None when there is none.
        tekst: The figure with its unit, or the reason why there is none.
        laag: Lower end of the interval.
        hoog: Upper end.
        soort: How it follows the figure before it.
        status: In words when it is not final, else empty.
    """

    periode: str
    jaar: int
    waarde: float | None
    tekst: str
    laag: float | None
    hoog: float | None
    soort: Join
    status: str


@dataclass(frozen=True, slots=True)
class Series:
    """The series of one uitsplitsing.

    Attributes:
        periods: Every period in which anything was measured.
        rows: Rows of kpi_waarde by code of the area.
        unit: Unit of the drawing.
    """

    periods: Sequence[Period] = ()
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    unit: str = ""

    def moments(self, code: str) -> list[Moment | None]:
        """Give an area one moment for each period; None where the mart has no row."""
        return list(_moments(self.rows.get(code, ()), self.periods, self.unit))

    def script_value(self) -> dict[str, Any]:
        """Give it as `impactKpi.trendgegevens` of assets/grafiek.js expects it."""
        return {
            "periodes": [{"periode": name, "jaar": year} for year, name in self.periods],
            "reeksen": {code: [_packed(moment) for moment in self.moments(code)] for code in self.rows},
        }


class AllSeries:
    """The series of every KPI in force, for whoever asks for the KPIs in order of id."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._rows = ByArea(connection, _SERIES, "kpi_id")

    def take(self, kpi_id: str, units: Mapping[str, str]) -> dict[str, Series]:
        """Return the series that stand for a KPI, by uitsplitsing.

        Args:
            kpi_id: The KPI.
            units: Unit of the drawing, by uitsplitsing.
        """
        by_code = groupby(self._rows.take(kpi_id), key=lambda row: str(row["uitsplitsing"]))
        return {code: _series(list(group), units[code]) for code, group in by_code if code in units}


def _series(rows: Sequence[Row], unit: str) -> Series:
    periods = sorted({(row["jaar"], row["periode"]) for row in rows if row["waarde"] is not None})
    by_area = groupby(rows, key=lambda row: str(row["gemeente_code"]))
    return Series(periods, {code: list(group) for code, group in by_area}, unit)


def _moments(rows: Sequence[Row], periods: Sequence[Period], unit: str) -> Iterator[Moment | None]:
    steps = joins(rows, lambda row: drawn(row, unit)[0] is not None)
    found = {
        row["periode"]: _missing(row) if step is None else _measured(row, unit, step)
        for row, step in zip(rows, steps, strict=True)
    }
    return (found.get(name) for _, name in periods)


def _missing(row: Row) -> Moment:
    text = "Er is geen cijfer om te tekenen" if row["waarde"] is not None else reason(row["ontbreekt_reden"])
    return Moment(row["periode"], row["jaar"], None, text, None, None, Join.GOES_ON, "")


def _measured(row: Row, unit: str, join: Join) -> Moment:
    value, low, high = drawn(row, unit)
    status = "" if row["status"] in _FINAL else STATUS.get(row["status"], str(row["status"]))
    return Moment(row["periode"], row["jaar"], value, with_unit(value, unit), low, high, join, status)


def _packed(moment: Moment | None) -> list[Any] | None:
    if moment is None:
        return None
    values = [moment.waarde, moment.tekst, moment.laag, moment.hoog, moment.soort, int(bool(moment.status))]
    while values[-1] in {None, 0} and len(values) > 2:  # noqa: PLR2004  the figure and its text always stay
        values.pop()
    return values
