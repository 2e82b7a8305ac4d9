"""What a delivery turned out to be: numbers, reasons and remarks, never a value of a record.

Plain data for the report, the lake and the tests. What does not belong here: wording for people (`report`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from sources.activity.checks import TableCounts
from sources.activity.coherence import Warn
from sources.activity.landing import Landed
from sources.lake import Edition

State = Literal["geladen", "ongewijzigd"]


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """Rows of one table that have the same thing wrong.

    Attributes:
        aantal: how many.
        voorbeelden: file and line of the first few.
    """

    tabel: str
    kolom: str
    reden: str
    aantal: int
    voorbeelden: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class KpiCoverage:
    """Which indicators the delivered tables are enough for.

    Attributes:
        berekenbaar: ids, in the order of the registry.
        ontbreekt: per other id the tables that are missing.
    """

    berekenbaar: tuple[str, ...] = ()
    ontbreekt: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """What became of all files of a delivery.

    Attributes:
        levering_id: the delivery.
        organisatie_id: whose it is.
        periode_van: first day.
        peildatum: last day on which it is complete.
        aangemaakt_op: moment of export.
        bestanden: per file what it gave.
        tabellen: per delivered table what became of its rows.
        fouten: rows in quarantine, by table, column and reason.
        waarschuwingen: what does not fit and is taken as it is.
        weigeringen: why files cannot be taken at all; then nothing is loaded.
        opmerkingen: what else there is to say.
        kpis: what can be computed from it.
    """

    levering_id: str
    organisatie_id: str
    periode_van: date
    peildatum: date
    aangemaakt_op: datetime
    bestanden: tuple[Landed, ...] = ()
    tabellen: dict[str, TableCounts] = field(default_factory=dict)
    fouten: tuple[FaultGroup, ...] = ()
    waarschuwingen: tuple[Warn, ...] = ()
    weigeringen: tuple[str, ...] = ()
    opmerkingen: tuple[str, ...] = ()
    kpis: KpiCoverage = KpiCoverage()

    @property
    def geaccepteerd(self) -> int:
        """Rows accepted, over all tables."""
        return sum(counts.geaccepteerd for counts in self.tabellen.values())

    @property
    def quarantaine(self) -> int:
        """Rows in quarantine, over all tables."""
        return sum(counts.quarantaine for counts in self.tabellen.values())

    @property
    def is_faultless(self) -> bool:
        """Whether nothing is refused or put in quarantine."""
        return not self.weigeringen and self.quarantaine == 0


@dataclass(frozen=True, slots=True)
class LoadOutcome:
    """How a load ended.

    Attributes:
        state: a new edition, or the same delivery as the current one.
        edition: the edition in use.
        delivery: what it turned out to be; None when nothing was read because nothing changed.
    """

    state: State
    edition: Edition
    delivery: DeliveryOutcome | None = None
