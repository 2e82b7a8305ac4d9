"""What a check of an edition says, and what it is told besides the edition. Data and wording only: no files, no SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sources.registry import Expectations, SeriesRow

Severity = Literal["fout", "waarschuwing"]
Facts = Mapping[str, int | float | str]

EXAMPLES = 3
_KPIS_NAMED = 5


@dataclass(frozen=True, slots=True)
class EditionCheck:
    """One sentence about one edition.

    Attributes:
        name: name of the check, one per table and night.
        passed: whether it holds.
        severity: `fout` refuses the edition, so that the one before stays in use; `waarschuwing` is for a person.
        melding: Dutch: KPIs, table, what was expected and found, examples, remedy; empty when it holds.
        facts: the numbers behind it.
    """

    name: str
    passed: bool
    severity: Severity = "waarschuwing"
    melding: str = ""
    facts: Facts = field(default_factory=dict, hash=False)

    @property
    def refuses(self) -> bool:
        """Whether an edition of which this is said may not come into use."""
        return not self.passed and self.severity == "fout"

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> EditionCheck:
        """As `dataclasses.asdict` gave it; what a newer release added is left out."""
        return cls(**{name: value for name, value in stored.items() if name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What the registry says of an edition in the making.

    Attributes:
        rows: series rows that the edition was made for.
        kpis: KPI ids per series.
        expectations: what figures of a unit may be, and how many gemeenten there are in a year.
        found: checks made while the source was read, on what the edition itself no longer shows.
    """

    rows: tuple[SeriesRow, ...]
    kpis: Mapping[str, tuple[str, ...]]
    expectations: Expectations
    found: tuple[EditionCheck, ...] = ()


def feeds(context: CheckContext | None, series_ids: Iterable[str] | None = None) -> str:
    """The KPIs that these series feed, for the start of a message; all of the table without `series_ids`."""
    if context is None:
        return "geen KPI rechtstreeks"
    ids = {row.series_id for row in context.rows} if series_ids is None else set(series_ids)
    return name_kpis(kpi for series_id in ids for kpi in context.kpis.get(series_id, ()))


def name_kpis(kpis: Iterable[str]) -> str:
    """Up to five KPI ids, and how many more."""
    listed = sorted(set(kpis))
    rest = len(listed) - _KPIS_NAMED
    return (", ".join(listed[:_KPIS_NAMED]) or "geen KPI") + (f" en nog {rest}" if rest > 0 else "")


def show(number: float) -> str:
    """A number as a person reads it, without noise at the end."""
    return f"{number:.9g}"
