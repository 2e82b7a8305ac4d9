"""Settings come from the environment in one place, and every path is absolute."""

from __future__ import annotations

from pathlib import Path

import pytest
from dagster._utils.schedules import is_valid_cron_schedule

from orchestration.settings import apply_environment, load_settings
from serving.errors import WrongUseError


def test_without_any_variable_the_demo_archive_is_used(tmp_path: Path) -> None:
    """A newcomer's first command would ask for settings."""
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path)})
    assert settings.sources == "demo"
    assert settings.locations.soort == "demo"
    assert settings.handmatig is None


def test_demo_recorded_and_live_share_no_file(tmp_path: Path) -> None:
    """Invented figures would end up among real ones."""
    archive = tmp_path / "archief"
    archive.mkdir()
    roots = {
        load_settings({"IMPACT_KPI_DATA": str(tmp_path), "IMPACT_KPI_SOURCES": sources}).locations.root
        for sources in ("demo", "live", str(archive))
    }
    assert len(roots) == 3


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("IMPACT_KPI_SOURCES", "./er-is-niets"),
        ("IMPACT_KPI_INDELINGSJAAR", "24"),
        ("IMPACT_KPI_CRON", "half vier"),
        ("IMPACT_KPI_CRON", "30 24 * * *"),
        ("IMPACT_KPI_CRON", "30 3 * * 8"),
        ("IMPACT_KPI_CRON", "30 3 0 * *"),
        ("IMPACT_KPI_CRON", "*/0 3 * * *"),
        ("IMPACT_KPI_CRON", "30 3 * * * *"),
        ("IMPACT_KPI_VOLLEDIG", "misschien"),
        ("IMPACT_KPI_BEWAAR_PUBLICATIES", "0"),
        ("IMPACT_KPI_BEWAAR_DAGEN", "lang"),
        ("IMPACT_KPI_CONTACT", "wij"),
        ("IMPACT_KPI_CONTACT", "https://voorbeeld.nl/\nX-Kop: 1"),
        ("IMPACT_KPI_MELD_WEBHOOK", "hooks.voorbeeld.nl"),
        ("IMPACT_KPI_MELD_MAIL", "beheer"),
    ],
)
def test_a_wrong_setting_names_the_variable(variable: str, value: str) -> None:
    """An engineer would have to guess which of six settings is wrong."""
    with pytest.raises((ValueError, WrongUseError), match=variable):
        load_settings({variable: value})


@pytest.mark.parametrize("cron", ["30 2 * * *", "0 1-3 * * *", "15 0,2 * * 1", "0 2-22/4 * * *"])
def test_the_hour_of_the_clock_change_is_refused_with_the_reason(cron: str) -> None:
    """The night would be left out in March, or run twice in October."""
    with pytest.raises(ValueError, match=r"IMPACT_KPI_CRON.*zomertijd"):
        load_settings({"IMPACT_KPI_CRON": cron})


@pytest.mark.parametrize("cron", ["30 3 * * *", "0 1,4 * * 1-5", "*/5 * * * *", "5 3-23/4 1 */2 0"])
def test_every_other_cron_line_is_one_that_dagster_takes(cron: str) -> None:
    """A setting would pass here and stop the schedule from loading."""
    assert load_settings({"IMPACT_KPI_CRON": f"  {cron} "}).cron == cron
    assert is_valid_cron_schedule(cron)


def test_the_settings_of_the_night_are_read_and_passed_on(tmp_path: Path) -> None:
    """The daemon and dbt would work with other settings than the command."""
    given = {
        "IMPACT_KPI_DATA": str(tmp_path / "data"),
        "IMPACT_KPI_CRON": "5 4 * * *",
        "IMPACT_KPI_VOLLEDIG": "1",
        "IMPACT_KPI_BEWAAR_PUBLICATIES": "3",
        "IMPACT_KPI_BEWAAR_DAGEN": "7",
        "IMPACT_KPI_CONTACT": "beheer@voorbeeld.nl",
    }
    settings = load_settings(given)
    assert (settings.cron, settings.volledig, settings.keep_publications) == ("5 4 * * *", True, 3)
    assert (settings.keep_days, settings.contact) == (7, "beheer@voorbeeld.nl")
    passed_on: dict[str, str] = {}
    apply_environment(settings, passed_on)
    assert load_settings(passed_on) == settings


def test_without_settings_nobody_is_told_and_two_weeks_of_publications_stay(tmp_path: Path) -> None:
    """A newcomer's first refresh would mail somebody, or throw everything away."""
    settings = load_settings({"IMPACT_KPI_DATA": str(tmp_path)})
    assert not settings.notice.wanted
    assert (settings.cron, settings.keep_publications, settings.keep_days) == ("30 3 * * *", 14, 30)
    assert settings.volledig is False


def test_a_password_never_travels_or_prints_in_the_open() -> None:
    """A mail account would be for everybody on the network, or for whoever reads a log."""
    mail = {
        "IMPACT_KPI_MELD_MAIL": "beheer@voorbeeld.nl, wacht@voorbeeld.nl",
        "IMPACT_KPI_MELD_SMTP": "mail.voorbeeld.nl:587",
        "IMPACT_KPI_MELD_GEBRUIKER": "impact",
        "IMPACT_KPI_MELD_WACHTWOORD": "zeer-geheim",
        "IMPACT_KPI_MELD_WEBHOOK": "https://hooks.voorbeeld.nl/zeer-geheim",
    }
    settings = load_settings(mail)
    assert settings.notice.mail is not None
    assert settings.notice.mail.starttls
    assert settings.notice.mail.to == ("beheer@voorbeeld.nl", "wacht@voorbeeld.nl")
    assert "zeer-geheim" not in repr(settings)
    with pytest.raises(ValueError, match="IMPACT_KPI_MELD_STARTTLS"):
        load_settings({**mail, "IMPACT_KPI_MELD_STARTTLS": "nee"})


def test_everything_dbt_and_dagster_read_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view would point to a lake that is only found from one folder."""
    monkeypatch.chdir(tmp_path)
    environment: dict[str, str] = {}
    apply_environment(load_settings({"IMPACT_KPI_DATA": "data"}), environment)
    folders = {
        name: value
        for name, value in environment.items()
        if name.endswith(("_DATA", "_PINS", "_PATH", "_DIR", "_HOME", "WAREHOUSE", "_DAGSTER"))
    }
    assert len(folders) >= 8
    assert all(Path(value).is_absolute() for value in folders.values()), folders
