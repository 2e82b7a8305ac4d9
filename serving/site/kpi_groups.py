"""The KPIs in force as a reader finds them: per family, and within it per leefgebied or phase of the work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]

_TITLES = {
    "impact": ("Impact", "Hoe de gemeente ervoor staat, uit open statistiek en aangeleverde cijfers."),
    "effect": ("Effect", "Wat deelnemers van de organisatie zelf zeggen; uit de eigen registratie."),
    "bereik": ("Bereik", "Hoeveel mensen de organisatie bereikt naast het aantal mensen om wie het gaat."),
    "professional": (
        "Vragenlijst professionals",
        "Wat professionals van de organisatie zien; uit de eigen registratie.",
    ),
    "activiteit": ("Activiteiten", "Wat de organisatie doet; uit de eigen registratie."),
    "kwaliteit": ("Kwaliteit", "Hoe het werk wordt beoordeeld; uit de eigen registratie."),
}


@dataclass(frozen=True, slots=True)
class Part:
    """The KPIs of one leefgebied or phase.

    Attributes:
        naam: What holds them together; empty when the family has no parts.
        chosen: KPIs that the organisation chose.
        others: The other ones.
    """

    naam: str
    chosen: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Family:
    """The KPIs of one family.

    Attributes:
        code: As in the mart, `impact`.
        naam: For a heading.
        uitleg: One sentence.
        parts: In the order of the model.
    """

    code: str
    naam: str
    uitleg: str
    parts: list[Part]

    @property
    def whole(self) -> Part:
        """Every KPI of the family as one part."""
        chosen = [row for part in self.parts for row in part.chosen]
        return Part("", chosen, [row for part in self.parts for row in part.others])

    @property
    def count(self) -> int:
        """How many KPIs there are."""
        return len(self.whole.chosen) + len(self.whole.others)


def in_force(kpis: Sequence[Row]) -> list[Row]:
    """The version that counts of each KPI, in the order given."""
    return [row for row in kpis if row["geldend"]]


def families(kpis: Sequence[Row]) -> list[Family]:
    """Put the KPIs in force together.

    Args:
        kpis: Rows of table kpi in the order of the model; may carry more columns.
    """
    found: dict[str, dict[str, Part]] = {}
    for row in in_force(kpis):
        naam = _part_name(row)
        part = found.setdefault(row["familie"], {}).setdefault(naam, Part(naam))
        (part.chosen if row["gekozen"] else part.others).append(row)
    return [
        Family(code, *_TITLES.get(code, (code.capitalize(), "")), list(parts.values())) for code, parts in found.items()
    ]


def _part_name(row: Row) -> str:
    if row["leefgebied"]:
        return f"{row['leefgebied']} {row['leefgebied_naam']}"
    return str(row["fase"] or "").capitalize()
