"""What `impact-kpi werkboek` does: find the gemeenten, decide on the file, write the workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from serving.errors import WrongUseError
from serving.workbook.overview import areas_named
from serving.workbook.read import read_areas, read_facts
from serving.workbook.selection import chosen_areas, file_name, named_areas
from serving.workbook.workbook import make_workbook, save

_ENDING = ".xlsx"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        names: Names or codes, one gemeente each.
        chosen: The gemeenten of the profile instead.
        everything: Also the KPIs that the organisation did not choose.
        target: File or folder to write to; None for a file in the current folder.
        overwrite: Whether a file that is there may go.
    """

    names: Sequence[str]
    chosen: bool
    everything: bool
    target: Path | None
    overwrite: bool


def write_wish(connection: duckdb.DuckDBPyConnection, publications: Path, wish: Wish) -> str:
    """Write the workbook that was asked for; return in Dutch what was written where.

    Args:
        connection: Opened with `open_publication`.
        publications: Folder of the publications, which stays as it is.
        wish: What was asked for.

    Raises:
        WrongUseError: when it is not clear which gemeenten, or the file cannot or may not be written.
        NoPublicationError: when the publication is of a release that has not all that a workbook needs.
    """
    if bool(wish.names) == wish.chosen:
        raise WrongUseError("Noem een of meer gemeenten, of gebruik --gekozen: een van de twee.")
    areas = read_areas(connection)
    codes = chosen_areas(connection, areas) if wish.chosen else named_areas(wish.names, areas)
    facts = read_facts(connection, areas, codes, everything=wish.everything)
    target = _target(wish, publications, file_name(codes, areas, facts.publicatie))
    try:
        save(make_workbook(facts), target)
    except OSError as error:
        raise WrongUseError(f"{target} kan niet worden geschreven: {error.strerror}.") from error
    return f"Werkboek van {areas_named(facts.areas)} geschreven naar {target}"


def _target(wish: Wish, publications: Path, name: str) -> Path:
    wanted = (wish.target or Path()).expanduser().resolve()
    target = wanted / name if wanted.is_dir() else wanted
    if target.suffix.casefold() != _ENDING:
        raise WrongUseError(f"{target} is geen naam voor een werkboek; laat hem eindigen op {_ENDING}.")
    if target.is_relative_to(publications.resolve()):
        raise WrongUseError(f"{target} ligt in de map van de publicaties; die blijft zoals hij is. Kies een andere.")
    if not target.parent.is_dir():
        raise WrongUseError(f"De map {target.parent} is er niet; maak hem eerst, of kies een andere.")
    if target.exists() and not wish.overwrite:
        raise WrongUseError(f"{target} bestaat al. Kies een andere naam met --naar, of gebruik --overschrijf.")
    return target
