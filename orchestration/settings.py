"""Where this installation reads from and writes to: the one place that reads the environment.

What belongs here: turning IMPACT_KPI_* variables into absolute paths, and handing dbt and Dagster the
environment they need. What does not: anything that touches a network, a database or a file's content.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.night_settings import (
    CRON_VARIABLE,
    DEFAULT_CRON,
    Notice,
    read_contact,
    read_cron,
    read_notice,
    read_number,
    read_yes,
)
from serving.locations import Locations, data_folder, kind

REPOSITORY = Path(__file__).resolve().parents[1]
DBT_PROJECT = REPOSITORY / "dbt_project"
REGISTRY = DBT_PROJECT / "seeds" / "registry"
OWNER = "team:data"
FULL_VARIABLE = "IMPACT_KPI_VOLLEDIG"
# Read by dbt (int_batch): asks for a new batch before the first night of the month.
BATCH_VARIABLE = "IMPACT_KPI_BATCH"
KEEP_VARIABLE = "IMPACT_KPI_BEWAAR_PUBLICATIES"
DAYS_VARIABLE = "IMPACT_KPI_BEWAAR_DAGEN"
CONTACT_VARIABLE = "IMPACT_KPI_CONTACT"
_KEPT, _DAYS = 14, 30


@dataclass(frozen=True, slots=True)
class Settings:
    """One run's settings; every path is absolute.

    Attributes:
        sources: `demo`, `live`, an archive folder, or a base address such as `http://127.0.0.1:8080`.
        locations: the folders of this kind of data (`data/<soort>/…`).
        handmatig: folder with hand-supplied CSV files, or None.
        indelingsjaar: the division to publish on, or None for the newest one that is served.
        profiel: file with what the organisation chose, or None.
        cron: when `make serve` starts the night, in the time of the Netherlands.
        volledig: pull and build everything again, changed or not.
        keep_publications: publications kept.
        keep_days: days of run history kept.
        contact: whom a service may reach about our requests, or None.
        notice: who is told when a night did not go as it should.
    """

    sources: str
    locations: Locations
    handmatig: Path | None
    indelingsjaar: int | None
    profiel: Path | None = None
    cron: str = DEFAULT_CRON
    volledig: bool = False
    keep_publications: int = _KEPT
    keep_days: int = _DAYS
    contact: str | None = None
    notice: Notice = field(default_factory=Notice)

    @property
    def archive(self) -> Path:
        """The archive folder that `sources` names; only meaningful where it is a path."""
        return Path(self.sources)

    @property
    def pins(self) -> Path:
        """The file that names the exact editions of one build."""
        return self.locations.dbt / "pins.json"

    @property
    def log(self) -> Path:
        """What dbt and Dagster printed during the last refresh from the command line."""
        return self.locations.root / "ververs.log"

    @property
    def lock(self) -> Path:
        """Held by whoever refreshes, loads or erases: these never run together."""
        return self.locations.root / "ververs.lock"

    @property
    def told(self) -> Path:
        """What people were told about earlier nights, so that they hear of it once."""
        return self.locations.root / "meldingen.json"

    @property
    def results(self) -> Path:
        """Where the last look at each source table is kept."""
        return self.locations.dbt / "bronnen"

    @property
    def target(self) -> Path:
        """Where dbt writes its manifest and compiled SQL for this kind of data."""
        return self.locations.dbt / "target"

    @property
    def manifest(self) -> Path:
        """The dbt manifest that the Dagster definitions are made from."""
        return self.target / "manifest.json"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises:
        ValueError: IMPACT_KPI_INDELINGSJAAR is not a year, IMPACT_KPI_SOURCES or IMPACT_KPI_PROFIEL names what is not
            there, or a setting of the night is no cron line, number or address. The message names the variable and the
            remedy.
    """
    env = os.environ if environment is None else environment
    sources = env.get("IMPACT_KPI_SOURCES", "").strip() or "demo"
    soort = kind(sources)
    if soort == "recorded" and "://" not in sources:
        sources = str(_existing_folder(sources, "IMPACT_KPI_SOURCES"))
    handmatig = env.get("IMPACT_KPI_HANDMATIG", "").strip()
    year = env.get("IMPACT_KPI_INDELINGSJAAR", "").strip()
    profiel = env.get("IMPACT_KPI_PROFIEL", "").strip()
    return Settings(
        sources=sources,
        locations=Locations(data_folder(env), soort),
        # Whether it is there is for the source to judge: a share that is not mounted must not cost the whole night.
        handmatig=Path(handmatig).expanduser().resolve() if handmatig else None,
        indelingsjaar=_year(year) if year else None,
        profiel=_existing_file(profiel, "IMPACT_KPI_PROFIEL") if profiel else None,
        cron=read_cron(env.get(CRON_VARIABLE, "").strip() or DEFAULT_CRON),
        volledig=read_yes(env.get(FULL_VARIABLE, ""), FULL_VARIABLE),
        keep_publications=read_number(env.get(KEEP_VARIABLE, ""), KEEP_VARIABLE, _KEPT),
        keep_days=read_number(env.get(DAYS_VARIABLE, ""), DAYS_VARIABLE, _DAYS),
        contact=read_contact(env.get(CONTACT_VARIABLE, "")),
        notice=read_notice(env),
    )


def apply_environment(settings: Settings, environment: MutableMapping[str, str] | None = None) -> None:
    """Set what dbt, Dagster and the processes of `make serve` read from the environment, before one is started.

    One target folder per kind of data keeps dbt's parse cache valid when demo and live take turns. Places become
    absolute: a process that is started from another folder has to find the same ones.
    """
    env = os.environ if environment is None else environment
    locations = settings.locations
    env.update(
        {
            "IMPACT_KPI_SOURCES": settings.sources,
            "IMPACT_KPI_DATA": str(locations.data),
            "IMPACT_KPI_WAREHOUSE": str(locations.warehouse),
            "IMPACT_KPI_PINS": str(settings.pins),
            "IMPACT_KPI_DAGSTER": str(locations.dagster),
            "IMPACT_KPI_INDELINGSJAAR": str(settings.indelingsjaar or ""),
            "IMPACT_KPI_HANDMATIG": str(settings.handmatig or ""),
            "IMPACT_KPI_PROFIEL": str(settings.profiel or ""),
            CRON_VARIABLE: settings.cron,
            FULL_VARIABLE: "ja" if settings.volledig else "",
            KEEP_VARIABLE: str(settings.keep_publications),
            DAYS_VARIABLE: str(settings.keep_days),
            CONTACT_VARIABLE: settings.contact or "",
            "DAGSTER_HOME": str(REPOSITORY),
            "DBT_PROJECT_DIR": str(DBT_PROJECT),
            "DBT_PROFILES_DIR": str(DBT_PROJECT),
            "DBT_TARGET_PATH": str(settings.target),
            "DBT_LOG_PATH": str(locations.dbt / "logs"),
            "DO_NOT_TRACK": "1",
        }
    )
    for folder in (locations.lake, locations.dagster, locations.dbt, locations.warehouse.parent):
        folder.mkdir(parents=True, exist_ok=True)


def _existing_folder(text: str, variable: str) -> Path:
    folder = Path(text).expanduser().resolve()
    if not folder.is_dir():
        raise ValueError(f"{variable} noemt de map {folder}, maar die is er niet. Geef een bestaande map op.")
    return folder


def _existing_file(text: str, variable: str) -> Path:
    path = Path(text).expanduser().resolve()
    if not path.is_file():
        raise ValueError(f"{variable} noemt het bestand {path}, maar dat is er niet. Geef een bestaand bestand op.")
    return path


def _year(text: str) -> int:
    if not (text.isdigit() and len(text) == 4):  # noqa: PLR2004 - a year has four digits
        raise ValueError(f"IMPACT_KPI_INDELINGSJAAR is {text!r}; geef een jaartal van vier cijfers, zoals 2024.")
    return int(text)
