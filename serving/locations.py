"""Where everything a run keeps lies on disk, and of which kind the run is.

The only reader of `IMPACT_KPI_DATA` and `IMPACT_KPI_SOURCES` as far as places go. Makes no folders and opens no files.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from serving.errors import WrongUseError

Soort = Literal["demo", "recorded", "live"]
SOORTEN: tuple[Soort, ...] = get_args(Soort)
DATA_VARIABLE = "IMPACT_KPI_DATA"
SOURCES_VARIABLE = "IMPACT_KPI_SOURCES"
DIVISION_VARIABLE = "IMPACT_KPI_INDELINGSJAAR"
LAST_RUN = "laatste_run.json"


@dataclass(frozen=True, slots=True)
class Locations:
    """The places of one kind of data; demo, recorded and live share no file.

    Attributes:
        data: Absolute path of the data folder.
        soort: Kind of data: demo, recorded or live.
    """

    data: Path
    soort: Soort

    @property
    def root(self) -> Path:
        """Folder of this kind of data."""
        return self.data / self.soort

    @property
    def lake(self) -> Path:
        """Folder of the Parquet editions, one folder per source table."""
        return self.root / "lake"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt alone writes."""
        return self.root / "warehouse.duckdb"

    @property
    def publications(self) -> Path:
        """Folder of the publications and the link `actueel`."""
        return self.root / "publicatie"

    @property
    def rebuilds(self) -> Path:
        """Folder of publications that were built again, to compare; nobody reads them, they may be thrown away."""
        return self.root / "herbouw"

    @property
    def cache(self) -> Path:
        """Folder of what is the same for every publication; may be thrown away, it is made again."""
        return self.root / "cache"

    @property
    def dagster(self) -> Path:
        """Folder of the run history."""
        return self.root / "dagster"

    @property
    def dbt(self) -> Path:
        """Target and log folder of dbt, and the pins of the run."""
        return self.root / "dbt"

    @property
    def last_run(self) -> Path:
        """JSON report of the last run; lies beside `actueel` because it changes when the publication does not."""
        return self.publications / LAST_RUN


def sources_setting(environ: Mapping[str, str] | None = None) -> str:
    """Return `IMPACT_KPI_SOURCES`, or `demo` when it is not set."""
    return _setting(environ, SOURCES_VARIABLE) or "demo"


def data_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the absolute path of `IMPACT_KPI_DATA` (default `./data`), whether it exists or not."""
    return Path(_setting(environ, DATA_VARIABLE) or "data").expanduser().resolve()


def kind(sources: str) -> Soort:
    """Tell the kind of data that a value of `IMPACT_KPI_SOURCES` gives.

    Args:
        sources: `demo`, `live`, the path of an archive folder, or a base address `http://host:port`.

    Raises:
        WrongUseError: when the value is none of these; a bare word counts as a folder only when that folder exists,
            so that a typing error is not taken for an empty archive.
    """
    value = sources.strip()
    if value.casefold() == "demo":
        return "demo"
    if value.casefold() == "live":
        return "live"
    is_address = value.casefold().startswith(("http://", "https://"))
    is_path = os.sep in value or value.startswith((".", "~")) or Path(value).is_dir()
    if value and (is_address or is_path):
        return "recorded"
    raise WrongUseError(
        f"{SOURCES_VARIABLE}={sources!r} zegt niets over waar de cijfers vandaan komen. Verwacht: demo, live, "
        f"de map van een archief (bijvoorbeeld ./archief; een map met deze naam is er niet) of een adres dat met "
        f"http:// begint."
    )


def locate(soort: Soort | None = None, environ: Mapping[str, str] | None = None) -> Locations:
    """Return the places of a kind of data; without a kind, of the one that `IMPACT_KPI_SOURCES` gives."""
    return Locations(data_folder(environ), soort or kind(sources_setting(environ)))


def _setting(environ: Mapping[str, str] | None, name: str) -> str:
    return (os.environ if environ is None else environ).get(name, "").strip()
