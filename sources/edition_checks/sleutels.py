"""Keys that stand twice: a page read twice doubles a sum without any error further on."""

from __future__ import annotations

from sources.edition_checks.model import EXAMPLES, EditionCheck, feeds
from sources.edition_checks.subject import Subject

NAME = "sleutels"
_KEY = "ref_area, time_period, measure, dimensions"


def check(subject: Subject) -> EditionCheck:
    """Refuse an edition in which two observations have one key.

    Counted by hash: eight bytes a row instead of four texts; only when these repeat are the texts looked at.
    """
    if not subject.parts:
        return EditionCheck(NAME, passed=True)
    source = "read_parquet(?, union_by_name = true)"
    rows, different = subject.one(f"select count(*), count(distinct hash({_KEY})) from {source}", [list(subject.parts)])
    if rows == different:
        return EditionCheck(NAME, passed=True, facts={"waarnemingen": rows})
    doubles = subject.rows(
        f"select {_KEY}, count(*) from {source} group by all having count(*) > 1 order by all limit {EXAMPLES}",
        [list(subject.parts)],
    )
    if not doubles:
        return EditionCheck(NAME, passed=True, facts={"waarnemingen": rows})
    shown = "; ".join(" ".join(str(value) for value in double) for double in doubles)
    return EditionCheck(
        NAME,
        passed=False,
        severity="fout",
        melding=(
            f"{feeds(subject.context)}: {subject.table} heeft {rows - different} dubbele sleutels ({_KEY}, aantal): "
            f"{shown}. Ververs opnieuw; blijft het, meld het dan bij de bron"
        ),
        facts={"dubbel": rows - different, "waarnemingen": rows},
    )
