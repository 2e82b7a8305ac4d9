"""What sheets say of a figure in words, out of `serving.words`: the same as the terminal and the pages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from serving.render import with_unit
from serving.words import OUTCOME, STATUS, marks, reason, trend, verdict

Row = Mapping[str, Any]
Benchmark = Literal["nl", "buurgroep"]


def area_name(row: Row) -> str:
    """Leefgebied of a figure; activities and quality belong to none."""
    return f"{row['leefgebied']} {row['leefgebied_naam']}" if row["leefgebied"] else "Activiteiten en kwaliteit"


def named(row: Row) -> str:
    """Name of a figure as the organisation calls it, with its uitsplitsing unless that is the whole."""
    name: str = row["label"] or row["kpi_naam"]
    return name if row["uitsplitsing"] == "totaal" else f"{name} ({row['uitsplitsing_naam']})"


def outcome(row: Row, benchmark: Benchmark) -> str:
    """The verdict in one or two words, to filter on."""
    code = row[f"{benchmark}_oordeel"] or "niet_vergeleken"
    return OUTCOME.get(code, code)


def explained(row: Row, benchmark: Benchmark) -> str:
    """The verdict in a sentence."""
    unit = row[f"{benchmark}_eenheid"]
    compared = {
        "oordeel": row[f"{benchmark}_oordeel"] or "niet_vergeleken",
        "oordeel_reden": row[f"{benchmark}_reden"] if row[f"{benchmark}_oordeel"] else _no_comparison(row),
        "richting": row["richting"],
        "positie": row[f"{benchmark}_positie"],
        "benchmark_type": benchmark,
        "benchmark_naam": row[f"{benchmark}_naam"],
    }
    own, other = row[f"{benchmark}_vergeleken"], row[f"{benchmark}_benchmark"]
    return verdict(compared, with_unit(own, unit), with_unit(other, unit))


def _no_comparison(row: Row) -> str:
    return "geen_waarde" if row["waarde"] is None else "geen_benchmark"


def trend_words(row: Row) -> str:
    """The trend in words."""
    return trend(row, row["trend_sinds"])


def status_words(row: Row) -> str:
    """How final a figure is; empty when there is none."""
    code = str(row["status"] or "")
    return STATUS.get(code, code)


def particulars(row: Row) -> str:
    """What else a reader must know of a figure, such as that it is a proxy; empty when there is no figure."""
    return "" if row["waarde"] is None else ", ".join(marks({**row, "status": None}))


def why_missing(row: Row) -> str:
    """Why there is no figure; empty when there is one."""
    return reason(row["ontbreekt_reden"]) if row["waarde"] is None else ""


def gaps(figure: Row, series: Sequence[Row]) -> str:
    """Why there is no figure in some periods of a series, or in none."""
    if not series:
        return why_missing(figure)
    return _by_words((row["periode"], reason(row["ontbreekt_reden"])) for row in series if row["waarde"] is None)


def series_marks(series: Sequence[Row]) -> str:
    """What a reader must know of the figures of a series, with the periods it goes for unless it goes for all."""
    known = [row for row in series if row["waarde"] is not None]
    found = [(row["periode"], mark) for row in known for mark in marks(row) if mark != STATUS["definitief"]]
    return _by_words(found, len(known))


def _by_words(found: Iterable[tuple[str, str]], all_of_them: int | None = None) -> str:
    periods: dict[str, list[str]] = {}
    for period, words in found:
        periods.setdefault(words, []).append(period)
    return "; ".join(
        words if len(some) == all_of_them else f"{', '.join(some)}: {words}" for words, some in periods.items()
    )
