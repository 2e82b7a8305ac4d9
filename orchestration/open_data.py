"""The source tables as assets, one per table of the registry, refreshed per service.

Nothing here raises for a source: the old edition stays, is emitted again with its old version, and a non-blocking check
fails. What a table holds and how it is fetched is the business of sources/.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.progress import Progress, SilentProgress
from orchestration.results import store_result
from orchestration.services import open_services
from orchestration.settings import OWNER, REGISTRY, Settings
from sources import results
from sources.gebieden import refresh_gebieden, roster_in_use
from sources.gemeente_register import GemeenteRegister, load_gemeente_register
from sources.grenzen import refresh_grenzen
from sources.handmatig import load_rules, refresh_handmatig
from sources.http import Transport
from sources.leefbaarometer import refresh_leefbaarometer
from sources.refresh import refresh_odata_host
from sources.registry import Registry, SourceTable
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


def build_open_data(
    settings: Settings, registry: Registry, progress: Progress | None = None
) -> list[dg.AssetsDefinition]:
    """Make the assets of every source table in the registry."""
    told = progress or SilentProgress()
    return [_asset(settings, group, registry, told) for group in source_groups(settings, registry)]


def source_groups(settings: Settings, registry: Registry) -> list[SourceGroup]:
    """Which tables go together: the OData tables by host, each other family on its own."""
    lake = settings.locations.lake
    tables = tuple(registry.tables.values())
    other = {"gebieden", "grenzen", "leefbaarometer", "handmatig"}
    register = load_gemeente_register(REGISTRY)
    rules = load_rules(REGISTRY, register)
    hosts = sorted({table.host for table in tables if table.bron not in other})

    def odata(host: str) -> Refresh:
        return lambda services, transport, on_progress: refresh_odata_host(
            host, registry, services, lake, transport, on_progress=on_progress
        )

    groups = [
        SourceGroup(
            host.partition(".")[0],
            tuple(table for table in tables if table.host == host and table.bron not in other),
            odata(host),
        )
        for host in hosts
    ]

    def family(name: str) -> tuple[SourceTable, ...]:
        return tuple(table for table in tables if table.bron == name)

    return [
        *groups,
        SourceGroup(
            "leefbaarometer",
            family("leefbaarometer"),
            lambda services, transport, on_progress: refresh_leefbaarometer(
                registry, services, lake, transport, on_progress=on_progress
            ),
        ),
        SourceGroup("gebieden", (*family("gebieden"), *family("grenzen")), _areas(registry, register, lake)),
        SourceGroup(
            "handmatig",
            family("handmatig"),
            lambda *_: [refresh_handmatig(registry, settings.handmatig, lake, rules=rules)],
        ),
    ]


def _areas(registry: Registry, register: GemeenteRegister, lake: Path) -> Refresh:
    """The roster first, then the boundaries that belong to it."""

    def refresh(services: Services, transport: Transport, on_progress: results.OnProgress) -> Iterator[TableResult]:
        rosters = list(
            refresh_gebieden(registry, services, lake, transport, register=register, on_progress=on_progress)
        )
        yield from rosters
        roster = roster_in_use(rosters, registry, register)
        yield from refresh_grenzen(
            registry, services, lake, transport, register=register, roster=roster, on_progress=on_progress
        )

    return refresh


def _asset(settings: Settings, group: SourceGroup, registry: Registry, told: Progress) -> dg.AssetsDefinition:
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
        tags={"domain": "sociaal_werk", "pii": "none"},
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
