"""The publication asset: made last, only after a full build in which every error-severity test passed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import get_asset_key_for_model

from orchestration.batch import build_day
from orchestration.lock import claim_refresh
from orchestration.pins import read_pins
from orchestration.progress import Progress, SilentProgress
from orchestration.recipe import make_recipe
from orchestration.settings import OWNER, Settings
from orchestration.unchanged import METADATA, note_published, nothing_changed
from serving.extras import Extras
from serving.publish import MANIFEST, publish, published_tables
from serving.shelf import CURRENT, current_folder
from sources.grenzen import BOUNDARIES, BRON
from sources.registry import BESCHERMD

PUBLICATION_KEY = dg.AssetKey(["publicatie", "mart"])
# A batch is kept before readers see it: the next one is held against what they saw.
BATCH_KEY = dg.AssetKey(["lake", BESCHERMD, BESCHERMD])


def build_publication(
    settings: Settings, kpi_mart: dg.AssetsDefinition, progress: Progress | None = None
) -> dg.AssetsDefinition:
    """Make the asset that hands the tables of the dbt exposure `kpi_mart` to advisors."""
    tables = published_tables(settings.manifest)
    told = progress or SilentProgress()

    @dg.asset(
        key=PUBLICATION_KEY,
        deps=[*(get_asset_key_for_model([kpi_mart], table.name) for table in tables), BATCH_KEY],
        group_name="publicatie",
        kinds={"duckdb", "parquet"},
        owners=[OWNER],
        tags={"domain": "sociaal_werk", "pii": "none"},
        description="Eén onveranderlijke map met site, werkboeken, Parquet, DuckDB-bestand en manifest, achter de link "
        "`actueel`.",
    )
    def publicatie(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg]
        claim_refresh(settings)
        if nothing_changed(settings):
            return _standing(settings)
        told.step("publiceren")
        warehouse = settings.locations.warehouse
        pins = read_pins(settings.pins)
        result = publish(
            warehouse,
            tables,
            settings.locations.publications,
            soort=settings.locations.soort,
            software_version=version("impact-kpi"),
            editions=[edition for edition in pins["editions"] if edition["edition_id"]],
            run_id=context.run_id,
            now=datetime.now(UTC),
            recipe=make_recipe(settings, pins, build_day(warehouse)),
            keep=settings.keep_publications,
            extras=Extras(
                find_boundaries(settings, pins),
                settings.locations.cache,
                lambda written: told.advance("bladzijden van de site", written, None),
            ),
        )
        if result.state == "gepubliceerd":
            told.step(f"site: {result.pages} bladzijden")
        note_published(settings, context.run_id, result.publicatie_id)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(result.content_hash),
            metadata={
                "staat": result.state,
                "publicatie_id": result.publicatie_id,
                "map": dg.MetadataValue.path(str(result.folder)),
                "herziene_cijfers": dg.MetadataValue.null() if result.revised is None else result.revised,
                "dagster/row_count": result.row_counts.get("kpi_waarde", 0),
                "bladzijden": dg.MetadataValue.null() if result.pages is None else result.pages,
                "rijen": dg.MetadataValue.json(dict(result.row_counts)),
            },
        )

    return publicatie


def find_boundaries(settings: Settings, pins: Mapping[str, Any]) -> Path | None:
    """The map of the division that this build is on; None when no edition of it is in use.

    A map that is not there keeps no figure from its readers: the pages say that there is none.
    """
    line = next((line for line in pins["editions"] if line["bron"] == BRON and line["path"]), None)
    path = settings.locations.lake / line["path"] / BOUNDARIES if line else None
    return path if path is not None and path.is_file() else None


def _standing(settings: Settings) -> dg.MaterializeResult[None]:
    """The publication that stands, given again as it is."""
    folder = current_folder(settings.locations.publications)
    if folder is None:
        raise dg.Failure(f"{settings.locations.publications / CURRENT} is weg: ververs opnieuw", allow_retries=False)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return dg.MaterializeResult(
        data_version=dg.DataVersion(manifest["content_hash"]),
        metadata={
            **METADATA,
            "staat": "ongewijzigd",
            "publicatie_id": folder.name,
            "map": dg.MetadataValue.path(str(folder)),
            "herziene_cijfers": dg.MetadataValue.null(),
            "dagster/row_count": manifest["rijen"].get("kpi_waarde", 0),
            "rijen": dg.MetadataValue.json(manifest["rijen"]),
        },
    )
