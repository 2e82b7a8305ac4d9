"""Columns of the table against those of the edition before: columns that move are how a figure becomes another one."""

from __future__ import annotations

from sources.edition_checks.model import EditionCheck, feeds
from sources.edition_checks.subject import Subject

NAME = "kolommen"


def check(subject: Subject) -> EditionCheck:
    """Warn when the schema is not that of the edition in use; series are tied to columns by name and unit anyway."""
    before = subject.previous
    found = subject.manifest.schema_fingerprint
    if before is None or not before.manifest.schema_fingerprint or before.manifest.schema_fingerprint == found:
        return EditionCheck(NAME, passed=True, facts={"vingerafdruk": found})
    expected = before.manifest.schema_fingerprint
    return EditionCheck(
        NAME,
        passed=False,
        melding=(
            f"{feeds(subject.context)}: de kolommen van {subject.manifest.table_id} zijn gewijzigd sinds editie "
            f"{before.edition_id}. Vergelijk met StatLine of de kolommen nog hetzelfde betekenen; zo niet, pas "
            "series.csv aan"
        ),
        facts={"vingerafdruk": found, "vingerafdruk_vorige": expected},
    )
