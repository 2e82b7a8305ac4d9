"""The texts that go with a publication: whose data it is (LICENTIES.md) and how to open it (LEESMIJ.txt). In Dutch.

The licences come from the published table `bron`, so they hold for exactly the editions in this publication.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from serving.assemble import DATABASE, PARQUET, Stamp, parquet_path, parquet_source
from serving.errors import PublicationError

LICENCES = "LICENTIES.md"
README = "LEESMIJ.txt"
_WITH_SITE = (
    ("site/", "de cijfers om te bekijken: open site/index.html in een browser (er is geen server voor nodig)"),
    (
        "werkboek/",
        "werkboeken voor Excel of LibreOffice, van gemeenten met eigen cijfers; zonder die is deze map er niet",
    ),
    ("csv/", "dezelfde tabellen als tekst, met puntkomma's en komma's zoals Excel ze hier verwacht"),
)
_WITH_MAP = (("kaart/", "de gemeentegrenzen die op de kaarten staan (GeoJSON)"),)
_COLUMNS = ("bron_id", "titel", "editie", "licentie", "bronvermelding")


@dataclass(frozen=True, slots=True)
class _Source:
    bron_id: str
    titel: str
    editie: str
    licentie: str
    bronvermelding: str


def write_texts(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    stamp: Stamp,
    *,
    has_site: bool = False,
    has_map: bool = False,
) -> None:
    """Write LICENTIES.md and LEESMIJ.txt into a publication that is being built.

    Args:
        connection: Any connection of DuckDB.
        folder: Folder of the publication, with its Parquet files.
        stamp: What the publication says of itself.
        has_site: Whether the site, the workbooks and the CSV files go with it.
        has_map: Whether the boundaries of the gemeenten do.

    Raises:
        PublicationError: when the table `bron` is not published, or a source in use has no licence or attribution.
    """
    sources = _read_sources(connection, folder)
    (folder / LICENCES).write_text(_licences(sources, stamp), encoding="utf-8")
    (folder / README).write_text(_readme(stamp, _for_people(has_site=has_site, has_map=has_map)), encoding="utf-8")


def _read_sources(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[_Source]:
    if not parquet_path(folder, "bron").exists():
        raise PublicationError(
            "table bron is not among the published tables: without it the licences of the sources cannot be given "
            "along; add it to exposure kpi_mart"
        )
    names = ", ".join(_COLUMNS)
    try:
        rows = connection.execute(
            f"select {names} from {parquet_source(folder, 'bron')} where editie is not null order by bron_id"
        ).fetchall()
    except duckdb.Error as error:
        raise PublicationError(f"table bron lacks what the licences need ({names}): {error}") from error
    sources = [_Source(*("" if value is None else str(value) for value in row)) for row in rows]
    bare = [source.bron_id for source in sources if not (source.licentie and source.bronvermelding)]
    if bare:
        raise PublicationError(
            f"no licence or attribution for {', '.join(bare)}: fill licentie and bronvermelding in the registry's "
            f"source_table.csv; figures may not be handed on without"
        )
    return sources


def _licences(sources: Sequence[_Source], stamp: Stamp) -> str:
    lines = [
        f"# Licenties van de bronnen in publicatie {stamp.publicatie_id}",
        "",
        *([f"**{stamp.notice}**", ""] if stamp.notice else []),
        *_introduction(stamp),
        "",
    ]
    for licence in sorted({source.licentie for source in sources}):
        lines += [f"## {licence}", "", "| bron | tabel | editie | bronvermelding |", "|---|---|---|---|"]
        lines += [
            f"| {_cell(source.bron_id)} | {_cell(source.titel)} | {_cell(source.editie)} "
            f"| {_cell(source.bronvermelding)} |"
            for source in sources
            if source.licentie == licence
        ]
        lines.append("")
    if not sources:
        lines += ["In deze publicatie staat geen enkele bron met cijfers.", ""]
    return "\n".join(lines)


def _introduction(stamp: Stamp) -> list[str]:
    if stamp.soort == "demo":
        return [
            "De cijfers in deze publicatie zijn verzonnen en dus van geen enkele bron. Hieronder staat hoe de bronnen",
            "worden genoemd bij echte cijfers.",
        ]
    return [
        "Wie cijfers uit deze publicatie doorgeeft, noemt de bron zoals hieronder staat, en vermeldt dat de cijfers",
        "door Impact-KPI zijn bewerkt (samengevoegd, omgerekend naar de huidige gemeente-indeling). De software zelf",
        "valt onder EUPL-1.2; dat geldt niet voor de cijfers.",
    ]


def _for_people(*, has_site: bool, has_map: bool) -> str:
    """One line for each thing beside the tables, in the order in which people want them."""
    names = [*(_WITH_SITE if has_site else ()), *(_WITH_MAP if has_map else ())]
    return "".join(f"{name:<22}{words}\n" for name, words in names)


def _readme(stamp: Stamp, for_people: str) -> str:
    notice = f"{stamp.notice}\n\n" if stamp.notice else ""
    return f"""Impact-KPI, publicatie {stamp.publicatie_id}

{notice}In deze map staat de KPI-mart per gemeente. Alle bestanden zijn alleen-lezen en veranderen nooit meer;
een nieuwe publicatie krijgt een nieuwe map. De snelkoppeling 'actueel' naast deze map wijst altijd naar de nieuwste.

{for_people}{DATABASE:<22}alle tabellen in een DuckDB-bestand (te openen met DuckDB 1.1 en nieuwer)
{PARQUET + "/":<22}dezelfde tabellen, een Parquet-bestand per tabel
{LICENCES:<22}licentie en bronvermelding per bron
manifest.json         hoe deze publicatie is gemaakt: run, edities van de bronnen, aantallen rijen, controlegetallen
bouw.json             waarmee zij opnieuw te bouwen is, om na te gaan waar een cijfer vandaan komt (impact-kpi herbouw)

Open het DuckDB-bestand alleen-lezen:
  Python      duckdb.connect("{DATABASE}", read_only=True)
  DBeaver     bij de verbinding: access_mode = READ_ONLY (in DBeaver zelf niet beproefd)
  opdracht    impact-kpi query "select * from kpi_gemeente limit 10"

Begin met de tabel kpi_gemeente: per KPI en gemeente het nieuwste cijfer, met eenheid, periode, status en bron.
De betekenis van elke tabel en kolom staat als commentaar in het DuckDB-bestand.
De cijfers zijn signalen om te bespreken, geen oordeel.
"""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())
