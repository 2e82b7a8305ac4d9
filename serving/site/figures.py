"""The figures of an area as a page shows them: text in Dutch, from one row of the mart.

Reads kpi_gemeente with the comparisons with Nederland and with the buurgroep, the trend and the series beside it.
Nothing is computed: every figure was stored, and every sentence comes from `serving.words`, as on the terminal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

from serving.newest import NEWEST
from serving.render import with_unit
from serving.site.by_area import ByArea
from serving.site.joins import Join, joins
from serving.site.sparkline import Moment
from serving.words import interval, marks, measured, position, reason, trend, verdict

Row = Mapping[str, Any]

BENCHMARKS = ("nl", "buurgroep")

_FIGURES = f"select * from ({NEWEST}) order by gemeente_code, hoofduitsplitsing desc, uitsplitsing"
_SERIES = """
select
    w.gemeente_code, w.kpi_id, w.uitsplitsing, w.periode, w.jaar, w.waarde, w.eenheid, w.ontbreekt_reden, w.variant,
    w.breuk, w.is_herleid
from kpi_waarde as w
inner join kpi as k on k.kpi_id = w.kpi_id and k.model_versie = w.model_versie and k.geldend
where w.hoofdreeks
order by w.gemeente_code, w.kpi_id, w.uitsplitsing, w.jaar, w.periode
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure beside one benchmark.

    Attributes:
        waarde: That of the benchmark; empty when there is none.
        oordeel: Code of the verdict; None when nothing was compared.
        zin: The verdict in a sentence; empty when nothing was compared.
    """

    waarde: str
    oordeel: str | None
    zin: str


@dataclass(frozen=True, slots=True)
class Figure:
    """The newest figure of a KPI and uitsplitsing of an area, as text.

    Attributes:
        kpi_id: Id of the KPI.
        label: Name the organisation gave it, else that of the model.
        familie: Family of the KPI.
        leefgebied: Number; None for what belongs to none.
        leefgebied_naam: Its name.
        uitsplitsing: Code.
        groep: Name of the uitsplitsing; empty for the total.
        is_hoofd: It stands for the KPI.
        gekozen: The organisation chose it.
        waarde: Figure with unit; empty when there is none.
        reden: Why there is none; empty when there is one.
        periode: Of the figure; empty when there is none.
        merken: What a reader must know of it.
        interval: Uncertainty, without its method; empty when there is none.
        interval_lang: The same with its method.
        vergeleken: Figure as it was compared, when in another unit; else empty.
        nl: Beside Nederland.
        buurgroep: Beside the gemeenten that are like this one.
        positie: Place among all gemeenten, 0 to 100; None when it has none.
        positie_zin: The same in words.
        trend: In words; empty when nobody looked.
        reeks: The series, for the line.
        reeks_zin: The series in words.
        definitie: What the KPI is.
        toelichting: What the figure says and does not say; may be empty.
        gemeten: What a stand-in is really about; empty for any other figure.
        bron: Attribution.
    """

    kpi_id: str
    label: str
    familie: str
    leefgebied: int | None
    leefgebied_naam: str | None
    uitsplitsing: str
    groep: str
    is_hoofd: bool
    gekozen: bool
    waarde: str
    reden: str
    periode: str
    merken: tuple[str, ...]
    interval: str
    interval_lang: str
    vergeleken: str
    nl: Compared
    buurgroep: Compared
    positie: float | None
    positie_zin: str
    trend: str
    reeks: tuple[Moment, ...]
    reeks_zin: str
    definitie: str
    toelichting: str
    gemeten: str
    bron: str


class Figures:
    """The figures of every area, for whoever asks for the areas in order of code."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._figures = ByArea(connection, _FIGURES)
        self._series = ByArea(connection, _SERIES)

    def take(self, code: str) -> list[Figure]:
        """Return the figures of an area: first what stands for its KPI, then the other uitsplitsingen."""
        found = groupby(self._series.take(code), key=lambda row: (row["kpi_id"], row["uitsplitsing"]))
        series = {key: list(rows) for key, rows in found}
        rows = self._figures.take(code)
        return [figure_of(row, series.get((row["kpi_id"], row["uitsplitsing"]), ())) for row in rows]


def figure_of(row: Row, series: Sequence[Row]) -> Figure:
    """Turn a row into what a page shows.

    Args:
        row: Of kpi_gemeente, with its comparisons under `nl_` and `buurgroep_`.
        series: Rows of kpi_waarde of the same KPI, uitsplitsing and area, in order of period.
    """
    unit = row["eenheid"]
    low, high = with_unit(row["oi_laag"], unit), with_unit(row["oi_hoog"], unit)
    has_value = row["waarde"] is not None
    same_unit = [moment for moment in series if moment["eenheid"] == unit]
    moments = [Moment(one["jaar"], one["waarde"], join) for one, join in zip(same_unit, joins(same_unit), strict=True)]
    return Figure(
        kpi_id=row["kpi_id"],
        label=row["label"] or row["kpi_naam"],
        familie=row["familie"],
        leefgebied=row["leefgebied"],
        leefgebied_naam=row["leefgebied_naam"],
        uitsplitsing=row["uitsplitsing"],
        groep="" if row["uitsplitsing"] == "totaal" else row["uitsplitsing_naam"],
        is_hoofd=bool(row["hoofduitsplitsing"]),
        gekozen=bool(row["gekozen"]),
        waarde=with_unit(row["waarde"], unit),
        reden="" if has_value else reason(row["ontbreekt_reden"]),
        periode=row["periode"] or "",
        merken=tuple(marks(row)),
        interval=interval({**row, "oi_methode": None}, low, high),
        interval_lang=interval(row, low, high),
        vergeleken=with_unit(row["nl_vergeleken"], row["nl_eenheid"]) if row["nl_eenheid"] != unit else "",
        nl=_compared(row, "nl"),
        buurgroep=_compared(row, "buurgroep"),
        positie=row["nl_positie"],
        positie_zin=position(row["nl_positie"], "nl").removeprefix("; "),
        trend=trend(row, row["trend_sinds"]) if has_value else "",
        reeks=tuple(moments),
        reeks_zin=_in_words(same_unit, moments),
        definitie=row["definitie"] or "",
        toelichting=row["toelichting"] or "",
        gemeten=measured(row["soort"], row["toelichting"]),
        bron=row["bronvermelding"] or "",
    )


def _compared(row: Row, kind: str) -> Compared:
    unit = row[f"{kind}_eenheid"]
    value = with_unit(row[f"{kind}_benchmark"], unit)
    compared = {
        "oordeel": row[f"{kind}_oordeel"],
        "oordeel_reden": row[f"{kind}_reden"],
        "richting": row["richting"],
        # The place has a sentence of its own, beside its chart.
        "positie": None,
        "benchmark_type": kind,
        "benchmark_naam": row[f"{kind}_naam"],
    }
    if not value and kind == "nl":
        value = with_unit(row["nl_waarde"], row["eenheid"])
    said = verdict(compared, with_unit(row[f"{kind}_vergeleken"], unit), value)
    return Compared(value, row[f"{kind}_oordeel"], f"{said[:1].upper()}{said[1:]}." if said else "")


def _in_words(series: Sequence[Row], moments: Sequence[Moment]) -> str:
    said: list[str] = []
    for row, moment in zip(series, moments, strict=True):
        if moment.aansluiting is None:
            why = reason(row["ontbreekt_reden"])
            said.append(f"{row['periode']}: geen cijfer ({why[:1].lower()}{why[1:]})")
            continue
        lead = "na een breuk " if moment.aansluiting is Join.BREAK else ""
        said.append(f"{lead}{row['periode']}: {with_unit(row['waarde'], row['eenheid'])}")
    return "; ".join(said)
