"""Which gemeenten a workbook is of, and what it is called."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

import duckdb

from serving.errors import WrongUseError
from serving.gemeenten import find_gemeente
from serving.workbook.read import Row

MOST = 30
_WITH_OWN = """
select distinct gemeente_code from kpi_gemeente where familie <> 'impact' and waarde is not null
"""


def named_areas(wanted: Sequence[str], areas: Mapping[str, Row]) -> list[str]:
    """Codes of the areas that a user named, each once, in the order in which they were named.

    Args:
        wanted: Names or codes, one gemeente each.
        areas: From `read_areas`.

    Raises:
        WrongUseError: when a name is of none or of more, or there are too many of them.
    """
    names = {code: str(row["gemeente_naam"]) for code, row in areas.items()}
    try:
        codes = [find_gemeente(name, names) for name in wanted]
    except WrongUseError as error:
        raise _with_hint(error, wanted, names) from None
    return _not_too_many(list(dict.fromkeys(codes)))


def chosen_areas(connection: duckdb.DuckDBPyConnection, areas: Mapping[str, Row]) -> list[str]:
    """Codes of the gemeenten of the profile; when it chooses none, of those where the organisation works.

    Raises:
        WrongUseError: when there are none, or too many of them.
    """
    gemeenten = [code for code, row in areas.items() if row["soort_gebied"] == "gemeente"]
    chosen = [code for code in gemeenten if areas[code]["gekozen"]]
    if len(chosen) == len(gemeenten):
        chosen = [code for code in with_own_figures(connection, areas) if code in gemeenten]
    if not chosen:
        raise WrongUseError(
            "Het profiel kiest geen gemeenten, en er zijn geen eigen cijfers waaruit blijkt waar de organisatie werkt. "
            "Noem de gemeenten: impact-kpi werkboek Breda Tilburg"
        )
    return _not_too_many(chosen)


def with_own_figures(connection: duckdb.DuckDBPyConnection, areas: Mapping[str, Row]) -> list[str]:
    """Codes of the areas in which the organisation registered something that is shown, in order of name."""
    found = {code for (code,) in connection.execute(_WITH_OWN).fetchall()}
    return [code for code in areas if code in found]


def file_name(codes: Sequence[str], areas: Mapping[str, Row], publicatie: Row) -> str:
    """Name of the file: what it is of, the day of the publication, and its kind unless that is live."""
    label = _plain(str(areas[codes[0]]["gemeente_naam"])) if len(codes) == 1 else "selectie"
    kind = f"_{publicatie['soort']}" if publicatie["melding"] else ""
    return f"impact-kpi_{label}_{publicatie['published_at']:%Y-%m-%d}{kind}.xlsx"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-") or "gebied"


def _not_too_many(codes: list[str]) -> list[str]:
    if len(codes) > MOST:
        raise WrongUseError(
            f"{len(codes)} gemeenten passen niet in een werkboek; er kunnen er {MOST} in. Maak er meer dan een, of "
            'haal alles tegelijk op: impact-kpi query "from kpi_gemeente" --uitvoer cijfers.csv --komma'
        )
    return codes


def _with_hint(error: WrongUseError, wanted: Sequence[str], names: Mapping[str, str]) -> WrongUseError:
    """Den Haag without quotes is two words: say so."""
    whole = " ".join(wanted)
    try:
        find_gemeente(whole, names)
    except WrongUseError:
        return error
    return WrongUseError(f'Zet een naam van meer woorden tussen aanhalingstekens: impact-kpi werkboek "{whole}"')
