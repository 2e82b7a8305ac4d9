"""The pins: which editions one dbt run reads, and the assets through which dbt meets the lake.

Each source family is an asset of its own between its tables and dbt, so that lineage runs from source table to mart
while a new table stays a matter of registry rows.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.lock import claim_refresh
from orchestration.places import without_places
from orchestration.profile import read_profile
from orchestration.progress import Progress, SilentProgress
from orchestration.results import load_results
from orchestration.settings import OWNER, Settings
from orchestration.source_assets import table_key
from sources.lake import pin_editions
from sources.registry import BESCHERMD, Registry
from sources.results import TableResult

FAMILIES = (
    "cbs",
    "rivm",
    "politie",
    "leefbaarometer",
    "handmatig",
    "gebieden",
    "herindeling",
    "levering",
    "beschermd",
)
# What the registry resolved to, what could not be resolved, and the state of every table: fed by all families.
OVERVIEWS = ("editie", "reeks_selectie", "reeks_probleem")
# What the organisation chose: the profile and its lists, from a file of its own.
PROFILE = ("profiel", "profiel_kpi", "profiel_gemeente", "profiel_werksoort")


def build_pins(settings: Settings, registry: Registry, progress: Progress | None = None) -> dg.AssetsDefinition:
    """Make the assets that fix the editions of a build."""
    tables = list(registry.tables.values())
    # The batches are made by this very build, from the one before it: not an input of the night.
    fetched = [table for table in tables if table.bron != BESCHERMD]
    told = progress or SilentProgress()

    @dg.multi_asset(
        name="edities_vastleggen",
        specs=[
            *(_spec(name, [table_key(table) for table in fetched if table.bron == name]) for name in FAMILIES),
            *(_spec(name, [table_key(table) for table in fetched]) for name in OVERVIEWS),
            *(_spec(name, []) for name in PROFILE),
        ],
    )
    def edities_vastleggen() -> Iterator[dg.MaterializeResult[Any]]:
        claim_refresh(settings)
        told.step("edities vastleggen, dbt bouwt en toetst de mart")
        looks = load_results(settings.results, settings.locations.lake, tables)
        profile = read_profile(settings)
        chosen = profile.to_pins() if profile else None
        results = [_without_places(look.result, settings) for look in looks.values()]
        pins = pin_editions(settings.locations.lake, tables, results, settings.pins, profile=chosen)
        versions = {edition.bron_id: edition.edition_id for edition in pins.editions}
        for name in (*FAMILIES, *OVERVIEWS):
            mine = {
                table.bron_id: versions[table.bron_id]
                for table in tables
                if table.bron_id in versions and (name in OVERVIEWS or table.bron == name)
            }
            yield dg.MaterializeResult(
                asset_key=dg.AssetKey(["lake", name]),
                data_version=dg.DataVersion(json.dumps(mine, sort_keys=True)) if mine else None,
                metadata={"edities": dg.MetadataValue.json(mine), "tabellen": len(mine)},
            )
        version = hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()
        for name in PROFILE:
            yield dg.MaterializeResult(asset_key=dg.AssetKey(["lake", name]), data_version=dg.DataVersion(version))

    return edities_vastleggen


def _without_places(result: TableResult, settings: Settings) -> TableResult:
    """Leave out where on this machine something went wrong: what is pinned is published and kept."""
    return replace(
        result,
        melding=without_places(result.melding, settings) if result.melding else None,
        problems=tuple(replace(item, melding=without_places(item.melding, settings)) for item in result.problems),
    )


def read_pins(path: Path) -> dict[str, Any]:
    """Read the file that `edities_vastleggen` wrote."""
    pins: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return pins


def _spec(name: str, deps: list[dg.AssetKey]) -> dg.AssetSpec:
    return dg.AssetSpec(
        ["lake", name],
        deps=deps,
        group_name="lake",
        kinds={"python", "parquet"},
        owners=[OWNER],
        tags={"domain": "sociaal_werk", "pii": "none"},
        description=_description(name),
    )


def _description(name: str) -> str:
    if name in FAMILIES:
        return f"De edities van {name} die deze bouw leest, als één view voor dbt."
    if name in PROFILE:
        return "Wat de organisatie in haar profiel kiest, als view voor dbt."
    return "Overzicht over alle bronnen van deze bouw, als view voor dbt."
