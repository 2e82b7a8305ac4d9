"""Source tables as assets, one per table of the registry, refreshed in groups.

Nothing here raises for a source: the old edition stays, is emitted again with its old version, and a non-blocking check
fails. What a table holds and how it is fetched is the business of sources/.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import dagster as dg

from orchestration.progress import Progress
from orchestration.results import store_result
from orchestration.services import open_services
from orchestration.settings import OWNER, Settings
from sources import results
from sources.http import Transport
from sources.registry import LEVERING, Registry, SourceTable
from sources.results import TableResult
from sources.services import Services

CHECK = "ververst"
# States after which a figure may be wrong or old; a table that the service does not list is neither.
_FAILED = {"fout"}

Refresh = Callable[[Services, Transport, results.OnProgress], Iterable[TableResult]]


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """Tables that are refreshed together, in one step.

    Attributes:
        name: name of the step.
        tables: what it refreshes.
        refresh: does it.
    """

    name: str
    tables: tuple[SourceTable, ...]
    refresh: Refresh


def table_key(table: SourceTable) -> dg.AssetKey:
    """The asset key of a source table: lake / family / table id."""
    return dg.AssetKey(["lake", table.bron, table.table_id])


def source_asset(settings: Settings, group: SourceGroup, registry: Registry, told: Progress) -> dg.AssetsDefinition:
    """Make the assets of one group: one step that refreshes all its tables."""
    by_id = {table.bron_id: table for table in group.tables}

    @dg.multi_asset(
        name=f"bron_{group.name}",
        specs=[_spec(table, registry) for table in group.tables],
        check_specs=[
            dg.AssetCheckSpec(
                CHECK,
                asset=table_key(table),
                description="De bron is bekeken en de editie in gebruik is de nieuwste die te krijgen was.",
            )
            for table in group.tables
        ],
    )
    def refresh(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        told.step(f"bron {group.name}: {len(group.tables)} tabellen nalopen")

        def advance(event: results.Progress) -> None:
            told.advance(event.bron_id, event.gedaan, event.totaal)

        seen = set()
        with open_services(settings) as services, Transport() as transport:
            for result in group.refresh(services, transport, advance):
                seen.add(result.bron_id)
                store_result(settings.results, result)
                context.log.info("%s: %s %s", result.bron_id, result.state, result.melding or "")
                yield materialization(by_id[result.bron_id], result)
        for bron_id in by_id.keys() - seen:
            result = TableResult(bron_id=bron_id, state="niet_nodig", edition=None)
            store_result(settings.results, result)
            yield materialization(by_id[bron_id], result)

    return refresh


def _spec(table: SourceTable, registry: Registry) -> dg.AssetSpec:
    kpis = sorted(
        {kpi for row in registry.series if row.bron_id == table.bron_id for kpi in registry.kpis.get(row.series_id, ())}
    )
    return dg.AssetSpec(
        table_key(table),
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
    )


def materialization(table: SourceTable, result: TableResult) -> dg.MaterializeResult[Any]:
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
        check_results=[
            dg.AssetCheckResult(
                asset_key=table_key(table),
                check_name=CHECK,
                passed=result.state not in _FAILED,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"staat": result.state, "melding": result.melding or ""},
            )
        ],
    )
