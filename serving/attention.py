"""The aandachtspunten of one gemeente for the terminal, with what goes well beside them.

Reads the table `aandachtspunten`, in its own order; what is a point, and on what ground, was decided in the mart.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, TextIO

import duckdb
from rich.console import Console
from rich.text import Text

from serving.columns import columns_of
from serving.errors import NoPublicationError
from serving.gemeenten import find_gemeente
from serving.points import ground_of, remarks, sentence
from serving.publication import Publication, read_rows
from serving.render import screen
from serving.words import GROUND, POINT, POINTS_HEAD

Row = Mapping[str, Any]

_AREAS = "select gemeente_code, gemeente_naam from gemeente where soort_gebied in ('gemeente', 'organisatie')"
_POINTS = """
select aandachtspunten.*, kpi.label, kpi.gekozen, kpi.soort, kpi.kanttekening
from aandachtspunten inner join kpi using (kpi_id, model_versie)
where gemeente_code = ?
order by leefgebied nulls last, split_part(kpi_id, ' ', 1),
    try_cast(split_part(kpi_id, ' ', 2) as integer) nulls last, kpi_id, uitsplitsing
"""


def show_points(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication,
    wanted: str,
    file: TextIO,
    *,
    everything: bool = False,
) -> None:
    """Write the aandachtspunten of a gemeente, and what is favourable beside them.

    Args:
        connection: Opened with `open_publication`.
        publication: For the warning that belongs with its kind of data.
        wanted: Name or code as the user typed it.
        file: Where to write.
        everything: Also the KPIs that the organisation did not choose.

    Raises:
        WrongUseError: when no gemeente or more than one has that name.
        NoPublicationError: when the publication is of a release that had no aandachtspunten.
    """
    if not columns_of(connection, "aandachtspunten"):
        raise NoPublicationError("Deze publicatie heeft nog geen aandachtspunten. Draai impact-kpi refresh.")
    names = {row["gemeente_code"]: row["gemeente_naam"] for row in read_rows(connection, _AREAS)}
    code = find_gemeente(wanted, names)
    found = read_rows(connection, _POINTS, [code])
    rows = [row for row in found if everything or row["gekozen"]]
    console = screen(file)
    console.print(Text(f"Aandachtspunten van {names[code]} ({code}): {POINTS_HEAD}", style="bold"))
    if publication.notice:
        console.print(Text(publication.notice, style="yellow"))
    if len(rows) < len(found):
        console.print(Text(f"Van KPI's buiten uw profiel zijn er nog {len(found) - len(rows)}; --alles toont ze."))
    for soort, title in POINT.items():
        _write_kind(console, title, [row for row in rows if row["soort_punt"] == soort])


def _write_kind(console: Console, title: str, rows: list[dict[str, Any]]) -> None:
    console.print(Text(f"\n{title}", style="bold underline"))
    if not rows:
        console.print(Text("Geen."))
    for ground, why in GROUND.items():
        some = [row for row in rows if ground_of(row) == ground]
        if some:
            console.print(Text(f"\n{why}", style="italic"))
            _write_points(console, some)


def _write_points(console: Console, rows: Iterable[Row]) -> None:
    for (number, name), points in groupby(rows, key=lambda row: (row["leefgebied"], row["leefgebied_naam"])):
        console.print(Text(f"{number} {name}" if number else "Activiteiten en kwaliteit", style="bold"))
        for row in points:
            console.print(Text(f"{row['kpi_id']}  {sentence(row)}"))
            for remark in filter(None, (*remarks(row), row["bronvermelding"])):
                console.print(Text(f"    {remark}", style="dim"))
