"""The nightly schedule: one tick a night, in the nights of the clock change too, and never the same night twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from orchestration.jobs import BY_SCHEDULE, NIGHTLY, STARTED_BY, build_jobs
from orchestration.schedules import build_schedules
from orchestration.sensors import build_sensors
from orchestration.serve import next_night
from orchestration.settings import load_settings

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# The last Sundays of March and October.
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]


def schedule(tmp_path: Path, cron: str = "30 3 * * *") -> dg.ScheduleDefinition:
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path), "IMPACT_KPI_CRON": cron})
    return build_schedules(settings, build_jobs()[0])[0]


def ticks(made: dg.ScheduleDefinition, first: date, days: int) -> list[datetime]:
    """Every moment that Dagster's own iterator gives for a schedule, in the time of the Netherlands."""
    start = datetime.combine(first, datetime.min.time(), AMSTERDAM)
    end = start + timedelta(days=days)
    cron, zone = made.cron_schedule, made.execution_timezone
    found = schedule_execution_time_iterator(start.timestamp(), cron, zone, ascending=True)
    return [at.astimezone(AMSTERDAM) for at in takewhile(lambda at: at < end, found)]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("cron", ["30 3 * * *", "0 0 * * *", "59 1 * * *", "0 3 * * *", "15 23 * * *"])
def test_a_night_of_the_clock_change_has_exactly_one_tick(tmp_path: Path, change: date, cron: str) -> None:
    """The figures would be a day old in March, or two refreshes would run in one night of October."""
    found = ticks(schedule(tmp_path, cron), change - timedelta(days=1), 3)
    assert [at.date() for at in found] == [change + timedelta(days=day) for day in (-1, 0, 1)]
    minute, hour = (int(part) for part in cron.split()[:2])
    assert {(at.hour, at.minute) for at in found} == {(hour, minute)}


@pytest.mark.parametrize("change", CHANGES)
def test_the_clock_does_change_in_those_nights(change: date) -> None:
    """The test above would prove nothing in a night like any other."""
    day = [datetime(change.year, change.month, change.day + more, tzinfo=AMSTERDAM) for more in (0,)]
    assert day[0].utcoffset() != (day[0] + timedelta(days=1)).utcoffset()


def test_the_same_night_asked_twice_is_one_run(tmp_path: Path) -> None:
    """A daemon that starts again would run the night again; an hour that comes twice would too."""
    made = schedule(tmp_path)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:

        def asked(at: datetime) -> dg.RunRequest:
            context = dg.build_schedule_context(instance=instance, scheduled_execution_time=at)
            (request,) = made.evaluate_tick(context).run_requests or []
            return request

        night = asked(datetime(2026, 10, 25, 3, 30, tzinfo=AMSTERDAM))
        assert night.run_key == asked(datetime(2026, 10, 25, 3, 30, tzinfo=AMSTERDAM)).run_key
        assert night.run_key != asked(datetime(2026, 10, 26, 3, 30, tzinfo=AMSTERDAM)).run_key
        twice = [asked(datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=AMSTERDAM)).run_key for fold in (0, 1)]
        assert twice[0] == twice[1]
        assert night.tags[STARTED_BY] == BY_SCHEDULE


def test_schedule_and_sensors_run_from_the_start_and_follow_the_nightly_job(tmp_path: Path) -> None:
    """Somebody would start the daemon and nothing would happen until he finds a switch in the UI."""
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path)})
    job = build_jobs()[0]
    (night,) = build_schedules(settings, job)
    assert night.default_status == dg.DefaultScheduleStatus.RUNNING
    assert night.job_name == NIGHTLY
    assert night.execution_timezone == "Europe/Amsterdam"
    assert all(one.default_status == dg.DefaultSensorStatus.RUNNING for one in build_sensors(settings, job))


def test_the_next_night_is_told_in_dutch_time(tmp_path: Path) -> None:
    """Whoever starts the planner in summer would wait two hours longer than it said."""
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path), "IMPACT_KPI_CRON": "30 3 * * *"})
    told = next_night(settings, datetime(2026, 7, 1, 1, 0, tzinfo=UTC))
    assert f"{told:%d-%m-%Y %H:%M}" == "01-07-2026 03:30"
    assert f"{next_night(settings, told):%d-%m-%Y %H:%M}" == "02-07-2026 03:30"
