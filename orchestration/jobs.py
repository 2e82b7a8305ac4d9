"""The jobs: what can be run as one thing."""

from __future__ import annotations

import dagster as dg

NIGHTLY = "nightly"
# Run tag that says who started a run; the command reports for itself, so the sensors leave its runs alone.
STARTED_BY = "impact_kpi/door"
BY_COMMAND = "opdracht"
BY_SCHEDULE = "rooster"


def build_jobs() -> list[dg.UnresolvedAssetJobDefinition]:
    """One job: everything, from the services to the publication, in one process."""
    return [
        dg.define_asset_job(
            NIGHTLY,
            selection=dg.AssetSelection.all(),
            executor_def=dg.in_process_executor,
            description="Haal de bronnen op, bouw de mart met dbt en publiceer hem.",
        )
    ]
