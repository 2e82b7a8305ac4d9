"""Periods that are no periods: a code that nobody knows would be dropped, or read as a year that never was."""

from __future__ import annotations

from sources.edition_checks.model import EXAMPLES, EditionCheck, feeds
from sources.edition_checks.subject import Subject
from sources.errors import EditionRefusedError

NAME = "perioden"
# Year, school year, quarter, half year and month, as the services spell them.
_FORM = r"(19|20)\d{2}(JJ00|SJ00|KW0[1-4]|HJ0[12]|MM(0[1-9]|1[0-2]))"


def check(subject: Subject) -> EditionCheck:
    """Refuse an edition with a period of another form, or of a year that has yet to come."""
    if not subject.parts:
        return EditionCheck(NAME, passed=True)
    # A figure on 1 January of next year can be out in December.
    last = int(subject.manifest.loaded_at[:4]) + 1
    unknown = subject.rows(
        """
        select time_period, count(*) from read_parquet(?, union_by_name = true)
        where not coalesce(regexp_full_match(time_period, ?) and time_period[:4] <= ?, false)
        group by all order by all
        """,
        [list(subject.parts), _FORM, str(last)],
    )
    if not unknown:
        return EditionCheck(NAME, passed=True)
    shown = "; ".join(f"{period} ({rows} rijen)" for period, rows in unknown[:EXAMPLES])
    return EditionCheck(
        NAME,
        passed=False,
        severity="fout",
        melding=(
            f"{feeds(subject.context)}: {subject.table}, verwacht perioden als 2024JJ00 tot en met {last}, gevonden "
            f"{shown}. Vergelijk met StatLine en meld het bij de bron"
        ),
        facts={"onbekende_perioden": len(unknown), "rijen": sum(rows for _, rows in unknown)},
    )


def refuse_unlisted(where: str, rows: int) -> EditionRefusedError:
    """The error for rows whose period is not in the table's own list of periods; found while the table is read."""
    melding = (
        f"{where}: {rows} rijen met een periode die niet in de tijddimensie staat. Ververs opnieuw; blijft het, meld "
        "het dan bij de bron"
    )
    found = EditionCheck(NAME, passed=False, severity="fout", melding=melding, facts={"rijen": rows})
    return EditionRefusedError(melding, checks=(found,))
