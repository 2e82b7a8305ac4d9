"""Source tables as assets, one per table of the registry, refreshed in groups.

Nothing here raises for a source: the old edition stays, is emitted again with its old version, and a non-blocking check
fails. What a table holds and how it is fetched is the business of sources/; which checks it has is that of checks.py.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from orchestration.checks import check_results, check_specs, checks_of_tonight, kpis_of
from orchestration.jobs import BY_SCHEDULE, STARTED_BY
from orchestration.lock import REFUSED, RefreshBusyError, claim_refresh
from orchestration.progress import Progress
from orchestration.results import store_result
from orchestration.services import open_services
from orchestration.settings import OWNER, Settings
from sources import results
from sources.http import HttpSettings, Transport
from sources.registry import LEVERING, Registry, SourceTable
from sources.results import TableResult
from sources.services import Services

# Only for what raises: a mistake here, a full disk. What a source does wrong is a result, retried in the client.
RETRY = dg.RetryPolicy(max_retries=2, delay=30, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
# A table is looked at every night: one missed is a warning, two are a failure. Its own rhythm is check `versheid`.
LOOKED_AT = dg.FreshnessPolicy.time_window(warn_window=timedelta(hours=26), fail_window=timedelta(hours=50))
# A delivery that is being loaded, or a refresh that somebody started by hand.
_PATIENCE_SECONDS = 900.0

Refresh = Callable[[Services, Transport, results.OnProgress], Iterable[TableResult]]


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """Tables that are refreshed together, in one step.

    Attributes:
        name: name of the step.
        tables: what it refreshes.
        refresh: does it.
        after: tables of other groups that have to be done first.
    """

    name: str
    tables: tuple[SourceTable, ...]
    refresh: Refresh
    after: tuple[SourceTable, ...] = ()


def table_key(table: SourceTable) -> dg.AssetKey:
    """The asset key of a source table: lake / family / table id."""
    return dg.AssetKey(["lake", table.bron, table.table_id])


def source_asset(settings: Settings, group: SourceGroup, registry: Registry, told: Progress) -> dg.AssetsDefinition:
    """Make the assets of one group: one step that refreshes all its tables, and tells of those that were selected."""

    @dg.multi_asset(
        name=f"bron_{group.name}",
        specs=[_spec(table, registry, group.after) for table in group.tables],
        check_specs=[spec for table in group.tables for spec in check_specs(table, table_key(table))],
        can_subset=True,
        retry_policy=RETRY,
    )
    def refresh(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        _claim(settings, scheduled=context.run.tags.get(STARTED_BY) == BY_SCHEDULE)
        told.step(f"bron {group.name}: {len(group.tables)} tabellen nalopen")
        for table, result in _refreshed(settings, group, registry, told):
            context.log.info("%s: %s %s", result.bron_id, result.state, result.melding or "")
            checks = [
                check
                for check in check_results(table, table_key(table), result, kpis_of(table, registry))
                if _key(check) in context.selected_asset_check_keys
            ]
            if table_key(table) in context.selected_asset_keys:
                yield materialization(table, result, checks)
            else:
                yield from checks

    return refresh


def _claim(settings: Settings, *, scheduled: bool) -> None:
    """Refuse to run beside another refresh; one of the schedule, which nobody watches, waits for it first."""
    try:
        claim_refresh(settings, _PATIENCE_SECONDS if scheduled else 0.0)
    except RefreshBusyError as error:
        raise dg.Failure(str(error), metadata={REFUSED: True}, allow_retries=False) from error


def _refreshed(
    settings: Settings, group: SourceGroup, registry: Registry, told: Progress
) -> Iterator[tuple[SourceTable, TableResult]]:
    """Refresh every table of a group and keep what was found; a table that gave no result was not needed."""
    by_id = {table.bron_id: table for table in group.tables}

    def advance(event: results.Progress) -> None:
        told.advance(event.bron_id, event.gedaan, event.totaal)

    def kept(result: TableResult) -> tuple[SourceTable, TableResult]:
        table = by_id.pop(result.bron_id)
        checked = replace(result, checks=checks_of_tonight(table, result, registry, datetime.now(UTC)))
        store_result(settings.results, checked)
        return table, checked

    with open_services(settings) as services, Transport(HttpSettings(contact=settings.contact)) as transport:
        for result in group.refresh(services, transport, advance):
            yield kept(result)
    for bron_id in list(by_id):
        yield kept(TableResult(bron_id=bron_id, state="niet_nodig", edition=None))


def _key(check: dg.AssetCheckResult) -> dg.AssetCheckKey:
    if check.asset_key is None or check.check_name is None:
        raise ValueError("a check of a source table names its table and itself")
    return dg.AssetCheckKey(check.asset_key, check.check_name)


def _spec(table: SourceTable, registry: Registry, after: tuple[SourceTable, ...]) -> dg.AssetSpec:
    kpis = kpis_of(table, registry)
    return dg.AssetSpec(
        table_key(table),
        deps=[table_key(other) for other in after],
        group_name=f"lake_{table.bron}",
        kinds={"python", "parquet"},
        owners=[OWNER],
        tags={"domain": "sociaal_werk", "pii": "pseudonymised" if table.bron == LEVERING else "none"},
        description=(
            f"{table.titel}\n\n{table.bronvermelding} ({table.licentie}).\n\n"
            f"Voedt: {', '.join(kpis) or 'geen KPI rechtstreeks'}."
        ),
        metadata={
            "host": table.host,
            "tabel": table.table_id,
            "indeling": table.indeling,
            "ritme": table.ritme,
        },
        freshness_policy=LOOKED_AT,
    )


def materialization(
    table: SourceTable, result: TableResult, checks: list[dg.AssetCheckResult]
) -> dg.MaterializeResult[Any]:
    """Tell Dagster how the refresh of one table ended; the version is that of the edition in use."""
    edition = result.edition
    manifest = edition.manifest if edition else None
    metadata: dict[str, Any] = {
        "staat": result.state,
        "dagster/row_count": result.rows,
        "bytes": result.bytes,
        "verzoeken": result.requests,
        "seconden": round(result.seconds, 2),
    }
    if result.melding:
        metadata["melding"] = result.melding
    if edition and manifest:
        metadata |= {
            "editie": edition.edition_id,
            "map": dg.MetadataValue.path(str(edition.folder)),
            "modified": manifest.modified or "",
            "geladen": manifest.loaded_at,
            "sha256": manifest.sha256,
        }
    if result.problems:
        metadata["problemen"] = dg.MetadataValue.md("\n".join(f"- {problem.melding}" for problem in result.problems))
    return dg.MaterializeResult(
        asset_key=table_key(table),
        data_version=dg.DataVersion(manifest.sha256 if manifest else result.state),
        metadata=metadata,
        check_results=checks,
    )
