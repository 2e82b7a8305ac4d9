"""A profile in parts: per leefgebied the impact KPIs, and clearly apart what the organisation registered itself."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from serving.site.figures import Figure

# In what order the own registration is shown within a leefgebied; what belongs to none comes after it.
_OWN = ("bereik", "effect", "professional", "activiteit", "kwaliteit")
_OWN_TITLES = {"activiteit": "Activiteiten", "kwaliteit": "Kwaliteit"}
OVERVIEW = ("ongunstiger", "vergelijkbaar", "gunstiger", "hoger", "lager", "niet_vergeleken")


@dataclass(frozen=True, slots=True)
class Kpi:
    """A KPI with all its figures of one area.

    Attributes:
        hoofd: The figure that stands for it.
        groepen: Those of the other uitsplitsingen.
    """

    hoofd: Figure
    groepen: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """KPIs that stand together.

    Attributes:
        anker: Id on the page.
        nummer: Of the leefgebied; None for what belongs to none.
        naam: Heading.
        kpis: What the organisation chose, in the order of the model.
        andere: What it did not choose.
    """

    anker: str
    nummer: int | None
    naam: str
    kpis: tuple[Kpi, ...]
    andere: tuple[Kpi, ...]

    @property
    def met_cijfer(self) -> int:
        """How many of the chosen KPIs have a figure."""
        return sum(1 for kpi in self.kpis if kpi.hoofd.waarde)

    def oordelen(self, benchmark: str) -> Counter[str]:
        """How many of the chosen KPIs have which verdict.

        Args:
            benchmark: nl or buurgroep.
        """
        compared = (getattr(kpi.hoofd, benchmark).oordeel for kpi in self.kpis if kpi.hoofd.waarde)
        return Counter(code for code in compared if code)


def kpis_of(figures: Iterable[Figure], order: Mapping[str, int]) -> list[Kpi]:
    """Put the figures of an area together per KPI.

    Args:
        figures: The one that stands for its KPI before the others.
        order: Place of each KPI in the model.
    """
    in_order = sorted(figures, key=lambda figure: order[figure.kpi_id])
    grouped = (list(found) for _, found in groupby(in_order, key=lambda figure: figure.kpi_id))
    return [Kpi(head, tuple(others)) for head, *others in grouped]


def open_sections(kpis: Sequence[Kpi]) -> list[Section]:
    """Return the leefgebieden with their impact KPIs."""
    impact = [kpi for kpi in kpis if kpi.hoofd.familie == "impact"]
    found = groupby(impact, key=lambda kpi: (kpi.hoofd.leefgebied, kpi.hoofd.leefgebied_naam))
    return [_section(f"leefgebied-{number}", number, name or "", list(some)) for (number, name), some in found]


def own_sections(kpis: Sequence[Kpi]) -> list[Section]:
    """Return what the organisation registered: per leefgebied, then activities and quality."""
    own = sorted(
        (kpi for kpi in kpis if kpi.hoofd.familie != "impact"),
        key=lambda kpi: (kpi.hoofd.leefgebied is None, kpi.hoofd.leefgebied or 0, _OWN.index(kpi.hoofd.familie)),
    )
    return [
        _section(f"eigen-{number or title.lower()}", number, title, list(some))
        for (number, title), some in groupby(own, key=_own_key)
    ]


def _own_key(kpi: Kpi) -> tuple[int | None, str]:
    head = kpi.hoofd
    if head.leefgebied is not None:
        return head.leefgebied, head.leefgebied_naam or ""
    return None, _OWN_TITLES.get(head.familie, head.familie)


def _section(anchor: str, number: int | None, name: str, kpis: Sequence[Kpi]) -> Section:
    return Section(
        anker=anchor,
        nummer=number,
        naam=name,
        kpis=tuple(kpi for kpi in kpis if kpi.hoofd.gekozen),
        andere=tuple(kpi for kpi in kpis if not kpi.hoofd.gekozen),
    )
