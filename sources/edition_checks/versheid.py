"""Age of the data at the source against the rhythm in which it is renewed: computed each night, never stored.

A table that the source stopped, a table of one past year and an archive do not grow old: nothing is to be expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from sources.edition_checks.model import EditionCheck, Facts, name_kpis
from sources.registry import SeriesRow, SourceTable

if TYPE_CHECKING:
    from sources.lake import Manifest

NAME = "versheid"
# Longest time between two releases, by `ritme` of source_table.csv: a period and the months a release may slip.
_LONGEST: Mapping[str, timedelta] = MappingProxyType(
    {
        "dagelijks": timedelta(days=7),
        "maandelijks": timedelta(days=45),
        "jaarlijks": timedelta(days=457),
        "tweejaarlijks": timedelta(days=822),
        "vierjaarlijks": timedelta(days=1553),
    }
)
_STOPPED = "stopgezet"


def check(
    table: SourceTable,
    rows: Iterable[SeriesRow],
    kpis: Mapping[str, tuple[str, ...]],
    manifest: Manifest,
    now: datetime,
) -> EditionCheck:
    """Warn when the source should have renewed a table and did not.

    Args:
        table: the table, with its rhythm.
        rows: series rows that the registry wants of it.
        kpis: KPI ids per series.
        manifest: of the edition in use.
        now: UTC clock.
    """
    waiting = [row for row in rows if _may_grow(row)]
    stamp = _moment(manifest.modified)
    if stamp is None or not waiting or manifest.frequency.casefold() == _STOPPED or not _is_service(manifest.identity):
        return EditionCheck(NAME, passed=True, facts={"ritme": table.ritme})
    age = now - stamp
    late = stamp + _LONGEST[table.ritme]
    facts: Facts = {"ritme": table.ritme, "dagen_oud": age.days, "gewijzigd": f"{stamp:%Y-%m-%d}"}
    if now <= late:
        return EditionCheck(NAME, passed=True, facts=facts)
    affected = name_kpis(kpi for row in waiting for kpi in kpis.get(row.series_id, ()))
    return EditionCheck(
        NAME,
        passed=False,
        melding=(
            f"{affected}: tabel {table.table_id} is {table.ritme} en voor het laatst gewijzigd op {stamp:%Y-%m-%d}; "
            f"sinds {late:%Y-%m-%d} wordt een nieuwe versie verwacht. Kijk bij de bron (StatLine) of er een opvolger "
            "is en voeg die toe aan source_table.csv en series.csv, of pas ritme aan in source_table.csv"
        ),
        facts={**facts, "te_laat_sinds": f"{late:%Y-%m-%d}"},
    )


def _may_grow(row: SeriesRow) -> bool:
    """Whether a next release can bring a year that is wanted."""
    spans = row.jaren.spans
    return row.is_loaded and row.chain != "year_table" and (not spans or spans[-1][1] is None)


def _is_service(identity: str) -> bool:
    """Whether an edition came from a service that goes on; an archive is known by its hash."""
    return identity == "live" or "://" in identity


def _moment(stamp: str) -> datetime | None:
    """A stamp as the services write it: local time without a zone, or UTC with one."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
