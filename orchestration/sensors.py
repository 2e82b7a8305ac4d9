"""What happens after a night that the daemon ran: the same report, notice and cleaning as after the command."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg

from orchestration.jobs import BY_COMMAND, STARTED_BY
from orchestration.report import finish_run
from orchestration.settings import Settings

_INTERVAL_SECONDS = 30


def build_sensors(settings: Settings, job: dg.UnresolvedAssetJobDefinition) -> list[dg.SensorDefinition]:
    """Make the sensors that finish a night, whether it succeeded or not."""

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        name="nacht_gelukt",
        monitored_jobs=[job],
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=_INTERVAL_SECONDS,
        description="Schrijft laatste_run.json na een nacht die gelukt is, meldt wat opvalt en ruimt op.",
    )
    def succeeded(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
        return _finish(settings, context)

    @dg.run_failure_sensor(
        name="nacht_mislukt",
        monitored_jobs=[job],
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=_INTERVAL_SECONDS,
        description="Schrijft laatste_run.json na een nacht die mislukt is, meldt dat en ruimt op.",
    )
    def failed(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
        return _finish(settings, context)

    return [succeeded, failed]


def _finish(settings: Settings, context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    run = context.dagster_run
    if run.tags.get(STARTED_BY) == BY_COMMAND:
        return dg.SkipReason("De opdracht die deze run startte, doet zelf verslag.")
    record = context.instance.get_run_record_by_id(run.run_id)
    begun = record.create_timestamp if record is not None else datetime.now(UTC)
    finish_run(settings, context.instance, run.run_id, begun.astimezone(UTC))
    return None
