"""The profile of one gemeente, of Nederland and of the organisation: all leefgebieden on one page."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import markupsafe

from serving.site.by_area import ByArea, Row
from serving.site.chain import Chains
from serving.site.facts import Facts
from serving.site.figures import Figure, Figures
from serving.site.page import Page
from serving.site.places import gemeente_page
from serving.site.points import Points
from serving.site.sections import OVERVIEW, Kpi, Section, kpis_of, open_sections, own_sections
from serving.site.sparkline import place, sparkline, years_of

_PEERS = "select gemeente_code, buur_code from buurgroep order by gemeente_code, rang"
# Areas beside the gemeenten that have a page once there is a figure of them.
_OTHER = {"onbekend"}


def pages(facts: Facts, connection: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """Return the page of every area, reading the mart once from front to back."""
    order = {row["kpi_id"]: number for number, row in enumerate(facts.kpis) if row["geldend"]}
    figures, points, chains = Figures(connection), Points(connection), Chains(connection)
    peers = ByArea(connection, _PEERS)
    for code in sorted(facts.areas):
        area = facts.areas[code]
        found = kpis_of(figures.take(code), order)
        if not found and area["soort_gebied"] in _OTHER:
            continue
        yield _page(
            area,
            found,
            {
                "punten": points.take(code),
                "ketens": chains.take(code),
                "buren": _named(peers.take(code), facts),
            },
        )


def _page(area: Mapping[str, Any], kpis: Sequence[Kpi], beside: Mapping[str, Any]) -> Page:
    sections, own = open_sections(kpis), own_sections(kpis)
    content = {
        "gebied": area,
        "is_gemeente": area["soort_gebied"] == "gemeente",
        "gebieden": sections,
        "eigen": own,
        "gedeeld": _shared(own),
        "bronnen": _sources(sections),
        "overzicht": OVERVIEW,
        "jaren": _years(kpis, impact=True),
        "eigen_jaren": _years(kpis, impact=False),
        "lijn": _line,
        "plek": _place,
        **beside,
    }
    return Page(
        path=gemeente_page(area["gemeente_code"]),
        template="gemeente.html.jinja",
        title=area["gemeente_naam"],
        content=content,
        scripts=("assets/gemeente.js",),
        styles=("assets/gemeente.css",),
    )


def _named(rows: Sequence[Row], facts: Facts) -> list[tuple[str, str]]:
    """Code and name of the gemeenten that are like this one, the nearest first."""
    codes = [row["buur_code"] for row in rows]
    return [(code, facts.areas[code]["gemeente_naam"]) for code in codes if code in facts.areas]


def _years(kpis: Sequence[Kpi], *, impact: bool) -> tuple[int, int] | None:
    """The years of every line of a part of the page, so that lines under each other can be compared."""
    some = (kpi for kpi in kpis if (kpi.hoofd.familie == "impact") == impact)
    return years_of(figure.reeks for kpi in some for figure in (kpi.hoofd, *kpi.groepen))


def _shared(own: Sequence[Section]) -> list[str]:
    """What goes for most of the own registration: said once, and not with every figure."""
    heads = [kpi.hoofd for section in own for kpi in (*section.kpis, *section.andere) if kpi.hoofd.waarde]
    most = (Counter(filter(None, said)).most_common(1) for said in ((f.bron for f in heads), (f.trend for f in heads)))
    return [text for found in most for text, _ in found]


def _sources(sections: Sequence[Section]) -> dict[str, list[str]]:
    """The attributions of the figures that are printed, each with its KPIs: on paper nothing can be unfolded."""
    found: dict[str, list[str]] = {}
    for kpi in (kpi for section in sections for kpi in section.kpis):
        if kpi.hoofd.waarde and kpi.hoofd.bron:
            found.setdefault(kpi.hoofd.bron.removeprefix("Bron: "), []).append(kpi.hoofd.kpi_id)
    return found


def _line(figure: Figure, years: tuple[int, int] | None) -> markupsafe.Markup:
    return sparkline(figure.reeks, figure.reeks_zin, years)


def _place(figure: Figure) -> markupsafe.Markup:
    return place(figure.positie)
