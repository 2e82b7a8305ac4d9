"""One line of the table of a KPI, and the same figure for its charts: text and number from one row of the mart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serving.render import with_unit
from serving.site.kpi_figures import Breakdown, drawn
from serving.words import BENCHMARK, NOT_COMPARED, OUTCOME, interval, marks, reason, trend, verdict

Row = Mapping[str, Any]

# Marks that hold for the KPI as a whole stand at the top of its page, and not again beside every figure.
_OF_THE_KPI = {"benadering (proxy)", "modelmatig geschat", "zelf aangeleverd"}
_LINK = {"gemeente", "land", "organisatie"}


@dataclass(frozen=True, slots=True)
class Line:
    """One area in the table of a KPI.

    Attributes:
        code: Of the area.
        naam: Its name.
        has_page: It has a page of its own.
        getal: Figure to order by; None when there is none.
        vergeleken_getal: The same in the unit in which areas are compared.
        waarde: Figure with unit; empty when there is none.
        vergeleken: The same in the unit in which areas are compared; empty when that is the same unit.
        reden: Why there is none; empty when there is one.
        periode: Of the figure; empty when there is none.
        interval: Uncertainty without its method; empty when there is none.
        merken: What a reader must know of this figure in particular.
        oordeel: Code of the verdict beside the benchmark; empty when there is no figure.
        oordeel_tekst: The verdict in a word or two.
        oordeel_reden: Why nothing was compared; empty when it was.
        trend: The trend in words; empty when there is no figure.
    """

    code: str
    naam: str
    has_page: bool
    getal: float | None
    vergeleken_getal: float | None
    waarde: str
    vergeleken: str
    reden: str
    periode: str
    interval: str
    merken: tuple[str, ...]
    oordeel: str
    oordeel_tekst: str
    oordeel_reden: str
    trend: str


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a page.

    Attributes:
        regels: Areas in order of name.
        geheel: Nederland or the organisation; None when it has no row.
        eenheid: Unit in which areas are compared.
        naast: What they are compared with, in words.
        met_vergeleken: That unit is another than the unit of the figure, so that it has a column.
        met_interval: There is an interval to show.
        met_oordeel: At least one area was compared, or they were not for different reasons.
        een_reden: Why none of the areas was compared, when the reason is the same for all; else empty.
        een_trend: The trend in words, when it is the same for all areas; else empty.
        met_cijfer: Number of areas with a figure.
        anders: Number of those whose figure is of another period than the newest.
    """

    regels: Sequence[Line]
    geheel: Line | None
    eenheid: str
    naast: str
    met_vergeleken: bool
    met_interval: bool
    met_oordeel: bool
    een_reden: str
    een_trend: str
    met_cijfer: int
    anders: int

    @property
    def kolommen(self) -> int:
        """Number of columns beside that of the name."""
        shown = (self.met_vergeleken, self.met_interval, self.met_oordeel, not self.een_trend)
        return 3 + sum(shown)


def table(breakdown: Breakdown) -> Table:
    """Put the table of a page together; which columns it has follows from what there is to show."""
    unit, whole = breakdown.drawn_unit, breakdown.whole
    lines = [_line(row, unit) for row in breakdown.areas]
    filled = [found for found in lines if found.waarde]
    benchmarks = (row["benchmark_type"] for row in breakdown.areas)
    one_reason = _only({found.oordeel_reden for found in filled}) if breakdown.is_open else ""
    return Table(
        regels=lines,
        geheel=_line(whole, unit) if whole else None,
        eenheid=unit,
        naast=BENCHMARK.get(next(filter(None, benchmarks), "nl"), BENCHMARK["nl"]),
        met_vergeleken=any(found.vergeleken for found in lines),
        met_interval=any(found.interval for found in lines),
        met_oordeel=breakdown.is_open and bool(filled) and not one_reason,
        een_reden=one_reason,
        een_trend=_only({found.trend for found in filled}),
        met_cijfer=len(filled),
        anders=sum(1 for found in filled if found.periode != breakdown.periode),
    )


def _only(texts: set[str]) -> str:
    """The text that holds for all; empty when they differ."""
    return next(iter(texts)) if len(texts) == 1 else ""


def _line(row: Row, unit: str) -> Line:
    has_value = row["waarde"] is not None
    outcome = (row["oordeel"] or "") if has_value else ""
    return Line(
        code=row["gemeente_code"],
        naam=row["gemeente_naam"],
        has_page=row["soort_gebied"] in _LINK,
        getal=row["waarde"],
        vergeleken_getal=drawn(row, unit)[0],
        waarde=with_unit(row["waarde"], row["eenheid"]),
        vergeleken=with_unit(row["vergelijkingswaarde"], unit) if has_value and row["eenheid"] != unit else "",
        reden="" if has_value else reason(row["ontbreekt_reden"]),
        periode=(row["periode"] or "") if has_value else "",
        interval=_interval(row),
        merken=tuple(mark for mark in marks(row) if mark not in _OF_THE_KPI) if has_value else (),
        oordeel=outcome,
        oordeel_tekst=OUTCOME.get(outcome, outcome),
        oordeel_reden=NOT_COMPARED.get(row["oordeel_reden"], "") if outcome == "niet_vergeleken" else "",
        trend=trend(row, row["trend_sinds"]) if has_value else "",
    )


def _interval(row: Row) -> str:
    unit = row["eenheid"]
    said = interval({**row, "oi_methode": None}, with_unit(row["oi_laag"], unit), with_unit(row["oi_hoog"], unit))
    return said.removeprefix("95 %-interval ")


def sentences(row: Row) -> list[str]:
    """Say how a figure compares and what it did, in whole sentences; none without a figure."""
    if row["waarde"] is None:
        return []
    said = (_beside_chosen(row), _beside(row, "nl"), _beside(row, "buurgroep"), trend(row, row["trend_sinds"]))
    return [sentence for sentence in said if sentence]


def _beside_chosen(row: Row) -> str:
    """The verdict beside what the organisation compares with, when that is neither of the two that everybody gets."""
    if row["benchmark_type"] in {"nl", "buurgroep"}:
        return ""
    unit = row["vergelijkingseenheid"]
    return verdict(row, with_unit(row["vergelijkingswaarde"], unit), with_unit(row["benchmark_waarde"], unit))


def _beside(row: Row, kind: str) -> str:
    unit = row[f"{kind}_eenheid"]
    compared = {
        "oordeel": row[f"{kind}_oordeel"],
        "oordeel_reden": row[f"{kind}_reden"],
        "richting": row["richting"],
        "positie": row[f"{kind}_positie"],
        "benchmark_type": kind,
        "benchmark_naam": row[f"{kind}_naam"],
    }
    return verdict(compared, with_unit(row[f"{kind}_vergeleken"], unit), with_unit(row[f"{kind}_benchmark"], unit))


def chart_data(breakdown: Breakdown) -> dict[str, Any]:
    """Give the charts of a page what they draw: numbers as stored, each with the text that is shown for it.

    Returns:
        `periode` and `eenheid` of the drawing, `geheel` for the line of Nederland or the organisation, and `gebieden`:
        per area code, naam, staat (cijfer, anders: of another period, geen), and what it has of waarde, laag, hoog,
        tekst, reden, periode, buur and buurtekst.
    """
    unit, period = breakdown.drawn_unit, breakdown.periode
    whole = breakdown.whole
    return {
        "kpi": breakdown.kpi["kpi_id"],
        "naam": breakdown.kpi["label"] or breakdown.kpi["naam"],
        "periode": period,
        "eenheid": unit,
        "rond_nul": unit == "score",
        "geheel": dict(_area(whole, unit, whole["periode"])) if whole else None,
        "gebieden": [dict(_area(row, unit, period)) for row in breakdown.areas],
    }


def _area(row: Row, unit: str, period: str | None) -> Iterator[tuple[str, Any]]:
    value, low, high = drawn(row, unit)
    yield "code", row["gemeente_code"]
    yield "naam", row["gemeente_naam"]
    yield "staat", _state(row, value, period)
    if row["waarde"] is None:
        yield "reden", reason(row["ontbreekt_reden"])
        return
    yield "tekst", with_unit(row["waarde"], row["eenheid"])
    yield "periode", row["periode"]
    if value is None:
        yield "reden", "Er is geen cijfer om gemeenten mee te vergelijken"
        return
    yield "waarde", value
    if row["eenheid"] != unit:
        yield "vergeleken", with_unit(value, unit)
    if low is not None and high is not None:
        yield from (("laag", low), ("hoog", high), ("interval", f"{with_unit(low, unit)} tot {with_unit(high, unit)}"))
    peers = row["buurgroep_benchmark"]
    if peers is not None:
        yield from (("buur", peers), ("buurtekst", with_unit(peers, unit)))


def _state(row: Row, value: float | None, period: str | None) -> str:
    if value is None:
        return "geen"
    return "cijfer" if row["periode"] == period else "anders"
