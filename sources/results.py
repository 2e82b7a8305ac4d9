"""What a refresh reports about one source table; shared by every source family.

Plain data only: no reading, no writing, no wording.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sources.edition_checks.model import EditionCheck
    from sources.lake import Edition

State = Literal["ververst", "ongewijzigd", "ontbreekt", "fout", "niet_nodig"]


@dataclass(frozen=True, slots=True)
class SeriesProblem:
    """One series of one table that gives no figures, and why.

    Attributes:
        series_id: series of the registry.
        uitsplitsing: split of that series.
        bron_id: source table.
        table_id: its id at the service.
        reden: `tabel_ontbreekt` (not listed, or never loaded) or `niet_gepubliceerd` (listed, but the column, the
            member or the rows are not there); values of the closed list `ontbreekt_reden`.
        melding: Dutch sentence: what was looked for, what was found.
    """

    series_id: str
    uitsplitsing: str
    bron_id: str
    table_id: str
    reden: str
    melding: str


@dataclass(frozen=True, slots=True)
class TableResult:
    """How the refresh of one source table ended.

    Attributes:
        bron_id: source table.
        state: `ververst` (new edition), `ongewijzigd`, `ontbreekt` (not listed by the service, and nothing of it in
            use), `fout` (refused, unreachable, or in use and no longer listed), `niet_nodig` (nothing of it is wanted
            tonight).
        edition: the edition to use; None when there is nothing to use.
        melding: Dutch sentence for the report and the mart, or None.
        problems: series of this table without figures.
        rows: source rows of `edition`.
        bytes: received for this table, on the wire.
        requests: answered for this table (retries not counted).
        seconds: wall time.
        verouderd_sinds: UTC time since which `edition` could not be checked or renewed, or None.
        checks: those that failed and kept a new edition out of use; orchestration adds what else tonight's look says of
            `edition`.
    """

    bron_id: str
    state: State
    edition: Edition | None
    melding: str | None = None
    problems: tuple[SeriesProblem, ...] = ()
    rows: int = 0
    bytes: int = 0
    requests: int = 0
    seconds: float = 0.0
    verouderd_sinds: datetime | None = None
    checks: tuple[EditionCheck, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a refresh, for a progress bar.

    Attributes:
        bron_id: source table.
        stap: `metadata`, `rijen` or `klaar`.
        gedaan: pages done.
        totaal: pages in all, or None while that is unknown.
    """

    bron_id: str
    stap: Literal["metadata", "rijen", "klaar"]
    gedaan: int = 0
    totaal: int | None = None


OnProgress = Callable[[Progress], None]
