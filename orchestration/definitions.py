"""The code location: `build_defs` makes the Definitions for production, for the tests and for the command line.

Importing this module touches no network, no database and no dbt; Dagster calls `defs` when it loads the location.
"""

from __future__ import annotations

import dagster as dg

from orchestration.activity_data import build_activity_data
from orchestration.batch import build_batch
from orchestration.jobs import build_jobs
from orchestration.mart import build_mart
from orchestration.open_data import build_open_data
from orchestration.pins import build_pins
from orchestration.progress import Progress
from orchestration.project import ensure_manifest
from orchestration.publication import build_publication
from orchestration.schedules import build_schedules
from orchestration.sensors import build_sensors
from orchestration.settings import REGISTRY, Settings, apply_environment, load_settings
from sources.registry import load_registry


def build_defs(*, settings: Settings | None = None, progress: Progress | None = None) -> dg.Definitions:
    """Make a fresh set of definitions.

    Args:
        settings: where to read from and write to; the environment's by default.
        progress: what to tell about long downloads; None tells the run's log.

    Raises:
        sources.registry.RegistryError: a registry file is wrong; the message names file and line.
        RuntimeError: dbt cannot parse dbt_project/.
    """
    settings = settings or load_settings()
    apply_environment(settings)
    ensure_manifest(settings)
    registry = load_registry(REGISTRY)
    kpi_mart, dbt = build_mart(settings, progress)
    jobs = build_jobs()
    return dg.Definitions(
        assets=[
            *build_open_data(settings, registry, progress),
            build_activity_data(settings, registry, progress),
            build_pins(settings, registry, progress),
            kpi_mart,
            build_batch(settings, registry, kpi_mart, progress),
            build_publication(settings, kpi_mart, progress),
        ],
        jobs=jobs,
        schedules=build_schedules(settings, jobs[0]),
        sensors=build_sensors(settings, jobs[0]),
        resources={"dbt": dbt},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `dagster dev` and the webserver load."""
    return build_defs()
