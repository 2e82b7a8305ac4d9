"""The dbt assets: every model of dbt_project/ with its lineage from the source tables.

One @dbt_assets set holds them all: failing tests of one set are not respected by another. The SQL's meaning
lives in dbt_project/, not here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)

from orchestration.batch import BATCH_MODELS
from orchestration.dbt_checks import explained, has_failed
from orchestration.lock import claim_refresh
from orchestration.progress import Progress, SilentProgress
from orchestration.project import dbt_executable
from orchestration.settings import DBT_PROJECT, OWNER, Settings
from orchestration.unchanged import (
    forget_built,
    note_built,
    nothing_changed,
    unchanged_assets,
    warnings_that_stand,
)
from serving.publish import published_tables
from sources.registry import LEVERING


class MartTranslator(DagsterDbtTranslator):
    """Name, group and describe dbt nodes the way the rest of the asset graph does."""

    def __init__(self, settings: DagsterDbtTranslatorSettings) -> None:
        """Take dagster-dbt's settings."""
        super().__init__(settings)
        # dagster-dbt asks for a node again for each of its tests and children: seconds at every start.
        self._known: dict[str, dg.AssetSpec] = {}

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """Add owner, group (the layer), and the tags that say whether a table holds figures about people."""
        if unique_id not in self._known:
            self._known[unique_id] = self._make_spec(manifest, unique_id, project)
        return self._known[unique_id]

    def _make_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = self.get_resource_props(manifest, unique_id)
        if _is_delivery(node):
            spec = spec.replace_attributes(key=dg.AssetKey(["lake", LEVERING]))
        return spec.replace_attributes(
            group_name=_layer(node), owners=[OWNER], kinds={"dbt", "duckdb"}
        ).merge_attributes(tags={"domain": "sociaal_werk", "pii": _personal(node)})


def _is_delivery(node: Mapping[str, Any]) -> bool:
    """Whether a node is one of the tables of a delivery: together they are one asset."""
    return bool(node["resource_type"] == "source" and node["source_name"] == LEVERING)


def _personal(node: Mapping[str, Any]) -> str:
    """How near a table comes to a person: pseudonymised rows, exact counts, or neither."""
    if _is_delivery(node) or LEVERING in node["fqn"]:
        return "pseudonymised"
    return "counts" if "eigen" in node["fqn"] and "beschermd" not in node["name"] else "none"


def _layer(node: Mapping[str, Any]) -> str:
    if node["resource_type"] == "seed":
        return "registry"
    if node["resource_type"] == "source":
        return "lake"
    return str(node["fqn"][1])


def _dbt_project(settings: Settings) -> DbtProject:
    """Describe the dbt project with a target folder of this kind of data."""
    return DbtProject(
        project_dir=DBT_PROJECT,
        profiles_dir=DBT_PROJECT,
        target_path=settings.target,
        packaged_project_dir=None,
    )


def build_mart(settings: Settings, progress: Progress | None = None) -> tuple[dg.AssetsDefinition, DbtCliResource]:
    """Make the dbt assets and the resource that runs dbt, from the manifest of `ensure_manifest`."""
    told = progress or SilentProgress()
    project = _dbt_project(settings)
    handed_on = {table.name for table in published_tables(settings.manifest)} | BATCH_MODELS
    translator = MartTranslator(
        settings=DagsterDbtTranslatorSettings(
            enable_source_tests_as_checks=True, enable_duplicate_source_asset_keys=True
        )
    )

    @dbt_assets(
        manifest=settings.manifest,
        project=project,
        dagster_dbt_translator=translator,
        name="kpi_mart",
    )
    def kpi_mart(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        claim_refresh(settings)
        if not context.is_subset and nothing_changed(settings):
            told.step("niets gewijzigd: de mart blijft zoals hij is")
            context.log.info("geen bron, code of instelling gewijzigd sinds de laatste bouw: dbt is niet gedraaid")
            yield from unchanged_assets(context, handed_on)
            yield from warnings_that_stand(settings, context.selected_asset_check_keys)
            return
        forget_built(settings)
        # Unit tests guard the SQL in `make test`; running them every night would only cost time.
        build = dbt.cli(["build", "--exclude-resource-type", "unit_test"], context=context, raise_on_error=False)
        failed: list[dg.AssetCheckResult] = []
        total = len(context.selected_asset_keys) + len(context.selected_asset_check_keys)
        for done, event in enumerate(build.stream(), start=1):
            told.advance("modellen en toetsen", min(done, total - 1), total)
            if has_failed(event):
                failed.append(event)
            else:
                yield event
        # Only now: while dbt runs, nobody can look up which KPIs the failing rows are of.
        told_why = list(explained(failed, settings, build.target_path))
        yield from told_why
        if (error := build.get_error()) is not None:
            raise error
        told.advance("modellen en toetsen", total, total)
        if not context.is_subset:
            note_built(settings, context.run_id, told_why)

    resource = DbtCliResource(
        project_dir=project,
        profiles_dir=str(DBT_PROJECT),
        dbt_executable=str(dbt_executable()),
    )
    return kpi_mart, resource
