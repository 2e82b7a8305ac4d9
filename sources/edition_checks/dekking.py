"""Gemeenten with a figure against the edition before: half a country that went empty looks like missing data."""

from __future__ import annotations

from sources.edition_checks.model import EXAMPLES, EditionCheck, Facts, Severity, feeds
from sources.edition_checks.subject import Subject, summarise_previous

NAME = "dekking"
_SMALLEST_SHARE = 0.5
_SMALL_SHARE = 0.95
# Of fewer gemeenten one more or less says nothing.
_ENOUGH = 10
# Where an absent code is zero, the number of rows follows what happened, not who reported it.
_COMPARE = """
    with now as (
        select series_id, uitsplitsing, rol, onderdeel, time_period, sum(filled)::bigint as filled
        from cell where absent <> 'zero' group by all
    ),
    before as (
        select series_id, uitsplitsing, rol, onderdeel, time_period, sum(filled)::bigint as filled
        from cell_before where absent <> 'zero' group by all
    ),
    common as (
        select before.*, now.filled as found,
            row_number() over (
                partition by before.series_id, before.uitsplitsing, before.rol, before.onderdeel
                order by before.time_period desc
            ) as age
        from before
        inner join now using (series_id, uitsplitsing, rol, onderdeel, time_period)
        where before.filled >= ?
    )
    select series_id, uitsplitsing, time_period, filled, found
    from common where age = 1 and found < ? * filled
    order by found / filled, series_id, uitsplitsing
"""


def check(subject: Subject) -> EditionCheck:
    """Compare the newest period that both editions have, series by series."""
    if not subject.parts or not subject.series or not summarise_previous(subject):
        return EditionCheck(NAME, passed=True, facts={"vergeleken": "nee"})
    fewer = subject.rows(_COMPARE, [_ENOUGH, _SMALL_SHARE])
    if not fewer:
        return EditionCheck(NAME, passed=True, facts={"vergeleken": "ja"})
    shown = "; ".join(
        f"{series_id} ({split}) {period}: {found} gemeenten, eerder {filled}"
        for series_id, split, period, filled, found in fewer[:EXAMPLES]
    )
    worst = min(found / filled for *_, filled, found in fewer)
    severity: Severity = "fout" if worst < _SMALLEST_SHARE else "waarschuwing"
    facts: Facts = {"reeksen_met_minder": len(fewer), "laagste_aandeel": round(worst, 4)}
    return EditionCheck(
        NAME,
        passed=False,
        severity=severity,
        melding=(
            f"{feeds(subject.context, (row[0] for row in fewer))}: {subject.table} heeft voor {len(fewer)} reeksen "
            f"minder gemeenten met een cijfer dan editie {subject.previous.edition_id if subject.previous else ''}: "
            f"{shown}. {subject.accept}"
        ),
        facts=facts,
    )
