"""The checks of source tables in Dagster: which ones a table has, and what tonight's look says of each.

None of them blocks: an edition that fails one never came into use, so what is built on the edition before is sound.
What is checked, and how, is the business of sources/edition_checks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import dagster as dg

from sources.edition_checks import versheid
from sources.edition_checks.model import EditionCheck, name_kpis
from sources.edition_checks.run import APPLIES, DESCRIPTIONS
from sources.registry import Registry, SourceTable, series_for_table
from sources.results import TableResult

REFRESHED = "ververst"
_REFRESHED_DESCRIPTION = (
    "De bron is bekeken en de editie in gebruik is de nieuwste die te krijgen was; zo niet, lees de melding: de editie "
    "van eerder blijft in gebruik."
)
# States after which a figure may be wrong or old; a table that the service does not list is neither.
_FAILED = {"fout"}


def check_specs(table: SourceTable, key: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """The checks of one table: that it was looked at, and those of its family."""
    descriptions = {REFRESHED: _REFRESHED_DESCRIPTION} | {name: DESCRIPTIONS[name] for name in APPLIES[table.bron]}
    return [dg.AssetCheckSpec(name, asset=key, description=text) for name, text in descriptions.items()]


def checks_of_tonight(
    table: SourceTable, result: TableResult, registry: Registry, now: datetime
) -> tuple[EditionCheck, ...]:
    """What tonight's look at a table says of its figures.

    Of a new edition everything; of one that was refused what refused it; of any other its age, and what failed when it
    came in: that holds for as long as it is in use.
    """
    edition = result.edition
    if edition is None:
        return result.checks
    if result.state == "ververst":
        told = edition.manifest.checks
    else:
        said = {check.name for check in result.checks}
        stands = (check for check in edition.manifest.checks if not check.passed and check.name not in said)
        told = (*result.checks, *stands)
    if versheid.NAME not in APPLIES[table.bron]:
        return told
    rows = series_for_table(registry, table.bron_id)
    return (*told, versheid.check(table, rows, registry.kpis, edition.manifest, now))


def kpis_of(table: SourceTable, registry: Registry) -> list[str]:
    """The KPIs that a table feeds, sorted."""
    rows = (row for row in registry.series if row.bron_id == table.bron_id)
    return sorted({kpi for row in rows for kpi in registry.kpis.get(row.series_id, ())})


def check_results(
    table: SourceTable, key: dg.AssetKey, result: TableResult, kpis: Iterable[str]
) -> list[dg.AssetCheckResult]:
    """Tell Dagster what `result` says: whether the table was refreshed, and each check of `result.checks`."""
    affected = name_kpis(kpis)
    return [
        _result(
            key,
            EditionCheck(REFRESHED, result.state not in _FAILED, melding=result.melding or ""),
            {"staat": result.state, "tabel": table.table_id, "kpis": affected},
        ),
        *(
            _result(key, check, {"tabel": table.table_id, "kpis": affected, **check.facts})
            for check in result.checks
            if check.name in APPLIES[table.bron]
        ),
    ]


def _result(key: dg.AssetKey, check: EditionCheck, metadata: dict[str, Any]) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.ERROR if check.severity == "fout" else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=check.name,
        passed=check.passed,
        severity=severity,
        description=check.melding or None,
        metadata=metadata | {"melding": check.melding},
    )
