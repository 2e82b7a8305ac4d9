"""The batch: what this build published of the organisation's own data, kept in the lake before it is handed out.

Whether a new batch was due, dbt decided (int_batch); that it tells nothing about a person, the build has tested.
"""

from pathlib import Path

import dagster as dg
import duckdb
from dagster_dbt import get_asset_key_for_model

from orchestration.lock import claim_refresh
from orchestration.progress import Progress, SilentProgress
from orchestration.settings import OWNER, Settings
from orchestration.source_assets import table_key
from orchestration.unchanged import nothing_changed
from sources.batch import store_batch
from sources.lake import current_edition, pin_instead
from sources.registry import BESCHERMD, Registry

PROTECTED = "int_eigen_beschermd"
_DECISION = "int_batch"
# The models that this step waits for.
BATCH_MODELS = frozenset({PROTECTED, _DECISION})
_SCHEMA = "eigen"


def build_batch(
    settings: Settings, registry: Registry, kpi_mart: dg.AssetsDefinition, progress: Progress | None = None
) -> dg.AssetsDefinition:
    """Make the asset that keeps a new batch of protected figures."""
    table = registry.tables[BESCHERMD]
    told = progress or SilentProgress()

    @dg.asset(
        key=table_key(table),
        deps=[get_asset_key_for_model([kpi_mart], name) for name in sorted(BATCH_MODELS)],
        group_name="lake_beschermd",
        kinds={"parquet"},
        owners=[OWNER],
        tags={"domain": "sociaal_werk", "pii": "none"},
        description="De beschermde cijfers uit de eigen registratie die nu gepubliceerd zijn, per batch bewaard.",
    )
    def batch(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg]
        claim_refresh(settings)
        lake = settings.locations.lake
        due = None if nothing_changed(settings) else new_batch_id(settings.locations.warehouse)
        if due is not None:
            told.step(f"batch {due} vastleggen")
            relation = f"{_SCHEMA}.{PROTECTED}"
            edition = store_batch(settings.locations.warehouse, relation, lake, table, batch_id=due)
            pin_instead(settings.pins, lake, table, edition)
        current = current_edition(lake, table.bron_id)
        context.log.info("batch: %s", due or "geen nieuwe")
        return dg.MaterializeResult(
            data_version=dg.DataVersion(current.manifest.request_key if current else "geen"),
            metadata={
                "batch": current.manifest.table_id if current else "geen",
                "nieuw": due is not None,
                "dagster/row_count": current.manifest.rows if current else 0,
            },
        )

    return batch


def new_batch_id(warehouse: Path) -> str | None:
    """The id of the batch that this build made, or None when it carried the one before it on."""
    query = f"""
        select batch_id from {_SCHEMA}.{_DECISION} as besluit
        where is_nieuw and exists (from {_SCHEMA}.{PROTECTED} as cijfer where cijfer.batch_id = besluit.batch_id)
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(query).fetchone()
    return str(found[0]) if found else None


def build_day(warehouse: Path) -> str:
    """The day that this build took for today, as ISO text: whether a batch was due depends on it."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(f"select dag from {_SCHEMA}.{_DECISION}").fetchone()
    return found[0].isoformat() if found else ""
