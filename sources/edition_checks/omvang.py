"""Rows of the edition against the one before: a table that comes back much smaller is an accident at the source."""

from __future__ import annotations

from sources.edition_checks.model import EditionCheck, Facts, Severity, feeds
from sources.edition_checks.subject import Subject

NAME = "omvang"
# Shares of the rows before, for the same request.
SMALLEST_SHARE = 0.5
_SMALL_SHARE = 0.9


def check(subject: Subject) -> EditionCheck:
    """Refuse an edition without figures where some are expected, or with less than half of the rows before."""
    manifest = subject.manifest
    if subject.parts and subject.rows_expected and manifest.observations == 0:
        return EditionCheck(
            NAME,
            passed=False,
            severity="fout",
            melding=(
                f"{feeds(subject.context)}: {subject.table} geeft geen enkele waarneming, terwijl er rijen horen te "
                "zijn. Vergelijk met StatLine; zijn de codes of kolommen veranderd, pas dan series.csv aan"
            ),
            facts={"rijen": manifest.rows, "waarnemingen": 0},
        )
    before = subject.comparable
    facts: Facts = {"rijen": manifest.rows, "waarnemingen": manifest.observations}
    if before is None or manifest.rows >= _SMALL_SHARE * before.manifest.rows:
        return EditionCheck(NAME, passed=True, facts=facts)
    refused = manifest.rows < SMALLEST_SHARE * before.manifest.rows
    severity: Severity = "fout" if refused else "waarschuwing"
    verdict = f"minder dan {SMALLEST_SHARE:.0%} wordt niet overgenomen. " if refused else ""
    return EditionCheck(
        NAME,
        passed=False,
        severity=severity,
        melding=(
            f"{feeds(subject.context)}: {subject.table} geeft {manifest.rows} rijen, de vorige keer "
            f"{before.manifest.rows} voor dezelfde vraag ({before.edition_id}); {verdict}{subject.accept}"
        ),
        facts={**facts, "rijen_vorige": before.manifest.rows},
    )
