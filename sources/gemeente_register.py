"""The registry's own list of gemeenten, with the days from and until which each exists.

Reads `gemeente_register.csv` and `pseudo_gebied.csv` and answers which gemeenten there are in a year. What does not
belong here: rosters that a service gives, and what moved from one gemeente to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sources.registry import RegistryError
from sources.seeds import read_seed

_REGISTER_FILE = "gemeente_register.csv"
_PSEUDO_FILE = "pseudo_gebied.csv"


@dataclass(frozen=True, slots=True)
class RegisteredGemeente:
    """One gemeente that exists or has existed.

    Attributes:
        gemeente_code: `GM` and four digits.
        gemeente_naam: name as CBS spells it.
        geldig_van: first day.
        geldig_tot: first day on which it no longer exists, or None.
    """

    gemeente_code: str
    gemeente_naam: str
    geldig_van: date
    geldig_tot: date | None

    def exists_in(self, year: int) -> bool:
        """Whether it exists on 1 January of a year."""
        day = date(year, 1, 1)
        return self.geldig_van <= day and (self.geldig_tot is None or day < self.geldig_tot)


@dataclass(frozen=True, slots=True)
class GemeenteRegister:
    """The registry's list.

    Attributes:
        gemeenten: every gemeente by code.
        pseudo: name per code that looks like a gemeente and is none.
    """

    gemeenten: Mapping[str, RegisteredGemeente]
    pseudo: Mapping[str, str]

    def codes_in(self, year: int) -> frozenset[str]:
        """Codes of the gemeenten on 1 January of a year."""
        return frozenset(code for code, gemeente in self.gemeenten.items() if gemeente.exists_in(year))

    def years_alike(self, year: int, last: int) -> list[int]:
        """Other years up to `last` with the same gemeenten, newest first."""
        wanted = self.codes_in(year)
        first = year
        while self.codes_in(first - 1) == wanted and first > date.min.year + 1:
            first -= 1
        return [other for other in range(last, first - 1, -1) if other != year and self.codes_in(other) == wanted]


def load_gemeente_register(folder: Path) -> GemeenteRegister:
    """Read the list from the folder of the registry seeds.

    Raises:
        RegistryError: a file or column is missing, or a day is malformed.
    """
    gemeenten = {}
    for line, row in read_seed(folder, _REGISTER_FILE, ("gemeente_code", "gemeente_naam", "geldig_van", "geldig_tot")):
        gemeenten[row["gemeente_code"]] = RegisteredGemeente(
            gemeente_code=row["gemeente_code"],
            gemeente_naam=row["gemeente_naam"],
            geldig_van=_day(row, line, "geldig_van"),
            geldig_tot=_day(row, line, "geldig_tot") if row["geldig_tot"] else None,
        )
    pseudo = {row["code"]: row["naam"] for _, row in read_seed(folder, _PSEUDO_FILE, ("code", "naam"))}
    return GemeenteRegister(gemeenten, pseudo)


def _day(row: Mapping[str, str], line: int, column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        problem = f"{row[column]!r} is no day."
        raise RegistryError(_REGISTER_FILE, line, column, problem, "Write it as 2026-01-01.") from error
