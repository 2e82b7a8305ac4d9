"""The nightly schedule: starts the job `nightly` once a night, in the time of the Netherlands.

Only the daemon of `make serve` ticks it; under cron or systemd the command `impact-kpi refresh` does the same work.
"""

from __future__ import annotations

import dagster as dg

from orchestration.jobs import BY_SCHEDULE, STARTED_BY
from orchestration.night_settings import TIMEZONE
from orchestration.report import bury_and_tell
from orchestration.settings import Settings

SCHEDULE = "nacht"


def build_schedules(settings: Settings, job: dg.UnresolvedAssetJobDefinition) -> list[dg.ScheduleDefinition]:
    """Make the schedule of this installation."""

    @dg.schedule(
        name=SCHEDULE,
        job=job,
        cron_schedule=settings.cron,
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Elke nacht: bronnen ophalen, de mart bouwen en publiceren. Instelling: IMPACT_KPI_CRON.",
    )
    def night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        # A run that was killed would hold the only place there is.
        bury_and_tell(settings, context.instance)
        # Time on the clock, without its offset: an hour that comes twice in one night is still one night.
        at = context.scheduled_execution_time
        return dg.RunRequest(run_key=f"nacht {at:%Y-%m-%d %H:%M}", tags={STARTED_BY: BY_SCHEDULE})

    return [night]
