"""Everything a workbook says, read from the published tables in one go; nothing is computed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from serving.columns import columns_of
from serving.errors import NoPublicationError
from serving.newest import NEWEST
from serving.publication import read_rows

Row = Mapping[str, Any]
COUNTRY = "NL"

_NEEDED = (
    ("aandachtspunten", "gemeente_code"),
    ("buurgroep", "buur_code"),
    ("kpi", "gekozen"),
    ("kpi_gemeente", "oordeel"),
    ("kpi_trend", "van_periode"),
    ("kpi_vergelijking", "verschil"),
    ("gemeente", "gekozen"),
)
_AREAS = """
select * from gemeente where soort_gebied in ('gemeente', 'land', 'organisatie') order by gemeente_naam, gemeente_code
"""
_FIRST_OF_FAMILY = "array_position(['impact', 'effect', 'bereik', 'professional', 'activiteit', 'kwaliteit'], familie)"
_MODEL_ORDER = """
leefgebied nulls last, split_part(kpi_id, ' ', 1), try_cast(split_part(kpi_id, ' ', 2) as integer) nulls last, kpi_id
"""
_KPIS = f"""
select kpi.*, kpi_dekking.status as dekking, kpi_dekking.reden as dekking_reden
from kpi left join kpi_dekking using (kpi_id, model_versie)
where geldend and (gekozen or ?)
order by {_FIRST_OF_FAMILY}, {_MODEL_ORDER}
"""
_COUNT = "select count(*) filter (where gekozen), count(*) from kpi where geldend"
_FIGURES = f"""
select *
from ({NEWEST})
where list_contains(?, gemeente_code) and (kpi_gekozen or ?)
order by
    {_FIRST_OF_FAMILY}, {_MODEL_ORDER}, hoofduitsplitsing desc, if(hoofduitsplitsing, '', uitsplitsing),
    list_position(?, gemeente_code), uitsplitsing
"""
# Counts stand beside those of Nederland per 1.000 inwoners only: as the mart compared them.
_SERIES = """
select kpi_waarde.*, kpi_vergelijking.vergelijkingswaarde, kpi_vergelijking.vergelijkingseenheid
from kpi_waarde
inner join kpi using (kpi_id, model_versie)
left join kpi_vergelijking
    on kpi_vergelijking.benchmark_type = 'nl' and kpi_vergelijking.kpi_id = kpi_waarde.kpi_id
    and kpi_vergelijking.model_versie = kpi_waarde.model_versie
    and kpi_vergelijking.uitsplitsing = kpi_waarde.uitsplitsing
    and kpi_vergelijking.gemeente_code = kpi_waarde.gemeente_code
    and kpi_vergelijking.periode = kpi_waarde.periode and kpi_vergelijking.variant = kpi_waarde.variant
where kpi_waarde.hoofdreeks and geldend and (gekozen or ?) and list_contains(?, kpi_waarde.gemeente_code)
order by kpi_waarde.jaar, kpi_waarde.periode
"""
_POINTS = f"""
select aandachtspunten.*, kpi.label, kpi.soort, kpi.kanttekening
from aandachtspunten inner join kpi using (kpi_id, model_versie)
where (gekozen or ?) and list_contains(?, gemeente_code)
order by list_position(?, gemeente_code), {_MODEL_ORDER}, uitsplitsing
"""
_SOURCES = "select * from bron where list_contains(?, bron_id) order by bron_id"
_NEIGHBOURS = """
select buurgroep.gemeente_code, gemeente_naam
from buurgroep inner join gemeente on gemeente.gemeente_code = buurgroep.buur_code
where list_contains(?, buurgroep.gemeente_code)
order by gemeente_naam
"""

SeriesKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a workbook says.

    Attributes:
        publicatie: The row of table publicatie.
        areas: Rows of table gemeente, of the areas of the workbook, in the order asked for.
        country: The row of table gemeente of Nederland, to lay beside the others; None when Nederland is one of them,
            or when there are only own figures.
        figures: Rows of kpi_gemeente in the order of the model, with the comparison with Nederland (`nl_...`) and with
            the buurgroep (`buurgroep_...`); also those of Nederland itself.
        series: Rows of the main series of kpi_waarde in order of time, with the figure as it was compared with
            Nederland, by KPI, uitsplitsing and area.
        points: Rows of aandachtspunten, as `serving.points` needs them.
        kpis: Rows of table kpi, of the KPIs in the workbook, with their coverage.
        sources: Rows of table bron, of the sources that the figures come from.
        neighbours: Names of the gemeenten of the buurgroep, by code.
        chosen: How many KPIs the organisation chose, and how many there are.
        everything: Whether the KPIs that it did not choose are there as well.
    """

    publicatie: Row
    areas: Sequence[Row]
    country: Row | None
    figures: Sequence[Row]
    series: Mapping[SeriesKey, Sequence[Row]]
    points: Sequence[Row]
    kpis: Sequence[Row]
    sources: Sequence[Row]
    neighbours: Mapping[str, Sequence[str]]
    chosen: tuple[int, int]
    everything: bool

    @property
    def notice(self) -> str | None:
        """Dutch warning that belongs beside every figure, if any."""
        notice: str | None = self.publicatie["melding"]
        return notice

    @property
    def codes(self) -> list[str]:
        """Codes of the areas of the workbook."""
        return [row["gemeente_code"] for row in self.areas]

    @property
    def open_figures(self) -> list[Row]:
        """Open statistics of the areas of the workbook."""
        return [row for row in self.figures if row["familie"] == "impact" and row["gemeente_code"] in self.codes]

    @property
    def own_figures(self) -> list[Row]:
        """What the organisation registered in the areas of the workbook."""
        return [row for row in self.figures if row["familie"] != "impact" and row["gemeente_code"] in self.codes]


def read_areas(connection: duckdb.DuckDBPyConnection) -> dict[str, Row]:
    """Return every area that a workbook can be made of, by code.

    Raises:
        NoPublicationError: when the publication is of a release that has not all that a workbook needs.
    """
    if any(column not in columns_of(connection, table) for table, column in _NEEDED):
        raise NoPublicationError(
            "Deze publicatie is van een oudere versie en heeft niet alles voor een werkboek. Draai impact-kpi refresh."
        )
    return {row["gemeente_code"]: row for row in read_rows(connection, _AREAS)}


def read_facts(
    connection: duckdb.DuckDBPyConnection, areas: Mapping[str, Row], codes: Sequence[str], *, everything: bool
) -> Facts:
    """Read what a workbook says.

    Args:
        connection: Opened with `open_publication`.
        areas: From `read_areas`.
        codes: The areas of the workbook.
        everything: Also the KPIs that the organisation did not choose.
    """
    country = areas.get(COUNTRY) if _has_open_figures(areas, codes) else None
    wanted = [*codes, *([COUNTRY] if country else [])]
    figures = read_rows(connection, _FIGURES, [wanted, everything, wanted])
    series: dict[SeriesKey, list[Row]] = {}
    for row in read_rows(connection, _SERIES, [everything, wanted]):
        series.setdefault((row["kpi_id"], row["uitsplitsing"], row["gemeente_code"]), []).append(row)
    used = {row["kpi_id"] for row in figures if row["familie"] == "impact" or row["gemeente_code"] in codes}
    chosen, total = connection.execute(_COUNT).fetchall()[0]
    return Facts(
        publicatie=read_rows(connection, "select * from publicatie")[0],
        areas=[areas[code] for code in codes],
        country=country,
        figures=figures,
        series=series,
        points=read_rows(connection, _POINTS, [everything, list(codes), list(codes)]),
        kpis=[row for row in read_rows(connection, _KPIS, [everything]) if row["kpi_id"] in used],
        sources=read_rows(connection, _SOURCES, [_sources_of(figures, series)]),
        neighbours=_neighbours(connection, codes),
        chosen=(chosen, total),
        everything=everything,
    )


def _has_open_figures(areas: Mapping[str, Row], codes: Sequence[str]) -> bool:
    """Whether Nederland belongs beside these areas: it has no own figures, the organisation only those."""
    return COUNTRY not in codes and any(areas[code]["soort_gebied"] != "organisatie" for code in codes)


def _sources_of(figures: Sequence[Row], series: Mapping[SeriesKey, Sequence[Row]]) -> list[str]:
    found = {row["bron_id"] for row in figures}
    for rows in series.values():
        found.update(row[column] for row in rows for column in ("bron_id", "noemer_bron_id"))
    return sorted(found - {None})


def _neighbours(connection: duckdb.DuckDBPyConnection, codes: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in read_rows(connection, _NEIGHBOURS, [list(codes)]):
        found.setdefault(row["gemeente_code"], []).append(row["gemeente_naam"])
    return found
