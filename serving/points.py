"""One aandachtspunt in words: the same on the terminal, on a page and in a sheet.

What is a point, and on what ground, was decided in the mart; a row is one of the table aandachtspunten, with label,
soort and kanttekening of its KPI.
"""

from collections.abc import Mapping
from typing import Any

from serving.render import with_unit
from serving.words import STATUS, interval, measured, point, trend

Row = Mapping[str, Any]


def ground_of(row: Row) -> str:
    """Return the ground, a key of `words.GROUND`: an estimate of a model stands apart whatever it rests on."""
    return "modelmatig" if row["is_modelmatig"] else str(row["grond"])


def sentence(row: Row) -> str:
    """Say the point in one sentence."""
    unit = row["vergelijkingseenheid"]
    value, benchmark = with_unit(row["vergelijkingswaarde"], unit), with_unit(row["benchmark_waarde"], unit)
    return point(row, str(row["gemeente_naam"]), value, benchmark)


def stand_in(row: Row) -> str:
    """Say what was measured in place of what the KPI is called; empty when that is the same."""
    about = measured(row["soort"], row["kanttekening"])
    return f"benadering, gemeten is: {about}" if about else ""


def firmness(row: Row) -> str:
    """Say of which period the figure is, how final, and how uncertain."""
    low, high = with_unit(row["oi_laag"], row["eenheid"]), with_unit(row["oi_hoog"], row["eenheid"])
    parts = (str(row["periode"]), STATUS.get(row["status"], row["status"]), interval(row, low, high))
    return ", ".join(filter(None, parts))


def related(row: Row) -> str:
    """Name the KPIs to lay beside it; empty when there are none."""
    return f"om ernaast te leggen: {row['verwante_kpis']}" if row["verwante_kpis"] else ""


def remarks(row: Row) -> tuple[str, ...]:
    """What belongs beside the sentence: what a stand-in measures, the trend, how firm it is, what to lay beside it."""
    return _said(stand_in(row), trend(row, row["trend_sinds"]), firmness(row), related(row))


def brief_remarks(row: Row) -> tuple[str, ...]:
    """What may not be missing in a short list: what a stand-in measures, and how firm it is."""
    return _said(stand_in(row), firmness(row))


def _said(*parts: str) -> tuple[str, ...]:
    return tuple(filter(None, parts))
